import { useState } from "react";
import { Checkbox } from "react-aria-components";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import type { InboxQuery } from "~generated/graphql";
import { day, moment, today } from "~/i18n/format";
import { useNames } from "~/i18n/names";
import { Tag } from "~/parts/Tag";

type Listed<Name extends "matters" | "topics" | "sessions" | "commitments"> = NonNullable<InboxQuery[Name]>["nodes"];

/** Matters; several that were accepted can be made one topic. */
export function Matters({ matters, proposing }: { matters: Listed<"matters">; proposing: boolean }) {
  const { t } = useTranslation("cadre");
  const name = useNames();
  const [chosen, setChosen] = useState<readonly string[]>([]);
  const still = chosen.filter((id) => matters.some((matter) => matter.id === id));
  return (
    <>
      {proposing && matters.length > 0 && (
        <div className="proposing">
          <p>{t("inbox.chosen", { count: still.length })}</p>
          {still.length > 0 && (
            <Link className="button primary" to={`/desk/topics/new?${still.map((id) => `matter=${encodeURIComponent(id)}`).join("&")}`}>
              {t("inbox.propose")}
            </Link>
          )}
        </div>
      )}
      <ul className="things">
        {matters.map((matter) => (
          <li key={matter.id} className={proposing ? "choosable" : ""}>
            {proposing && (
              <Checkbox
                className="check"
                aria-label={t("inbox.choose", { title: matter.title })}
                isSelected={still.includes(matter.id)}
                onChange={(on) => setChosen(on ? [...still, matter.id] : still.filter((id) => id !== matter.id))}
              >
                <span className="check-box" aria-hidden="true" />
              </Checkbox>
            )}
            <Link className="thing-title" to={`/desk/inbox/${matter.id}`}>
              {matter.title}
            </Link>
            <p className="line">
              <Tag of="MatterStatus" value={matter.status} />
              {matter.overdue && <span className="tag wrong">{t("late")}</span>}
              <span>{name("Category", matter.category)}</span>
              <span>{t("inbox.raised", { by: name("ParticipantRole", matter.raisedBy), at: day(matter.raisedAt) })}</span>
              <span>{t("inbox.waited", { count: daysSince(matter.raisedAt) })}</span>
              <span>{matter.platform.name}</span>
            </p>
          </li>
        ))}
      </ul>
    </>
  );
}

export function Topics({ topics }: { topics: Listed<"topics"> }) {
  const { t } = useTranslation("cadre");
  const name = useNames();
  return (
    <ul className="things">
      {topics.map((topic) => (
        <li key={topic.id}>
          <Link className="thing-title" to={`/desk/topics/${topic.number}`}>
            {topic.title}
          </Link>
          <p className="line">
            <Tag of="TopicStatus" value={topic.status} />
            <span>{topic.number}</span>
            <span>{name("TopicKind", topic.kind)}</span>
            <span>{name("Category", topic.category)}</span>
            <span>{t("inbox.proposedAt", { at: day(topic.proposedAt) })}</span>
            <span>{topic.platform.name}</span>
          </p>
        </li>
      ))}
    </ul>
  );
}

export function Sessions({ sessions }: { sessions: Listed<"sessions"> }) {
  const { t } = useTranslation("cadre");
  const name = useNames();
  return (
    <ul className="things">
      {sessions.map((session) => (
        <li key={session.id}>
          <Link className="thing-title" to={`/desk/sessions/${session.id}`}>
            {t("inbox.session", { at: moment(session.scheduledAt), venue: session.venue })}
          </Link>
          <p className="line">
            <Tag of="SessionStatus" value={session.status} />
            {session.minutesOverdue && <span className="tag wrong">{t("session.minutesOverdue")}</span>}
            <span>{name("SessionForm", session.form)}</span>
            <span>{session.platform.name}</span>
          </p>
          {session.topics.map((topic) => (
            <p key={topic.id} className="small">
              {topic.number} {topic.title}
            </p>
          ))}
        </li>
      ))}
    </ul>
  );
}

export function Commitments({ commitments }: { commitments: Listed<"commitments"> }) {
  const { t } = useTranslation("cadre");
  return (
    <ul className="things">
      {commitments.map((commitment) => (
        <li key={commitment.id}>
          <Link className="thing-title" to={`/desk/topics/${commitment.outcome.topic.number}#${commitment.id}`}>
            {commitment.task}
          </Link>
          <p className="line">
            <Tag of="CommitmentStatus" value={commitment.status} />
            {commitment.overdue && <span className="tag wrong">{t("late")}</span>}
            <span>{commitment.department.name}</span>
            {commitment.dueOn && <span>{t("dueOn", { at: day(commitment.dueOn) })}</span>}
          </p>
          <p className="small soft">
            {commitment.outcome.topic.number} {commitment.outcome.topic.title}
          </p>
        </li>
      ))}
    </ul>
  );
}

/** For how many days somebody waits, as days are counted in China. */
function daysSince(instant: string): number {
  const then = new Intl.DateTimeFormat("sv-SE", { timeZone: "Asia/Shanghai" }).format(new Date(instant));
  return Math.max(0, Math.round((Date.parse(today()) - Date.parse(then)) / 86_400_000));
}
