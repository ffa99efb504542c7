import { expect, test } from "vitest";
import { attended, said } from "./recorded";

const NOBODY = { name: null, member: null, department: null };

test("who came without a name is counted, who has one came once", () => {
  expect(
    attended([
      { role: "RESIDENT", count: 2 },
      { role: "DEPARTMENT", department: { id: "qinshui-court", name: "人民法院" } },
      { role: "CADRE", name: " 社区书记 ", count: 5 },
      { role: "MEMBER", member: { id: "member_1", name: "委员 0001" } },
      { role: "OTHER", count: 0 },
    ]),
  ).toEqual([
    { ...NOBODY, role: "RESIDENT" },
    { ...NOBODY, role: "RESIDENT" },
    { ...NOBODY, role: "DEPARTMENT", department: "qinshui-court" },
    { ...NOBODY, role: "CADRE", name: "社区书记" },
    { ...NOBODY, role: "MEMBER", member: "member_1" },
  ]);
});

test("an opinion without words is none", () => {
  expect(said([{ role: "RESIDENT", text: " " }, { role: "CADRE" }, { role: "MEMBER", text: "先修管道。", member: "member_1" }])).toEqual([
    { role: "MEMBER", text: "先修管道。", topic: null, member: "member_1" },
  ]);
});
