import { expect, test } from "vitest";
import { lanesOf, relayDoes, type WaitingNotice } from "./lanes";

const NOW = Date.parse("2026-11-24T03:10:00Z");
const COURT = { code: "court", name: "法院", channel: { enabled: true } };
const TOPIC = { id: "topic_1", number: "T1", title: "路灯" };

function waiting(sequence: number, given: Partial<WaitingNotice> = {}): WaitingNotice {
  const occurredAt = `2026-11-24T03:0${sequence}:00Z`;
  return { id: `notice_${sequence}`, type: "topic.listed", sequence, status: "PENDING", occurredAt, attempts: 0, topic: TOPIC, department: COURT, ...given };
}

test("a parked notice stops its lane alone", () => {
  const parked = waiting(1, { status: "PARKED", lastError: "too large" });
  const [stopped, free] = lanesOf([waiting(2), parked, waiting(3, { topic: null })], NOW);
  expect(stopped).toMatchObject({ waiting: 2, since: parked.occurredAt, stop: "parked", error: "too large", next: null, first: { id: "notice_1" } });
  expect(free).toMatchObject({ waiting: 1, stop: "none", error: null });
});

test("a paused department's lanes are tried again by themselves, a disabled one's are not", () => {
  const pausedUntil = "2026-11-24T03:15:00Z";
  const paused = { ...COURT, channel: { enabled: true, pausedUntil, lastError: "no queue" } };
  const disabled = { ...COURT, code: "other", channel: { enabled: false } };
  const lanes = lanesOf([waiting(1, { department: paused }), waiting(2, { department: disabled })], NOW);
  expect(lanes.map(({ stop, next, error }) => [stop, next, error])).toEqual([
    ["paused", pausedUntil, "no queue"],
    ["disabled", null, null],
  ]);
  const over = { ...COURT, channel: { enabled: true, pausedUntil: "2026-11-24T03:05:00Z" } };
  expect(lanesOf([waiting(1, { department: over })], NOW)[0]?.stop).toBe("none");
});

test("what the relay does is told by what waits and what was sent last", () => {
  const free = lanesOf([waiting(1)], NOW);
  const fresh = lanesOf([waiting(1, { occurredAt: "2026-11-24T03:09:55Z" })], NOW);
  expect(relayDoes([], null, NOW)).toBe("idle");
  expect(relayDoes(lanesOf([waiting(1, { status: "PARKED" })], NOW), null, NOW)).toBe("held");
  expect(relayDoes(free, "2026-11-24T03:00:00Z", NOW)).toBe("stopped");
  expect(relayDoes(free, "2026-11-24T03:09:30Z", NOW)).toBe("sending");
  expect(relayDoes(fresh, null, NOW)).toBe("sending");
});
