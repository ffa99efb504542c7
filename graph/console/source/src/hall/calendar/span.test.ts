import { expect, test } from "vitest";
import { besides, span } from "./span";

test("a month has its days", () => {
  expect(span("2026-11", "2026-11-30")).toEqual({ from: "2026-11-01", until: "2026-12-01" });
  expect(span("2024-12", "2026-11-30")).toEqual({ from: "2024-12-01", until: "2025-01-01" });
});

test("without a month it is what comes", () => {
  expect(span(null, "2026-11-30")).toEqual({ from: "2026-11-30", until: "2026-12-30" });
  expect(span("2026-13", "2026-01-31")).toEqual({ from: "2026-01-31", until: "2026-03-02" });
});

test("months go over the turn of the year", () => {
  expect(besides("2026-12", 1)).toBe("2027-01");
  expect(besides("2026-01", -1)).toBe("2025-12");
});
