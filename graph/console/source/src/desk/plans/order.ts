/** What of an item says where it stands. */
export interface Placed {
  position: number;
  quarter?: number | null;
  topic: { id: string };
}

/** The quarters of a year, and none. */
export const QUARTERS = [1, 2, 3, 4, null] as const;
export type Quarter = (typeof QUARTERS)[number];

/** Items in the plan's order. */
export function inOrder<Item extends Placed>(items: readonly Item[]): Item[] {
  // oxlint-disable-next-line unicorn/no-array-sort -- a copy, and toSorted is younger than the oldest browsers
  return [...items].sort((one, other) => one.position - other.position);
}

/** A quarter's items in the plan's order. */
export function inQuarter<Item extends Placed>(items: readonly Item[], quarter: Quarter): Item[] {
  return inOrder(items.filter((item) => (item.quarter ?? null) === quarter));
}

/**
 * The place in the plan, from 1, at which a topic stands in a quarter before another one, or at the quarter's end. Where
 * the quarter is empty, that is behind the quarters before it.
 */
export function placeAt(items: readonly Placed[], topic: string, quarter: Quarter, before: string | null): number {
  const rest = inOrder(items.filter((item) => item.topic.id !== topic));
  const next = rest.findIndex((item) => item.topic.id === before);
  if (before !== null && next >= 0) {
    return next + 1;
  }
  const same = rest.findLastIndex((item) => (item.quarter ?? null) === quarter);
  const last = same >= 0 ? same : rest.findLastIndex((item) => rank(item.quarter) < rank(quarter));
  return last + 2;
}

/** The topic before which one stands that moves up or down in its quarter; null at the end, undefined where it stays. */
export function stepped(items: readonly Placed[], topic: string, by: -1 | 1): string | null | undefined {
  const quarter = items.find((item) => item.topic.id === topic)?.quarter ?? null;
  const order = inQuarter(items, quarter as Quarter).map((item) => item.topic.id);
  const at = order.indexOf(topic);
  if (at < 0 || order[at + by] === undefined) {
    return undefined;
  }
  return by === -1 ? order[at - 1] : (order[at + 2] ?? null);
}

function rank(quarter: number | null | undefined): number {
  return quarter ?? 5;
}
