/** A notice that waits, with its department's channel. */
export interface WaitingNotice {
  id: string;
  type: string;
  sequence: number;
  status: string;
  occurredAt: string;
  attempts: number;
  lastError?: string | null;
  topic?: { id: string; number: string; title: string } | null;
  department: { code: string; name: string; channel: { enabled: boolean; pausedUntil?: string | null; lastError?: string | null } };
}

/** What keeps a lane from going on. */
export type Stop = "disabled" | "paused" | "parked" | "none";

export interface Lane<One extends WaitingNotice = WaitingNotice> {
  key: string;
  department: One["department"];
  topic: One["topic"];
  /** How many of the notices given wait in it. */
  waiting: number;
  /** Since when the first of them waits. */
  since: string;
  stop: Stop;
  /** When it is tried again by itself. */
  next: string | null;
  error: string | null;
  /** The first notice, for which the others wait. */
  first: One;
}

/** The lanes in which notices wait, each with what stops it, the longest waiting first. */
export function lanesOf<One extends WaitingNotice>(notices: readonly One[], now: number): Lane<One>[] {
  const found = new Map<string, One[]>();
  for (const notice of notices) {
    const key = `${notice.department.code} ${notice.topic?.id ?? ""}`;
    found.set(key, [...(found.get(key) ?? []), notice]);
  }
  const lanes = [...found].map(([key, waiting]) => laneOf(key, waiting, now));
  lanes.sort((one, other) => one.since.localeCompare(other.since));
  return lanes;
}

function laneOf<One extends WaitingNotice>(key: string, waiting: readonly One[], now: number): Lane<One> {
  const first = waiting.reduce((least, notice) => (notice.sequence < least.sequence ? notice : least));
  const parked = waiting.find(({ status }) => status === "PARKED");
  const { channel } = first.department;
  const paused = channel.pausedUntil && Date.parse(channel.pausedUntil) > now ? channel.pausedUntil : null;
  const stop = !channel.enabled ? "disabled" : parked ? "parked" : paused ? "paused" : "none";
  return {
    key,
    department: first.department,
    topic: first.topic,
    waiting: waiting.length,
    since: waiting.reduce((earliest, { occurredAt }) => (occurredAt < earliest ? occurredAt : earliest), first.occurredAt),
    stop,
    next: stop === "paused" ? paused : null,
    error: (stop === "parked" ? parked?.lastError : stop === "paused" ? channel.lastError : null) ?? null,
    first: parked ?? first,
  };
}

/** What the relay does, as far as what waits and what was sent last tell. */
export type Doing = "idle" | "sending" | "stopped" | "held";

const PATIENCE_MS = 60_000;

export function relayDoes(lanes: readonly Lane[], lastSentAt: string | null | undefined, now: number): Doing {
  const free = lanes.filter(({ stop }) => stop === "none");
  if (free.length === 0) {
    return lanes.length === 0 ? "idle" : "held";
  }
  const lately = lastSentAt != null && now - Date.parse(lastSentAt) < PATIENCE_MS;
  const overdue = free.some(({ since }) => now - Date.parse(since) > PATIENCE_MS);
  return overdue && !lately ? "stopped" : "sending";
}
