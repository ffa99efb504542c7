import { useTranslation } from "react-i18next";
import { moment } from "~/i18n/format";
import { useNames } from "~/i18n/names";
import { Section } from "~/parts/Page";

interface Entry {
  id: string;
  at: string;
  actorRole: string;
  summary: string;
}

/** What was done, the latest first (全程留痕). */
export function Story({ trace }: { trace: readonly Entry[] }) {
  const { t } = useTranslation("cadre");
  const name = useNames();
  return (
    <Section title={t("story.title")}>
      <ol className="timeline">
        {trace.toReversed().map(({ id, at, actorRole, summary }) => (
          <li key={id}>
            <time dateTime={at}>{moment(at)}</time>
            <p>{summary}</p>
            <p className="soft small">{actorRole === "SYSTEM" ? t("story.system") : name("Role", actorRole)}</p>
          </li>
        ))}
      </ol>
    </Section>
  );
}
