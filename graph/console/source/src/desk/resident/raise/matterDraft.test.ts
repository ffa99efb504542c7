import { expect, test } from "vitest";
import { BLANK, stepOf, type MatterDraft } from "./matterDraft";

const PLACED: MatterDraft = { ...BLANK, platform: { id: "p", name: "四社区" } };
const COMPLETE: MatterDraft = { ...PLACED, title: "漏水", description: "管道漏水。", category: "WATER_POWER" };

test("an address leads no further than what is complete", () => {
  expect([stepOf("send", BLANK), stepOf("send", PLACED), stepOf("send", COMPLETE)]).toEqual(["where", "what", "send"]);
  expect([stepOf("what", BLANK), stepOf("what", COMPLETE), stepOf("where", COMPLETE)]).toEqual(["where", "what", "where"]);
  expect([stepOf(null, COMPLETE), stepOf("elsewhere", COMPLETE)]).toEqual(["where", "where"]);
  expect(stepOf("send", { ...COMPLETE, description: "  " })).toBe("what");
});
