import { expect, test } from "vitest";
import { monthsUntil } from "./trendMonths";

test.each([
  ["2023-11-30", "2021-12-01", "2023-12-01"],
  ["2024-12-05", "2023-01-01", "2025-01-01"],
])("up to %s there are 24 months", (day, from, until) => {
  expect(monthsUntil(day)).toEqual({ from, until });
});
