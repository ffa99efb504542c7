// What each client is asked, and how what it holds is told: one JSON text.
import { readFileSync } from "node:fs";

const text = (name) => readFileSync(new URL(name, import.meta.url), "utf8");

export const [endpoint, given] = process.argv.slice(2);
export const variables = JSON.parse(given);
export const THEN_AND_NOW = text("then-and-now.graphql");
export const AGAIN = text("again.graphql");
export const complaints = [];
for (const level of ["warn", "error"]) console[level] = (...words) => complaints.push(words.join(" "));

// Clients add __typename where they need it; the figures are compared without.
const plain = (value) =>
  JSON.parse(JSON.stringify(value, (key, content) => (key.startsWith("__") ? undefined : content)));

export function tell(came, held, again, heldAfter) {
  process.stdout.write(JSON.stringify({ ...plain({ came, held, again, heldAfter }), complaints }));
}
