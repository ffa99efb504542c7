import type { CommitmentStatus, FollowedMatterQuery, TopicStatus } from "~generated/graphql";
import { dayOf } from "~/i18n/format";

export type FollowedMatter = Extract<NonNullable<FollowedMatterQuery["node"]>, { __typename: "Matter" }>;
export type FollowedTopic = NonNullable<FollowedMatter["topic"]>;
export type HeardSession = NonNullable<FollowedTopic["sessions"]>["nodes"][number];
export type ReachedOutcome = FollowedTopic["outcomes"][number];
export type GivenAnswer = FollowedTopic["followUps"][number];

interface Plain {
  kind: "raised" | "accepted" | "answered" | "declined" | "proposed" | "listed" | "resolved" | "confirmed";
  at: string | null;
  ahead: boolean;
}

/** What happened to a matter, or is still to happen: then `at` is null, or the time that it is planned for. */
export type Step =
  | Plain
  | { kind: "session"; at: string | null; ahead: boolean; session: HeardSession | null }
  | { kind: "agreed"; at: string | null; ahead: boolean; outcome: ReachedOutcome | null }
  | { kind: "found"; at: string; ahead: false; followUp: GivenAnswer };

const JUDGED: ReadonlySet<TopicStatus> = new Set(["IMPLEMENTING", "RESOLVED"]);

interface Confirmable {
  status: TopicStatus;
  confirmedFixedAt?: string | null;
}

/** Whether a topic is called resolved, and nobody of the public has said so yet. */
export function toConfirm(topic: Confirmable | null | undefined): boolean {
  return topic != null && topic.status === "RESOLVED" && !topic.confirmedFixedAt;
}

/** Whether a department calls something done, and nobody has said yet how they found it. */
export function toVerify(topic: { outcomes: readonly { commitments: readonly { status: CommitmentStatus }[] }[] } | null | undefined): boolean {
  return topic?.outcomes.some(({ commitments }) => commitments.some(({ status }) => status === "DONE")) ?? false;
}

/** Whether people can be asked how they find the fix. */
export function canBeJudged(topic: { status: TopicStatus } | null | undefined): boolean {
  return topic != null && JUDGED.has(topic.status);
}

/** A matter from the words to the confirmed fix, what happened in the order of time, then what is ahead. */
export function story(matter: FollowedMatter): Step[] {
  const steps: Step[] = [{ kind: "raised", at: matter.raisedAt, ahead: false }, step("accepted", matter.acceptedAt)];
  if (matter.status === "ANSWERED" || matter.status === "DECLINED") {
    return [...steps, step(matter.status === "ANSWERED" ? "answered" : "declined", matter.answeredAt)];
  }
  const { topic } = matter;
  if (topic != null && topic.status !== "WITHDRAWN") {
    return ordered([...steps, step("proposed", topic.proposedAt), ...topicStory(topic)]);
  }
  return [...steps, step("listed", null), step("resolved", null), step("confirmed", null)];
}

function topicStory(topic: FollowedTopic): Step[] {
  const sessions = (topic.sessions?.nodes ?? []).map((session): Step => {
    const held = session.status === "HELD";
    return { kind: "session", at: held ? (session.heldAt ?? session.scheduledAt) : session.scheduledAt, ahead: !held, session };
  });
  const agreed = topic.outcomes.map((outcome): Step => ({ kind: "agreed", at: outcome.reachedOn, ahead: false, outcome }));
  const found = topic.followUps.map((followUp): Step => ({ kind: "found", at: followUp.at, ahead: false, followUp }));
  return [
    step("listed", topic.listedAt),
    ...(sessions.length > 0 ? sessions : [{ kind: "session", at: null, ahead: true, session: null } as const]),
    ...(agreed.length > 0 ? agreed : [{ kind: "agreed", at: null, ahead: true, outcome: null } as const]),
    step("resolved", topic.resolvedAt),
    ...found,
    ...(topic.confirmedFixedAt ? [] : [step("confirmed", null)]),
  ];
}

function step(kind: Plain["kind"], at: string | null | undefined): Plain {
  return { kind, at: at ?? null, ahead: at == null };
}

/** By days: of what happened on one day, some of which has no hour, the earlier step comes first. */
function byDay(one: Step, other: Step): number {
  return dayOf(one.at ?? "").localeCompare(dayOf(other.at ?? ""));
}

function ordered(steps: Step[]): Step[] {
  const happened = steps.filter(({ ahead }) => !ahead);
  // oxlint-disable-next-line unicorn/no-array-sort -- a copy already, and toSorted is younger than the oldest browsers
  return [...happened.sort(byDay), ...steps.filter(({ ahead }) => ahead)];
}
