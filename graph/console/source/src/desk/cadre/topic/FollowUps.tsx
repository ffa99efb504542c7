import { useState } from "react";
import { Label, Radio, RadioGroup } from "react-aria-components";
import { useTranslation } from "react-i18next";
import { RecordFollowUpDocument, type FollowUpChannel, type ParticipantRole } from "~generated/graphql";
import { moment } from "~/i18n/format";
import { useChoices, useNames } from "~/i18n/names";
import { ActDialog } from "~/parts/ActDialog";
import { ChoiceField, FieldFault, WordsField } from "~/parts/Fields";
import { needed, words } from "~/parts/filled";
import { Section } from "~/parts/Page";
import type { Topic } from "./Topic";

const SCORES = [5, 4, 3, 2, 1] as const;

/** What people say of the fix when they are asked. */
export function FollowUps({ topic }: { topic: Topic }) {
  const { t } = useTranslation("cadre");
  const name = useNames();
  return (
    <Section title={t("followUps.title")}>
      {topic.followUps.length === 0 && <p className="empty">{t("followUps.empty")}</p>}
      <ul className="things">
        {topic.followUps.map((each) => (
          <li key={each.id}>
            <p>
              <strong>{t("followUps.score", { score: each.score })}</strong> {each.comment}
            </p>
            <p className="line">
              <span className={`tag ${each.confirmsFix ? "done" : "wrong"}`}>{t(each.confirmsFix ? "followUps.fixed" : "followUps.notFixed")}</span>
              <span>{[name("ParticipantRole", each.role), each.respondent].filter(Boolean).join(" · ")}</span>
              <span>{name("FollowUpChannel", each.channel)}</span>
              <span>{moment(each.at)}</span>
            </p>
          </li>
        ))}
      </ul>
    </Section>
  );
}

/** Records what somebody said whom staff asked. */
export function RecordFollowUp({ topic }: { topic: Topic }) {
  const { t } = useTranslation("cadre");
  const choices = useChoices();
  return (
    <ActDialog
      act={t("topic.act.followUp")}
      wide
      document={RecordFollowUpDocument}
      fields={["respondent", "role", "channel", "score", "confirmsFix", "comment"]}
      input={(filled) => ({
        topic: topic.id,
        role: needed(filled, "role") as ParticipantRole,
        channel: needed(filled, "channel") as FollowUpChannel,
        respondent: words(filled, "respondent"),
        score: Number(filled.get("score")),
        confirmsFix: filled.get("confirmsFix") === "yes",
        comment: words(filled, "comment"),
      })}
      done={t("topic.done.followUp")}
    >
      <p>{t("followUps.what")}</p>
      <div className="fields">
        <WordsField name="respondent" label={t("followUps.respondent")} help={t("followUps.respondentHelp")} required maxLength={100} />
        <ChoiceField name="role" label={t("followUps.role")} required options={choices("ParticipantRole")} defaultValue="RESIDENT" />
        <ChoiceField
          name="channel"
          label={t("followUps.channel")}
          required
          options={choices("FollowUpChannel").filter(({ id }) => id !== "ONLINE")}
          defaultValue="TELEPHONE"
        />
      </div>
      <Choose name="score" label={t("followUps.satisfaction")} options={SCORES.map((score) => ({ id: String(score), name: t(`followUps.scores.${score}`) }))} />
      <Choose
        name="confirmsFix"
        label={t("followUps.isFixed")}
        options={[
          { id: "yes", name: t("followUps.fixed") },
          { id: "no", name: t("followUps.notFixed") },
        ]}
      />
      <WordsField name="comment" label={t("followUps.comment")} rows={3} maxLength={2000} />
    </ActDialog>
  );
}

function Choose({ name, label, options }: { name: string; label: string; options: readonly { id: string; name: string }[] }) {
  const [value, setValue] = useState("");
  return (
    <RadioGroup className="field" name={name} value={value} onChange={setValue} isRequired>
      <Label>{label}</Label>
      <div className="choices">
        {options.map((option) => (
          <Radio key={option.id} value={option.id} className="choice">
            {option.name}
          </Radio>
        ))}
      </div>
      <FieldFault />
    </RadioGroup>
  );
}
