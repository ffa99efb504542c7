import { expect, test } from "vitest";
import { documentsIn } from "./documents.js";

const GENERATED = `
export const PlaceFragmentDoc = new TypedDocumentString(\`
    fragment Place on Platform {
  id
}
    \`, {"fragmentName":"Place"}) as unknown as TypedDocumentString<PlaceFragment, unknown>;
export const PlacesDocument = new TypedDocumentString(\`
    query Places {
  platforms { nodes { ...Place } }
}
    fragment Place on Platform {
  id
}\`) as unknown as TypedDocumentString<PlacesQuery, PlacesQueryVariables>;
`;

test("an operation is a document, with its fragments; a fragment is none of its own", () => {
  const found = documentsIn(GENERATED);
  expect([...found.keys()]).toEqual(["PlacesDocument"]);
  expect(found.get("PlacesDocument")).toContain("fragment Place on Platform");
});
