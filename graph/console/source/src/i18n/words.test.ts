import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";

const FOLDER = new URL(".", import.meta.url);
const AREAS = readdirSync(new URL("zh", FOLDER));

function keys(words: object, above = ""): string[] {
  return Object.entries(words).flatMap(([key, value]) => (typeof value === "object" ? keys(value as object, `${above}${key}.`) : [above + key]));
}

function read(language: string, area: string): object {
  return JSON.parse(readFileSync(new URL(`${language}/${area}`, FOLDER), "utf8")) as object;
}

const plural = (key: string) => key.replace(/_(one|other)$/, "");

test("both languages have the same areas", () => {
  expect(readdirSync(new URL("en", FOLDER))).toEqual(AREAS);
});

test.each(AREAS)("both languages have the same words in %s", (area) => {
  expect([...new Set(keys(read("en", area)).map(plural))]).toEqual([...new Set(keys(read("zh", area)).map(plural))]);
});
