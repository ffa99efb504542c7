import { inOrder, type Placed } from "./order";

export interface Compared<Item> {
  item: Item;
  /** What it was in the other version; undefined where it is new. */
  before: Item | undefined;
  /** Whether it is new, or changed its order among what both versions have. */
  added: boolean;
  moved: boolean;
  quarter: boolean;
}

export interface Comparison<Item> {
  /** In the order of the newer version. */
  items: Compared<Item>[];
  /** What it has no longer, in the order of the older version. */
  removed: Item[];
}

/**
 * What a version of a plan changes of an older one. Moved are as few as need be: those outside the longest order that
 * both versions have, so that one topic put first does not make all others moved.
 */
export function compare<Item extends Placed>(older: readonly Item[], newer: readonly Item[]): Comparison<Item> {
  const were = new Map(older.map((item) => [item.topic.id, item]));
  const order = inOrder(newer);
  const kept = order.flatMap((item) => were.get(item.topic.id) ?? []);
  const stayed = new Set(longestRise(kept).map((item) => item.topic.id));
  const are = new Set(newer.map((item) => item.topic.id));
  return {
    items: order.map((item) => {
      const before = were.get(item.topic.id);
      return {
        item,
        before,
        added: before === undefined,
        moved: before !== undefined && !stayed.has(item.topic.id),
        quarter: before !== undefined && (before.quarter ?? null) !== (item.quarter ?? null),
      };
    }),
    removed: inOrder(older.filter((item) => !are.has(item.topic.id))),
  };
}

/** The longest row of items, taken in their order, whose positions rise. */
function longestRise<Item extends Placed>(items: readonly Item[]): Item[] {
  const rises: Item[][] = [];
  for (const item of items) {
    const best = rises.filter((rise) => (rise.at(-1)?.position ?? 0) < item.position);
    const longest = best.reduce<Item[]>((one, other) => (other.length > one.length ? other : one), []);
    rises.push([...longest, item]);
  }
  return rises.reduce<Item[]>((one, other) => (other.length > one.length ? other : one), []);
}
