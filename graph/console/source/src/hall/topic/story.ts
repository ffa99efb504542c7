import type { EvidenceLinkFragment, TopicQuery } from "~generated/graphql";

export type Topic = NonNullable<TopicQuery["topic"]>;
type Session = NonNullable<Topic["sessions"]>["nodes"][number];
type Outcome = Topic["outcomes"][number];
type Commitment = Outcome["commitments"][number];

/** A step of a topic's story; what it tells is as the API has it. */
export type Step = { id: string; at: string } & (
  | { kind: "raised"; matter: Topic["matters"][number] }
  | { kind: "proposed" }
  | { kind: "listed" }
  | { kind: "session"; session: Session }
  | { kind: "opinion"; opinion: Topic["opinions"][number] }
  | { kind: "outcome"; outcome: Outcome }
  | { kind: "progress"; commitment: Commitment; progress: Commitment["progress"][number]; evidence: readonly EvidenceLinkFragment[] }
  | { kind: "verdict"; commitment: Commitment; verdict: Commitment["verdicts"][number] }
  | { kind: "conversion"; conversion: Outcome["conversions"][number] }
  | { kind: "resolved" }
  | { kind: "followUp"; followUp: Topic["followUps"][number] }
  | { kind: "due"; commitment: Commitment; dueOn: string }
);

const SETTLED = new Set(["DONE", "VERIFIED", "DECLINED", "WITHDRAWN"]);

/** What happened to a topic, the earliest first, and at its end what is still to come. */
export function story(topic: Topic): Step[] {
  const commitments = topic.outcomes.flatMap((outcome) => outcome.commitments);
  const steps: Step[] = [
    ...topic.matters.map((matter) => ({ kind: "raised" as const, id: matter.id, at: matter.raisedAt, matter })),
    { kind: "proposed", id: "proposed", at: topic.proposedAt },
    ...(topic.listedAt ? [{ kind: "listed" as const, id: "listed", at: topic.listedAt }] : []),
    ...(topic.sessions?.nodes ?? []).map((session) => ({
      kind: "session" as const,
      id: session.id,
      at: session.heldAt ?? session.scheduledAt,
      session,
    })),
    ...topic.opinions.map((opinion) => ({ kind: "opinion" as const, id: opinion.id, at: opinion.at, opinion })),
    ...topic.outcomes.map((outcome) => ({ kind: "outcome" as const, id: outcome.id, at: endOf(outcome.reachedOn), outcome })),
    ...topic.outcomes.flatMap(({ conversions }) =>
      conversions.map((conversion) => ({ kind: "conversion" as const, id: conversion.id, at: endOf(conversion.submittedOn), conversion })),
    ),
    ...commitments.flatMap(done),
    ...(topic.resolvedAt ? [{ kind: "resolved" as const, id: "resolved", at: topic.resolvedAt }] : []),
    ...topic.followUps.map((followUp) => ({ kind: "followUp" as const, id: followUp.id, at: followUp.at, followUp })),
  ];
  return steps.toSorted((a, b) => Date.parse(a.at) - Date.parse(b.at));
}

/** What became of a commitment, and when it is due while it is open. */
function done(commitment: Commitment): Step[] {
  const { dueOn, status, evidence } = commitment;
  const reports = commitment.progress.map((progress) => ({
    kind: "progress" as const,
    id: progress.id,
    at: progress.at,
    commitment,
    progress,
    evidence: evidence.filter(({ at }) => at === progress.at),
  }));
  const verdicts = commitment.verdicts.map((verdict) => ({ kind: "verdict" as const, id: verdict.id, at: verdict.at, commitment, verdict }));
  const due = dueOn && !SETTLED.has(status) ? [{ kind: "due" as const, id: `due-${commitment.id}`, at: endOf(dueOn), commitment, dueOn }] : [];
  return [...reports, ...verdicts, ...due];
}

/** What is known to the day alone came about in its course: it stands behind what has an hour of that day. */
function endOf(day: string): string {
  return `${day}T23:59:59+08:00`;
}

export type Stage = "proposed" | "listed" | "scheduled" | "deliberated" | "implementing" | "resolved" | "confirmed";

const STAGES: Stage[] = ["proposed", "listed", "scheduled", "deliberated", "implementing", "resolved", "confirmed"];

/** The stages of a topic in order, and how many it has behind it; a withdrawn one stays where its dates say. */
export function stages(topic: Pick<Topic, "status" | "confirmedFixedAt" | "listedAt">): { stages: Stage[]; reached: number } {
  const reached =
    topic.status === "WITHDRAWN" ? (topic.listedAt ? 2 : 1) : topic.confirmedFixedAt ? STAGES.length : STAGES.indexOf(topic.status.toLowerCase() as Stage) + 1;
  return { stages: STAGES, reached };
}
