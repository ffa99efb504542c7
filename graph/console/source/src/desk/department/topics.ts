interface Told {
  sequence: number;
  topic?: { id: string } | null;
}

/** Notices by topic, the topic of the latest first, each topic's in its own order. */
export function byTopic<One extends Told>(notices: readonly One[]): One[][] {
  const lanes = new Map<string, One[]>();
  for (const notice of notices) {
    const key = notice.topic?.id ?? "";
    lanes.set(key, [...(lanes.get(key) ?? []), notice]);
  }
  return [...lanes.values()].map((lane) => lane.toSorted((one, other) => one.sequence - other.sequence));
}
