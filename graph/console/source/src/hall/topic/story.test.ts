import { expect, test } from "vitest";
import { stages, story, type Topic } from "./story";

const DEPARTMENT = { id: "department_1", code: "qinshui-water", name: "沁水县水务局" };
const TOPIC = {
  status: "RESOLVED",
  proposedAt: "2023-04-04T06:05:28Z",
  listedAt: "2023-05-08T00:35:28Z",
  resolvedAt: "2023-09-25T00:33:13Z",
  confirmedFixedAt: null,
  matters: [{ id: "matter_1", raisedAt: "2023-03-26T11:51:13Z" }],
  sessions: {
    nodes: [
      { id: "session_2", scheduledAt: "2023-07-01T01:00:00Z", heldAt: null },
      { id: "session_1", scheduledAt: "2023-06-06T01:00:00Z", heldAt: "2023-06-06T01:08:00Z" },
    ],
  },
  opinions: [],
  outcomes: [
    {
      id: "outcome_1",
      reachedOn: "2023-06-06",
      conversions: [],
      commitments: [
        {
          id: "commitment_1",
          status: "VERIFIED",
          dueOn: "2023-12-11",
          department: DEPARTMENT,
          progress: [{ id: "progress_1", at: "2023-09-11T07:03:13Z" }],
          evidence: [{ id: "evidence_1", at: "2023-09-11T07:03:13Z" }],
          verdicts: [{ id: "verdict_1", at: "2023-09-20T07:03:13Z" }],
        },
        { id: "commitment_2", status: "IN_PROGRESS", dueOn: "2024-01-31", department: DEPARTMENT, progress: [], evidence: [], verdicts: [] },
      ],
    },
  ],
  followUps: [{ id: "followup_1", at: "2023-10-01T00:00:00Z" }],
} as unknown as Topic;

test("a story is told in the order in which it happened, an outcome behind the session of its day", () => {
  expect(story(TOPIC).map(({ id }) => id)).toEqual([
    "matter_1",
    "proposed",
    "listed",
    "session_1",
    "outcome_1",
    "session_2",
    "progress_1",
    "verdict_1",
    "resolved",
    "followup_1",
    "due-commitment_2",
  ]);
});

test("evidence stands with the progress that it came with", () => {
  const step = story(TOPIC).find(({ kind }) => kind === "progress");
  expect(step?.kind === "progress" && step.evidence.map(({ id }) => id)).toEqual(["evidence_1"]);
});

test.each([
  ["PROPOSED", null, null, 1],
  ["IMPLEMENTING", null, "2023-05-08", 5],
  ["RESOLVED", null, "2023-05-08", 6],
  ["RESOLVED", "2023-10-01", "2023-05-08", 7],
  ["WITHDRAWN", null, null, 1],
  ["WITHDRAWN", null, "2023-05-08", 2],
] as const)("of a topic that is %s, confirmed %s, %s stages are reached", (status, confirmedFixedAt, listedAt, reached) => {
  expect(stages({ status, confirmedFixedAt, listedAt }).reached).toBe(reached);
});
