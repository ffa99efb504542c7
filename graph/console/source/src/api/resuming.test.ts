import { expect, test } from "vitest";
import { resumed } from "./resuming";

test("a subscription goes on behind the last event that came", () => {
  const variables = { within: "140521" };
  expect(resumed(variables, { data: { topicChanged: { eventId: "event_1" } } })).toEqual({ within: "140521", after: "event_1" });
  expect(resumed(variables, { data: null })).toEqual(variables);
});
