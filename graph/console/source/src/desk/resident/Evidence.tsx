import { useTranslation } from "react-i18next";
import type { ShownFragment } from "~generated/graphql";

/** What shows that something was done: a link where its address is one of the web, else its words. */
export function Evidence({ evidence }: { evidence: readonly ShownFragment[] }) {
  const { t } = useTranslation("resident");
  if (evidence.length === 0) {
    return null;
  }
  return (
    <ul className="evidence" aria-label={t("evidence.label")}>
      {evidence.map(({ id, url, note }) => (
        <li key={id}>
          {/^https?:\/\//i.test(url) ? (
            <a href={url} target="_blank" rel="noreferrer">
              {note ?? t("evidence.open")}
            </a>
          ) : (
            (note ?? t("evidence.withheld"))
          )}
        </li>
      ))}
    </ul>
  );
}
