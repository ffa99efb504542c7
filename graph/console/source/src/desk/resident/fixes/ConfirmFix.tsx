import { useState, type FormEvent } from "react";
import { Form } from "react-aria-components";
import { useTranslation } from "react-i18next";
import { JudgeFixDocument, type ParticipantRole, type JudgeFixMutation } from "~generated/graphql";
import { useAct } from "~/api/act";
import { day } from "~/i18n/format";
import { useNames } from "~/i18n/names";
import { announce } from "~/parts/Announcer";
import { Problems } from "~/parts/Confirm";
import { WordsField } from "~/parts/Fields";
import { Notice } from "~/parts/Notice";
import { Section } from "~/parts/Page";
import { ChoicesField } from "../ChoicesField";
import { Warnings } from "../Warnings";

const PARTS: readonly ParticipantRole[] = ["RESIDENT", "STAKEHOLDER"];
const SCORES = ["5", "4", "3", "2", "1"] as const;
const FIELDS = ["confirmsFix", "score", "comment", "role"];

type Given = JudgeFixMutation["recordFollowUp"];

/** How somebody finds a fix, in their own words: whether it holds, and how content they are. */
export function ConfirmFix({ topic }: { topic: { id: string; confirmedFixedAt?: string | null } }) {
  const { t } = useTranslation("resident");
  const [given, setGiven] = useState<Given | null>(null);
  const [open, setOpen] = useState(!topic.confirmedFixedAt);
  function again() {
    setGiven(null);
    setOpen(true);
  }
  if (given === null && !open) {
    return (
      <Section title={t("fix.title")}>
        <Notice kind="done" title={t("fix.confirmed", { day: day(topic.confirmedFixedAt ?? "") })}>
          <button type="button" className="button" onClick={() => setOpen(true)}>
            {t("fix.mine")}
          </button>
        </Notice>
      </Section>
    );
  }
  return (
    <Section title={t("fix.title")} className="confirm-fix">
      {given === null ? (
        <AnswerForm topic={topic.id} onGiven={setGiven} />
      ) : (
        <Notice kind="done" title={t(given.followUp?.confirmsFix ? "fix.given.holds" : "fix.given.fails")}>
          <Warnings warnings={given.warnings} />
          <button type="button" className="button" onClick={again}>
            {t("fix.again")}
          </button>
        </Notice>
      )}
    </Section>
  );
}

function AnswerForm({ topic, onGiven }: { topic: string; onGiven: (given: Given) => void }) {
  const { t } = useTranslation("resident");
  const name = useNames();
  const act = useAct(JudgeFixDocument, FIELDS);
  const [holds, setHolds] = useState<string | null>(null);
  const [score, setScore] = useState<string | null>(null);
  const [comment, setComment] = useState("");
  const [role, setRole] = useState<string>("RESIDENT");

  async function submit(event: FormEvent) {
    event.preventDefault();
    const confirmsFix = holds === "yes";
    const given = await act.perform({
      topic,
      confirmsFix,
      score: Number(score),
      comment: comment.trim() || null,
      role: role as ParticipantRole,
    });
    if (given) {
      announce(t(confirmsFix ? "fix.given.holds" : "fix.given.fails"));
      onGiven(given);
    }
  }

  return (
    <Form className="form" validationErrors={act.fieldErrors} onSubmit={submit}>
      <ChoicesField
        name="confirmsFix"
        label={t("fix.holdsLabel")}
        required
        options={[
          { id: "yes", name: t("fix.holds") },
          { id: "no", name: t("fix.fails") },
        ]}
        value={holds}
        onChange={setHolds}
      />
      <ChoicesField
        name="score"
        label={t("fix.score")}
        required
        options={SCORES.map((id) => ({ id, name: t(`fix.scores.${id}`) }))}
        value={score}
        onChange={setScore}
      />
      <WordsField name="comment" label={t("fix.comment")} help={t("fix.commentHelp")} rows={3} maxLength={2000} value={comment} onChange={setComment} />
      <ChoicesField
        name="role"
        label={t("fix.role")}
        required
        options={PARTS.map((id) => ({ id, name: name("ParticipantRole", id) }))}
        value={role}
        onChange={setRole}
      />
      <Problems problems={act.problems} />
      <button type="submit" className="button primary wide" disabled={act.pending}>
        {t("fix.submit")}
      </button>
    </Form>
  );
}
