import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { useLinkAsOf } from "~/app/asOf";
import { day, moment, number } from "~/i18n/format";
import { useNames } from "~/i18n/names";
import { Tag } from "~/parts/Tag";
import { EvidenceList } from "./EvidenceList";
import { story, type Step, type Topic } from "./story";

const DONE = new Set(["resolved", "verdict", "followUp"]);
const TO_THE_DAY = new Set(["outcome", "conversion", "due"]);

/** A topic from the words to the confirmed fix, in the order of time. */
export function Story({ topic }: { topic: Topic }) {
  return (
    <ol className="timeline">
      {story(topic).map((step) => (
        <li key={step.id} className={ahead(step) ? "ahead" : DONE.has(step.kind) ? "done" : ""}>
          <time dateTime={step.at}>{TO_THE_DAY.has(step.kind) ? day(step.at.slice(0, 10)) : moment(step.at)}</time>
          <StepText step={step} topic={topic} />
        </li>
      ))}
    </ol>
  );
}

function ahead(step: Step): boolean {
  return step.kind === "due" || (step.kind === "session" && step.session.heldAt === null);
}

function StepText({ step, topic }: { step: Step; topic: Topic }): ReactNode {
  const { t } = useTranslation("hall");
  const name = useNames();
  const link = useLinkAsOf();
  const role = (value: string) => name("ParticipantRole", value);
  switch (step.kind) {
    case "raised":
      return (
        <Told title={t("step.raised", { role: role(step.matter.raisedBy) })}>
          <blockquote>
            <p className="quote-title">{step.matter.title}</p>
            <p>{step.matter.description}</p>
          </blockquote>
          {step.matter.answer && <p className="small">{t("step.answer", { answer: step.matter.answer })}</p>}
        </Told>
      );
    case "proposed":
      return <Told title={t("step.proposed")} />;
    case "listed":
      return (
        <Told title={t("step.listed")}>
          {topic.planItem && (
            <p>
              {t(topic.planItem.quarter == null ? "step.planned" : "step.plannedQuarter", {
                year: topic.planItem.plan.year,
                position: topic.planItem.position,
                quarter: topic.planItem.quarter,
              })}
            </p>
          )}
        </Told>
      );
    case "session":
      return (
        <Told
          title={
            <>
              <Link to={link(`/sessions/${step.session.id}`)}>{t("step.session")}</Link> <Tag of="SessionStatus" value={step.session.status} />
            </>
          }
        >
          <p className="line">
            <span>{step.session.venue}</span>
            <span>{name("SessionForm", step.session.form)}</span>
            {step.session.convener && <span>{t("step.convener", { name: step.session.convener })}</span>}
            {step.session.headcount != null && <span>{t("step.headcount", { count: step.session.headcount })}</span>}
          </p>
          {step.session.minutes && <p>{step.session.minutes}</p>}
        </Told>
      );
    case "opinion":
      return (
        <Told title={t("step.opinion", { role: role(step.opinion.role) })}>
          <blockquote>{step.opinion.text}</blockquote>
        </Told>
      );
    case "outcome":
      return (
        <Told title={t("step.outcome")}>
          <blockquote className="agreed">{step.outcome.agreement}</blockquote>
          {step.outcome.commitments.length > 0 && (
            <ul>
              {step.outcome.commitments.map(({ id, task, department }) => (
                <li key={id}>{t("step.commitment", { department: department.name, task })}</li>
              ))}
            </ul>
          )}
        </Told>
      );
    case "conversion":
      return (
        <Told title={t("step.conversion", { kind: name("ConversionKind", step.conversion.kind) })}>
          <p>{step.conversion.title}</p>
        </Told>
      );
    case "progress":
      return (
        <Told title={t("step.progress", { department: step.commitment.department.name })}>
          <p>
            {step.progress.percent != null && <strong className="percent">{number(step.progress.percent)}%</strong>}
            {step.progress.note}
          </p>
          <EvidenceList evidence={step.evidence} />
        </Told>
      );
    case "verdict":
      return (
        <Told title={t(step.verdict.fulfilled ? "step.verified" : "step.disputed", { role: role(step.verdict.role), task: step.commitment.task })}>
          {step.verdict.note && <blockquote>{step.verdict.note}</blockquote>}
        </Told>
      );
    case "resolved":
      return (
        <Told title={t("step.resolved")}>
          {topic.resolution && <p>{topic.resolution}</p>}
          <EvidenceList evidence={topic.evidence} />
        </Told>
      );
    case "followUp":
      return (
        <Told title={t(step.followUp.confirmsFix ? "step.confirmed" : "step.unconfirmed", { role: role(step.followUp.role) })}>
          <p className="line">
            <span>{t("step.score", { score: step.followUp.score })}</span>
            <span>{name("FollowUpChannel", step.followUp.channel)}</span>
            {step.followUp.recordedBy && <span>{t("step.recordedBy", { role: name("Role", step.followUp.recordedBy) })}</span>}
          </p>
          {step.followUp.comment && <blockquote>{step.followUp.comment}</blockquote>}
        </Told>
      );
    case "due":
      return <Told title={t("step.due", { department: step.commitment.department.name, task: step.commitment.task })} />;
  }
}

function Told({ title, children }: { title: ReactNode; children?: ReactNode }) {
  return (
    <div className="told">
      <h3>{title}</h3>
      {children}
    </div>
  );
}
