import { expect, test } from "vitest";
import { canBeJudged, story, toConfirm, toVerify, type FollowedMatter, type FollowedTopic } from "./story";

const PLATFORM = { __typename: "Platform", id: "p", code: "P1", name: "并州东街四社区", division: { __typename: "Division", id: "d", code: "140106005010", name: "四社区" } } as const;

const RAISED = {
  __typename: "Matter", id: "m", title: "地下室漏水", description: "管道漏水。", publishedTitle: "地下室漏水", publishedDescription: "管道漏水。",
  hidden: false, category: "WATER_POWER", nature: null, status: "RAISED", raisedBy: "RESIDENT", raisedAt: "2023-10-08T09:00:00+08:00",
  acceptedAt: null, answer: null, answeredAt: null, overdue: false, platform: PLATFORM, topic: null,
} as const satisfies FollowedMatter;

const ACCEPTED = { ...RAISED, status: "ACCEPTED", acceptedAt: "2023-10-09T09:00:00+08:00" } as const satisfies FollowedMatter;

const TOPIC: FollowedTopic = {
  __typename: "Topic", id: "t", number: "T1", title: "地下室漏水整治", status: "IMPLEMENTING", proposedAt: "2023-10-10T09:00:00+08:00",
  listedAt: "2023-10-11T09:00:00+08:00", resolvedAt: null, resolution: null, confirmedFixedAt: null, platform: PLATFORM, evidence: [], followUps: [],
  sessions: {
    nodes: [{ id: "s", status: "HELD", scheduledAt: "2023-10-20T09:00:00+08:00", heldAt: "2023-10-20T09:30:00+08:00", venue: "议事室", headcount: 12 }],
  },
  outcomes: [{ id: "o", agreement: "物业维修管道。", reachedOn: "2023-10-20", commitments: [] }],
} as FollowedTopic;

function kinds(matter: FollowedMatter): [string, boolean][] {
  return story(matter).map(({ kind, ahead }) => [kind, ahead]);
}

test("a raised matter has all ahead", () => {
  expect(kinds(RAISED)).toEqual([["raised", false], ["accepted", true], ["listed", true], ["resolved", true], ["confirmed", true]]);
});

test("an answered matter ends with its answer", () => {
  const answered: FollowedMatter = { ...ACCEPTED, status: "ANSWERED", answer: "已维修。", answeredAt: "2023-10-10T09:00:00+08:00" };
  expect(kinds(answered)).toEqual([["raised", false], ["accepted", false], ["answered", false]]);
});

test("what was agreed on stands behind the session of its day", () => {
  const listed: FollowedMatter = { ...ACCEPTED, status: "LISTED", topic: TOPIC };
  expect(kinds(listed)).toEqual([
    ["raised", false], ["accepted", false], ["proposed", false], ["listed", false], ["session", false], ["agreed", false],
    ["resolved", true], ["confirmed", true],
  ]);
});

test("a topic that was there before stands where it was proposed", () => {
  const listed: FollowedMatter = { ...ACCEPTED, status: "LISTED", topic: { ...TOPIC, proposedAt: "2023-09-01T09:00:00+08:00" } };
  expect(kinds(listed).slice(0, 3)).toEqual([["proposed", false], ["raised", false], ["accepted", false]]);
});

test("a confirmed fix has nothing ahead", () => {
  const followUp = { __typename: "FollowUp", id: "f", at: "2023-11-20T09:00:00+08:00", role: "RESIDENT", score: 5, confirmsFix: true, comment: null, channel: "ONLINE", recordedBy: null };
  const resolved = { ...TOPIC, status: "RESOLVED", resolvedAt: "2023-11-10T09:00:00+08:00", confirmedFixedAt: followUp.at, followUps: [followUp] } as FollowedTopic;
  expect(kinds({ ...ACCEPTED, status: "LISTED", topic: resolved }).slice(-2)).toEqual([["resolved", false], ["found", false]]);
  expect([toConfirm(resolved), canBeJudged(resolved)]).toEqual([false, true]);
});

test("a resolved topic waits for the public's word, an open one does not", () => {
  expect([toConfirm({ ...TOPIC, status: "RESOLVED" }), toConfirm(TOPIC), toConfirm(null)]).toEqual([true, false, false]);
  expect([canBeJudged(TOPIC), canBeJudged({ ...TOPIC, status: "DELIBERATED" }), canBeJudged(undefined)]).toEqual([true, false, false]);
});

function promised(status: "IN_PROGRESS" | "DONE" | "VERIFIED") {
  return { outcomes: [{ commitments: [] }, { commitments: [{ status }] }] };
}

test("what a department calls done waits for somebody's word, and nothing else does", () => {
  expect([null, promised("IN_PROGRESS"), promised("DONE"), promised("VERIFIED")].map(toVerify)).toEqual([false, false, true, false]);
});
