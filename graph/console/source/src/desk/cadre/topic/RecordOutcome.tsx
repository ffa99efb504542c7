import { useTranslation } from "react-i18next";
import { RecordOutcomeDocument } from "~generated/graphql";
import { day, today } from "~/i18n/format";
import { ActDialog } from "~/parts/ActDialog";
import { ChoiceField, WordsField } from "~/parts/Fields";
import { needed, words } from "~/parts/filled";
import type { Topic } from "./Topic";

/** Records what the parties agreed on. */
export function RecordOutcome({ topic }: { topic: Topic }) {
  const { t } = useTranslation("cadre");
  const held = (topic.sessions?.nodes ?? []).filter(({ status }) => status === "HELD");
  return (
    <ActDialog
      act={t("topic.act.outcome")}
      look={topic.outcomes.length === 0 ? "primary" : "plain"}
      wide
      document={RecordOutcomeDocument}
      fields={["agreement", "session", "reachedOn"]}
      version={topic.version}
      input={(filled, expectedVersion) => ({
        topic: topic.id,
        agreement: needed(filled, "agreement"),
        session: words(filled, "session"),
        reachedOn: words(filled, "reachedOn"),
        expectedVersion,
      })}
      done={t("topic.done.outcome")}
    >
      <WordsField name="agreement" label={t("outcome.agreement")} help={t("outcome.agreementHelp")} required rows={6} maxLength={10_000} />
      <div className="fields">
        {held.length > 0 && (
          <ChoiceField
            name="session"
            label={t("outcome.session")}
            options={held.map(({ id, heldAt, scheduledAt, venue }) => ({ id, name: `${day(heldAt ?? scheduledAt)} ${venue}` }))}
            defaultValue={held.at(-1)?.id}
          />
        )}
        <WordsField name="reachedOn" label={t("outcome.reachedOn")} type="date" defaultValue={today()} />
      </div>
    </ActDialog>
  );
}
