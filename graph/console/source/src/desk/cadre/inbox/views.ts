import type { CommitmentFilter, InboxQuery, MatterFilter, SessionFilter, TopicFilter } from "~generated/graphql";

type Counted = {
  [Name in keyof InboxQuery]-?: NonNullable<InboxQuery[Name]> extends { totalCount: number } ? Name : never;
}[keyof InboxQuery];

/** What a view lists: of one kind, by a filter. */
export interface Wanted {
  matterFilter?: MatterFilter;
  topicFilter?: TopicFilter;
  sessionFilter?: SessionFilter;
  commitmentFilter?: CommitmentFilter;
}

export interface View {
  /** Its part of the address, its word, and the count of the query that is its own. */
  name: Counted;
  late?: boolean;
  wanted: (within: string, now: string) => Wanted;
}

export interface Group {
  name: "matters" | "topics" | "sessions" | "commitments";
  views: readonly View[];
}

/** What waits at the desk of a place's staff, in the order in which it comes. */
export const GROUPS: readonly Group[] = [
  {
    name: "matters",
    views: [
      { name: "raised", wanted: (within) => ({ matterFilter: { within, status: ["RAISED"] } }) },
      { name: "accepted", wanted: (within) => ({ matterFilter: { within, status: ["ACCEPTED"] } }) },
      { name: "mattersOverdue", late: true, wanted: (within) => ({ matterFilter: { within, overdue: true } }) },
    ],
  },
  {
    name: "topics",
    views: [
      { name: "proposed", wanted: (within) => ({ topicFilter: { within, status: ["PROPOSED"] } }) },
      { name: "listed", wanted: (within) => ({ topicFilter: { within, status: ["LISTED"] } }) },
      { name: "deliberated", wanted: (within) => ({ topicFilter: { within, status: ["DELIBERATED"] } }) },
      { name: "implementing", wanted: (within) => ({ topicFilter: { within, status: ["IMPLEMENTING"] } }) },
    ],
  },
  {
    name: "sessions",
    views: [
      { name: "toHold", wanted: (within, now) => ({ sessionFilter: { within, status: ["SCHEDULED"], scheduled: { from: now } } }) },
      { name: "toRecord", late: true, wanted: (within, now) => ({ sessionFilter: { within, status: ["SCHEDULED"], scheduled: { until: now } } }) },
      { name: "postponed", wanted: (within) => ({ sessionFilter: { within, status: ["POSTPONED"] } }) },
      { name: "minutesOverdue", late: true, wanted: (within) => ({ sessionFilter: { within, minutesOverdue: true } }) },
    ],
  },
  {
    name: "commitments",
    views: [
      { name: "toVerify", wanted: (within) => ({ commitmentFilter: { within, status: ["DONE"] } }) },
      { name: "declined", wanted: (within) => ({ commitmentFilter: { within, status: ["DECLINED", "DISPUTED"] } }) },
      { name: "commitmentsOverdue", late: true, wanted: (within) => ({ commitmentFilter: { within, overdue: true } }) },
    ],
  },
];

export const VIEWS: readonly View[] = GROUPS.flatMap(({ views }) => views);

/** The variables of the query for one view. */
export function variablesOf(view: View, within: string, now: string, after: string | null) {
  const wanted = view.wanted(within, now);
  return {
    within,
    now,
    after,
    matterFilter: wanted.matterFilter ?? null,
    topicFilter: wanted.topicFilter ?? null,
    sessionFilter: wanted.sessionFilter ?? null,
    commitmentFilter: wanted.commitmentFilter ?? null,
    matters: wanted.matterFilter !== undefined,
    topics: wanted.topicFilter !== undefined,
    sessions: wanted.sessionFilter !== undefined,
    commitments: wanted.commitmentFilter !== undefined,
  };
}
