import { expect, test } from "vitest";
import { pieces } from "./marked";

test("hits are told from what stands between them", () => {
  expect(pieces("<mark>停车</mark>难，<mark>停车</mark>贵。")).toEqual([
    { text: "停车", hit: true },
    { text: "难，", hit: false },
    { text: "停车", hit: true },
    { text: "贵。", hit: false },
  ]);
});

test("what was escaped is read once and stays text", () => {
  expect(pieces("&lt;mark&gt; &amp;lt; <mark>A&amp;B</mark> &#x27;&quot;&#39;")).toEqual([
    { text: "<mark> &lt; ", hit: false },
    { text: "A&B", hit: true },
    { text: " '\"'", hit: false },
  ]);
});

test("a snippet without a hit is one text", () => {
  expect(pieces("停车")).toEqual([{ text: "停车", hit: false }]);
});
