import { expect, test } from "vitest";
import { stepsOf } from "./steps";

test("a notice is received first, then accepted or declined, then worked on until it is completed", () => {
  expect(stepsOf("topic.listed", null)).toEqual(["receive"]);
  expect(stepsOf("topic.listed", "RECEIVED")).toEqual(["accept", "decline"]);
  expect(stepsOf("topic.listed", "ACCEPTED")).toEqual(["progress", "complete"]);
  expect(stepsOf("topic.listed", "IN_PROGRESS")).toEqual(["progress", "complete"]);
  expect(stepsOf("topic.listed", "COMPLETED")).toEqual([]);
});

test("a test is received and no more; disputed work goes on at once", () => {
  expect(stepsOf("system.test", null)).toEqual(["receive"]);
  expect(stepsOf("system.restored", null)).toEqual(["receive"]);
  expect(stepsOf("system.test", "RECEIVED")).toEqual([]);
  expect(stepsOf("commitment.disputed", "RECEIVED")).toEqual(["progress"]);
});
