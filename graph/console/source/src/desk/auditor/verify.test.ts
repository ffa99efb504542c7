import { expect, test } from "vitest";
import type { TracedFragment } from "~generated/graphql";
import { canonical, instant, verified } from "./verify";

/** The example of docs/trace.md. */
const HASH = "2893c5f7fde7a300d541210b8eeaa670da9049212a5337f28d1d7a7fa4f9ea8c";
const CHAIN = "matter_0192f0c1-5d2a-7c31-8a45-0e6f3b1c2d4e";
const ENTRY: TracedFragment = {
  id: "traceentry_0192f0c1-5d2b-7f00-9b1a-4c8d2e6f7a90",
  at: "2026-11-24T03:00:00.25+00:00",
  act: "matter.raised",
  actorRole: "RESIDENT",
  subject: { __typename: "Matter", id: CHAIN },
  summary: "反映事项:路灯不亮",
  seal: {
    chain: CHAIN,
    sequence: 1,
    form: 2,
    hash: HASH,
    previousHash: "0".repeat(64),
    actorCommitment: "fecd509bed8321ce65efd0747fb19df8128c9fcf7bf1457fecd151c0ab2500d5",
    evidenceCommitment: null,
    summaryCommitment: "01318b15a523e3e4a0d651805608462bfe210e602d827b9fde3f7940d1ed4ae0",
    summarySalt: "02".repeat(32),
    lastSequence: 1,
    lastHash: HASH,
  },
};

function changed(entry: Partial<TracedFragment>, seal: Partial<NonNullable<TracedFragment["seal"]>> = {}): TracedFragment {
  return { ...ENTRY, ...entry, seal: { ...(ENTRY.seal as NonNullable<TracedFragment["seal"]>), ...seal } };
}

async function told(entry: TracedFragment) {
  const { entries, sound, head, missing } = await verified([entry]);
  return [entries[0]?.found, entries[0]?.words, head, missing, sound];
}

test("the documented example holds", async () => {
  expect(canonical(ENTRY)).toContain('"at":"2026-11-24T03:00:00.250000Z"');
  expect(await told(ENTRY)).toEqual(["holds", "recorded", true, null, true]);
});

test("an instant has six decimals, or none", () => {
  expect(instant("2026-11-24T03:00:00+00:00")).toBe("2026-11-24T03:00:00Z");
  expect(instant("2026-11-24T03:00:00.000001Z")).toBe("2026-11-24T03:00:00.000001Z");
});

test("what was changed is found", async () => {
  expect(await told(changed({ act: "matter.accepted" }))).toEqual(["differs", "recorded", true, null, false]);
  expect(await told(changed({ summary: "反映事项:路灯亮了" }))).toEqual(["holds", "changed", true, null, false]);
  expect(await told(changed({}, { lastSequence: 2 }))).toEqual(["holds", "recorded", false, null, false]);
  expect(await told(changed({}, { sequence: 2 }))).toEqual(["differs", "recorded", false, 1, false]);
  expect(await told(changed({}, { previousHash: "1".repeat(64) }))).toEqual(["differs", "recorded", true, null, false]);
});

test("words that are published in the place of others, or were erased, leave the hash as it is", async () => {
  expect(await told(changed({ summary: "改写" }, { summarySalt: null }))).toEqual(["holds", "withheld", true, null, true]);
  expect(await told(changed({ summary: "(已删除)" }, { summarySalt: null }))).toEqual(["holds", "erased", true, null, true]);
});
