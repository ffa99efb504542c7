import { expect, test } from "vitest";
import { count, fieldOf, instant, needed, words } from "./filled";

function filled(fields: Record<string, string>): FormData {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) {
    form.append(name, value);
  }
  return form;
}

test("what is empty or blank is nothing", () => {
  const form = filled({ note: "  ", title: " 漏水 " });
  expect([words(form, "note"), words(form, "none"), words(form, "title"), needed(form, "note")]).toEqual([null, null, " 漏水 ", ""]);
  expect([count(form, "none"), count(filled({ headcount: "12" }), "headcount")]).toEqual([null, 12]);
});

test("a field of day and time is China's", () => {
  expect(instant(filled({ at: "2023-11-01T09:30" }), "at")).toBe("2023-11-01T09:30:00+08:00");
  expect(instant(filled({ at: "2023-11-01T09:30:20" }), "at")).toBe("2023-11-01T09:30:20+08:00");
  expect(instant(filled({}), "at")).toBe(null);
  expect(fieldOf("2023-11-01T01:30:00Z")).toBe("2023-11-01T09:30");
});
