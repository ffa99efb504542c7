/** Items by what they have in common, in the order in which each came first (as Map.groupBy, which browsers have since late 2023 alone). */
export function grouped<Key, Item>(items: readonly Item[], by: (item: Item) => Key): Map<Key, Item[]> {
  const groups = new Map<Key, Item[]>();
  for (const item of items) {
    const key = by(item);
    groups.set(key, [...(groups.get(key) ?? []), item]);
  }
  return groups;
}
