import { useTranslation } from "react-i18next";
import { EVIDENCE, EvidenceFields } from "~/parts/Evidence";
import { WordsField } from "~/parts/Fields";
import type { Step } from "./steps";

/** The fields that a refusal of a step may name. */
export const STEP_FIELDS: readonly string[] = ["note", "reason", "percent", ...EVIDENCE];

interface Props {
  step: Step;
  /** What the input calls the words; null where it takes none. */
  words: "note" | "reason" | null;
  /** Whether documents may be given, or must. */
  documents: "none" | "optional" | "required";
}

/** What a department says with a step: why it is declined, how far the work is, what shows that it is done. */
export function StepFields({ step, words, documents }: Props) {
  const { t } = useTranslation("department");
  const label = { decline: "field.reason", progress: "field.progressNote" }[step as "decline" | "progress"] ?? "field.note";
  return (
    <>
      {words && (
        <WordsField
          name={words}
          label={t(label)}
          help={step === "decline" ? t("field.reasonHelp") : undefined}
          required={step !== "complete"}
          rows={4}
          maxLength={2000}
        />
      )}
      {step === "progress" && <WordsField name="percent" label={t("field.percent")} type="number" />}
      {documents !== "none" && <EvidenceFields required={documents === "required"} />}
    </>
  );
}
