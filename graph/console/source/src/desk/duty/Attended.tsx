import { useState } from "react";
import { Button, Form } from "react-aria-components";
import { useTranslation } from "react-i18next";
import { AddOwnOpinionDocument } from "~generated/graphql";
import { useAct } from "~/api/act";
import { day } from "~/i18n/format";
import { announce } from "~/parts/Announcer";
import { Problems } from "~/parts/Confirm";
import { ChoiceField, WordsField } from "~/parts/Fields";
import { Notice } from "~/parts/Notice";
import { Section } from "~/parts/Page";
import { sessionOf } from "./source";
import type { DutyRecord } from "./Duty";

const WHOLE = "whole";

/** An opinion of one's own on a session that one attended. */
export function Attended({ records }: { records: readonly DutyRecord[] }) {
  const { t } = useTranslation("duty");
  const sessions = records.flatMap(({ source }) => (source.__typename === "Session" ? [source] : []));
  const [chosen, setChosen] = useState<string | null>(null);
  const [topic, setTopic] = useState(WHOLE);
  const [text, setText] = useState("");
  const [done, setDone] = useState<readonly string[] | null>(null);
  const act = useAct(AddOwnOpinionDocument, ["session", "topic", "text"]);
  const session = sessions.find(({ id }) => id === chosen);

  async function add(event: React.FormEvent) {
    event.preventDefault();
    if (!session) {
      return;
    }
    const input = { session: session.id, role: "MEMBER" as const, text: text.trim(), topic: topic === WHOLE ? null : topic };
    const given = await act.perform(input);
    if (given) {
      setText("");
      setDone(given.warnings.map(({ message }) => message));
      announce(t("opinion.done"));
    }
  }

  return (
    <Section title={t("opinion.title")}>
      {sessions.length === 0 ? (
        <p className="empty">{t("opinion.empty")}</p>
      ) : (
        <Form className="form" validationErrors={act.fieldErrors} onSubmit={add}>
          <p>{t("opinion.what")}</p>
          <div className="fields">
            <ChoiceField
              name="session"
              label={t("opinion.session")}
              required
              options={sessions.map((one) => ({ id: one.id, name: `${day(one.heldAt ?? one.scheduledAt)} ${sessionOf(one).title}` }))}
              value={chosen}
              onChange={(id) => {
                setChosen(id);
                setTopic(WHOLE);
                setDone(null);
              }}
            />
            <ChoiceField
              name="topic"
              label={t("opinion.topic")}
              required
              options={[{ id: WHOLE, name: t("opinion.whole") }, ...(session?.topics ?? []).map((one) => ({ id: one.id, name: one.title }))]}
              value={topic}
              onChange={setTopic}
            />
          </div>
          <WordsField name="text" label={t("opinion.text")} required rows={4} maxLength={5000} value={text} onChange={setText} help={t("opinion.public")} />
          <Problems problems={act.problems} />
          {done && (
            <Notice kind="done" title={t("opinion.done")}>
              {done.length > 0 && (
                <ul>
                  {done.map((warning) => (
                    <li key={warning}>{warning}</li>
                  ))}
                </ul>
              )}
            </Notice>
          )}
          <Button type="submit" className="button primary" isPending={act.pending}>
            {t("opinion.act")}
          </Button>
        </Form>
      )}
    </Section>
  );
}
