import { expect, test } from "vitest";
import { compare } from "./differences";

function plan(...topics: [string, number | null][]) {
  return topics.map(([id, quarter], index) => ({ position: index + 1, quarter, topic: { id } }));
}

function marks(older: ReturnType<typeof plan>, newer: ReturnType<typeof plan>) {
  return compare(older, newer).items.map(({ item, added, moved, quarter }) => [item.topic.id, added, moved, quarter]);
}

test("what is new and what is gone", () => {
  const { removed } = compare(plan(["a", 1], ["b", 2]), plan(["b", 2], ["c", 3]));
  expect(removed.map((item) => item.topic.id)).toEqual(["a"]);
  expect(marks(plan(["a", 1], ["b", 2]), plan(["b", 2], ["c", 3]))).toEqual([
    ["b", false, false, false],
    ["c", true, false, false],
  ]);
});

test("one that is put first is the only one that moved", () => {
  expect(marks(plan(["a", 1], ["b", 1], ["c", 1]), plan(["c", 1], ["a", 1], ["b", 1]))).toEqual([
    ["c", false, true, false],
    ["a", false, false, false],
    ["b", false, false, false],
  ]);
});

test("another quarter is told beside the order", () => {
  expect(marks(plan(["a", 1], ["b", null]), plan(["a", 2], ["b", null]))).toEqual([
    ["a", false, false, true],
    ["b", false, false, false],
  ]);
});
