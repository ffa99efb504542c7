import { expect, test } from "vitest";
import { countyOf, parentsFor } from "./surroundings";

function platform(id: string, tier: "GENERAL" | "SUB", code: string) {
  return { __typename: "Platform" as const, id, name: id, tier, division: { __typename: "Division" as const, id: code, code, name: code } };
}

const ABOVE = [platform("county", "GENERAL", "140106"), platform("street", "SUB", "140106005"), platform("another", "SUB", "140106006")];

test("a micro platform stands beneath its street's, or its county's", () => {
  expect(parentsFor("MICRO", "140106005010", ABOVE).map(({ id }) => id)).toEqual(["street", "county"]);
});

test("a sub-platform stands beneath the county's alone, and a general one beneath none", () => {
  expect(parentsFor("SUB", "140106005", ABOVE).map(({ id }) => id)).toEqual(["county"]);
  expect(parentsFor("GENERAL", "140106", ABOVE)).toEqual([]);
});

test("a community lies in a county, and a city is its own", () => {
  expect(["140106005010", "140106", "1401"].map(countyOf)).toEqual(["140106", "140106", "1401"]);
});
