import { useTranslation } from "react-i18next";
import { ResolveTopicDocument } from "~generated/graphql";
import { ActDialog } from "~/parts/ActDialog";
import { EVIDENCE, EvidenceFields, evidenceOf } from "~/parts/Evidence";
import { WordsField } from "~/parts/Fields";
import { needed } from "~/parts/filled";
import { commitmentsOf, unsettled } from "./standing";
import type { Topic } from "./Topic";

/** States in which nobody has anything left to do, staff neither. */
const SETTLED: ReadonlySet<string> = new Set(["VERIFIED", "WITHDRAWN"]);

/** Calls a topic resolved, with evidence; for what is still open it says why. */
export function Resolve({ topic }: { topic: Topic }) {
  const { t } = useTranslation("cadre");
  const open = unsettled(topic);
  return (
    <ActDialog
      act={t("topic.act.resolve")}
      look={commitmentsOf(topic).length > 0 && commitmentsOf(topic).every(({ status }) => SETTLED.has(status)) ? "primary" : "plain"}
      wide
      document={ResolveTopicDocument}
      fields={["summary", ...EVIDENCE]}
      version={topic.version}
      input={(filled, expectedVersion) => ({
        topic: topic.id,
        summary: needed(filled, "summary"),
        evidence: evidenceOf(filled),
        openCommitments: open.map(({ id }) => ({ commitment: id, reason: needed(filled, `open.${id}`) })),
        expectedVersion,
      })}
      done={t("topic.done.resolve")}
    >
      <p>{t("resolve.what")}</p>
      <WordsField name="summary" label={t("resolve.summary")} required rows={4} maxLength={5000} />
      <EvidenceFields />
      {open.length > 0 && (
        <fieldset className="rows">
          <legend>{t("resolve.open")}</legend>
          <p className="soft small">{t("resolve.openWhat")}</p>
          {open.map(({ id, task }) => (
            <WordsField key={id} name={`open.${id}`} label={t("resolve.openReason", { task })} required maxLength={300} />
          ))}
        </fieldset>
      )}
    </ActDialog>
  );
}
