import { expect, test } from "vitest";
import { months } from "./months";

test("months are counted over years and end on their last day", () => {
  const { count, lastDay, step } = months("2023-11-20", "2024-03-05");
  expect(count).toBe(5);
  expect([0, 1, 2, 3, 4].map(lastDay)).toEqual(["2023-11-30", "2023-12-31", "2024-01-31", "2024-02-29", "2024-03-31"]);
  expect(["2022-01-01", "2023-11-30", "2024-02-29", "2024-03-05"].map(step)).toEqual([0, 0, 3, 4]);
});
