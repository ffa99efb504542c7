import { expect, test } from "vitest";
import { byTopic } from "./topics";

test("notices stand by topic, in the order of each", () => {
  const notices = [
    { sequence: 2, topic: { id: "a" } },
    { sequence: 1, topic: null },
    { sequence: 5, topic: { id: "b" } },
    { sequence: 1, topic: { id: "a" } },
  ];
  expect(byTopic(notices)).toEqual([
    [{ sequence: 1, topic: { id: "a" } }, { sequence: 2, topic: { id: "a" } }],
    [{ sequence: 1, topic: null }],
    [{ sequence: 5, topic: { id: "b" } }],
  ]);
});
