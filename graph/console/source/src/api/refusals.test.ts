import { expect, test } from "vitest";
import { sortedRefusals } from "./refusals";

test("a refusal stands at the field that it names, another with the form", () => {
  const refusals = [
    { code: "INVALID_INPUT", message: "太长", path: ["title"] },
    { code: "INVALID_INPUT", message: "没有网址", path: ["evidence", "url"] },
    { code: "FORBIDDEN", message: "无权", path: null },
    { code: "INVALID_INPUT", message: "也太长", path: ["title"] },
  ];
  expect(sortedRefusals(refusals, ["title", "evidence"])).toEqual({
    fieldErrors: { title: "太长", evidence: "没有网址" },
    problems: ["无权", "也太长"],
  });
});
