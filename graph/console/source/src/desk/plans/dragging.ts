import type { DropItem } from "react-aria-components";
import { useDragAndDrop } from "react-aria-components";
import type { Moves } from "./Board";
import type { Quarter } from "./order";

const TOPIC = "application/x-shangliang-topic";

/** How topics are taken from a list, by mouse, touch or keyboard. */
export function taking(titles: ReadonlyMap<string, string>) {
  return (keys: Set<string | number>) => [...keys].map((key) => ({ [TOPIC]: String(key), "text/plain": titles.get(String(key)) ?? "" }));
}

/** How topics come into the list of a quarter, and change their order in it. */
export function useQuarterDragging(quarter: Quarter, order: readonly string[], titles: ReadonlyMap<string, string>, moves: Moves) {
  function nextTo(target: { key: string | number; dropPosition: string }): string | null {
    const at = order.indexOf(String(target.key));
    return (target.dropPosition === "before" ? order[at] : order[at + 1]) ?? null;
  }
  return useDragAndDrop({
    getItems: taking(titles),
    acceptedDragTypes: [TOPIC],
    getDropOperation: () => "move",
    onReorder({ keys, target }) {
      const [topic] = [...keys];
      const before = nextTo(target);
      if (topic !== undefined && before !== topic) {
        void moves.put(String(topic), quarter, before);
      }
    },
    async onInsert({ items, target }) {
      await put(items, nextTo(target));
    },
    async onRootDrop({ items }) {
      await put(items, null);
    },
  });

  async function put(items: readonly DropItem[], before: string | null) {
    const [item] = items;
    if (item?.kind === "text") {
      await moves.put(await item.getText(TOPIC), quarter, before);
    }
  }
}

/** How a topic goes out of the plan: dropped among those that may stand in it. */
export function useCandidateDragging(titles: ReadonlyMap<string, string>, moves: Moves) {
  return useDragAndDrop({
    getItems: taking(titles),
    acceptedDragTypes: [TOPIC],
    getDropOperation: () => "move",
    shouldAcceptItemDrop: () => false,
    async onRootDrop({ items }) {
      const [item] = items;
      if (item?.kind === "text") {
        await moves.remove(await item.getText(TOPIC));
      }
    },
  });
}
