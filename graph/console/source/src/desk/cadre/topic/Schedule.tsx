import { Checkbox, CheckboxGroup, Label } from "react-aria-components";
import { useTranslation } from "react-i18next";
import { ScheduleSessionDocument, ScheduleWithDocument, type SessionForm } from "~generated/graphql";
import { useAsk } from "~/api/ask";
import { useChoices } from "~/i18n/names";
import { ActDialog } from "~/parts/ActDialog";
import { ChoiceField, WordsField } from "~/parts/Fields";
import { instant, needed, words } from "~/parts/filled";
import type { Topic } from "./Topic";

/** Puts a session in the calendar that takes the topic, and others of its platform if they are to be taken with it. */
export function Schedule({ topic, first }: { topic: Topic; first: boolean }) {
  const { t } = useTranslation("cadre");
  const choices = useChoices();
  return (
    <ActDialog
      act={t("topic.act.schedule")}
      look={first ? "primary" : "plain"}
      wide
      document={ScheduleSessionDocument}
      fields={["scheduledAt", "venue", "form", "convener", "topics"]}
      input={(filled) => ({
        platform: topic.platform.id,
        topics: [topic.id, ...filled.getAll("topics").map(String)],
        scheduledAt: instant(filled, "scheduledAt") ?? "",
        venue: needed(filled, "venue"),
        form: needed(filled, "form") as SessionForm,
        convener: words(filled, "convener"),
      })}
      done={t("topic.done.schedule")}
    >
      <div className="fields">
        <WordsField name="scheduledAt" label={t("session.at")} type="datetime-local" required />
        <ChoiceField name="form" label={t("session.form")} required options={choices("SessionForm")} defaultValue="ON_SITE" />
      </div>
      <WordsField name="venue" label={t("session.venue")} required maxLength={200} />
      <WordsField name="convener" label={t("session.convener")} maxLength={100} />
      <OtherTopics topic={topic} />
    </ActDialog>
  );
}

function OtherTopics({ topic }: { topic: Topic }) {
  const { t } = useTranslation("cadre");
  const { data } = useAsk(ScheduleWithDocument, { platform: topic.platform.id });
  const others = data?.topics?.nodes.filter(({ id }) => id !== topic.id) ?? [];
  if (others.length === 0) {
    return null;
  }
  return (
    <CheckboxGroup name="topics" className="field">
      <Label>{t("session.otherTopics")}</Label>
      <div className="scroll">
        {others.map(({ id, number, title }) => (
          <Checkbox key={id} value={id} className="check">
            <span className="check-box" aria-hidden="true" />
            <span>
              {title} <span className="soft small">{number}</span>
            </span>
          </Checkbox>
        ))}
      </div>
    </CheckboxGroup>
  );
}
