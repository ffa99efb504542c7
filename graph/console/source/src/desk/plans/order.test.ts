import { expect, test } from "vitest";
import { inQuarter, placeAt, stepped, type Placed } from "./order";

const items: Placed[] = [
  { position: 1, quarter: 1, topic: { id: "a" } },
  { position: 2, quarter: 1, topic: { id: "b" } },
  { position: 3, quarter: 3, topic: { id: "c" } },
  { position: 4, quarter: 1, topic: { id: "d" } },
  { position: 5, quarter: null, topic: { id: "e" } },
];

test("a quarter has its items in the plan's order", () => {
  expect(inQuarter(items.toReversed(), 1).map((item) => item.topic.id)).toEqual(["a", "b", "d"]);
});

test("a topic stands before another, counted without itself", () => {
  expect(placeAt(items, "a", 3, "c")).toBe(2);
  expect(placeAt(items, "e", 1, "b")).toBe(2);
  expect(placeAt(items, "new", 1, "a")).toBe(1);
});

test("at a quarter's end it stands behind the quarter's last", () => {
  expect(placeAt(items, "a", 1, null)).toBe(4);
  expect(placeAt(items, "new", null, null)).toBe(6);
});

test("in an empty quarter it stands behind the quarters before", () => {
  expect(placeAt(items, "new", 2, null)).toBe(5);
  expect(placeAt(items, "c", 2, null)).toBe(4);
  expect(placeAt([], "new", 4, null)).toBe(1);
});

test("a step changes places with the neighbour of the quarter", () => {
  expect(stepped(items, "b", -1)).toBe("a");
  expect(stepped(items, "a", 1)).toBe("d");
  expect(stepped(items, "b", 1)).toBeNull();
  expect(stepped(items, "a", -1)).toBeUndefined();
  expect(stepped(items, "c", 1)).toBeUndefined();
});
