import { useTranslation } from "react-i18next";
import type { EvidenceLinkFragment } from "~generated/graphql";

const ADDRESS = /^https?:\/\//;

/** What shows something: links to documents that are kept elsewhere. One that was withheld has no address. */
export function EvidenceList({ evidence }: { evidence: readonly EvidenceLinkFragment[] }) {
  const { t } = useTranslation("hall");
  if (evidence.length === 0) {
    return null;
  }
  return (
    <ul className="evidence">
      {evidence.map(({ id, url, note, sha256 }) => (
        <li key={id} title={sha256 ? `SHA-256 ${sha256}` : undefined}>
          {ADDRESS.test(url) ? (
            <a href={url} rel="noreferrer external">
              {note ?? t("evidence.document")}
            </a>
          ) : (
            (note ?? t("evidence.withheld"))
          )}
        </li>
      ))}
    </ul>
  );
}
