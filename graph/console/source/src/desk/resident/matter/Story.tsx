import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { day, moment, number } from "~/i18n/format";
import { Tag } from "~/parts/Tag";
import { Evidence } from "../Evidence";
import { Found } from "../Found";
import { Promised } from "../Promised";
import type { FollowedMatter, HeardSession, ReachedOutcome, Step } from "../story";

interface Props {
  matter: FollowedMatter;
  steps: readonly Step[];
  /** Whether who reads it may say how they found what departments call done. */
  judging: boolean;
}

/** What became of a matter so far, and what comes next. */
export function Story({ matter, steps, judging }: Props) {
  const { t } = useTranslation("resident");
  return (
    <ol className="timeline">
      {steps.map((step, index) => (
        <li key={index} className={step.ahead ? "ahead" : "done"}>
          <h3>
            {t(`story.${step.kind}`)}
            {step.ahead && <span className="tag story-ahead">{t(step.at === null ? "story.ahead" : "story.planned")}</span>}
          </h3>
          {step.at !== null && <time dateTime={step.at}>{step.at.length > 10 ? moment(step.at) : day(step.at)}</time>}
          <StepDetail matter={matter} step={step} judging={judging} />
        </li>
      ))}
    </ol>
  );
}

function StepDetail({ matter, step, judging }: { matter: FollowedMatter; step: Step; judging: boolean }) {
  const { t } = useTranslation("resident");
  const { topic } = matter;
  switch (step.kind) {
    case "raised":
      return <p className="soft">{t("story.raisedAt", { platform: matter.platform.name })}</p>;
    case "accepted":
      return step.ahead ? <p className="soft">{t(matter.overdue ? "story.overdue" : "story.acceptedAhead")}</p> : null;
    case "answered":
    case "declined":
      return matter.answer ? <blockquote className="answer">{matter.answer}</blockquote> : null;
    case "proposed":
      return topic ? (
        <p>
          <Link to={`/topics/${topic.number}`}>{topic.title}</Link> <span className="soft">{topic.number}</span>
        </p>
      ) : null;
    case "session":
      return step.session && <SessionDetail session={step.session} />;
    case "agreed":
      return step.outcome && <OutcomeDetail outcome={step.outcome} judging={judging} />;
    case "resolved":
      return topic && !step.ahead ? (
        <>
          {topic.resolution && <p>{topic.resolution}</p>}
          <Evidence evidence={topic.evidence} />
        </>
      ) : null;
    case "found":
      return <Found followUp={step.followUp} />;
    default:
      return null;
  }
}

function SessionDetail({ session }: { session: HeardSession }) {
  const { t } = useTranslation("resident");
  return (
    <p className="line">
      <Tag of="SessionStatus" value={session.status} />
      <span>{session.venue}</span>
      {session.headcount != null && <span>{t("story.headcount", { count: session.headcount, shown: number(session.headcount) })}</span>}
    </p>
  );
}

function OutcomeDetail({ outcome, judging }: { outcome: ReachedOutcome; judging: boolean }) {
  return (
    <>
      <p>{outcome.agreement}</p>
      {outcome.commitments.length > 0 && <Promised commitments={outcome.commitments} judging={judging} />}
    </>
  );
}
