import { expect, test } from "vitest";
import { idAsOf, plainId } from "./ids";

test("an address has no instant", () => {
  expect(plainId("session_7@2023-11-30T15:59:59Z")).toBe("session_7");
  expect(plainId("session_7")).toBe("session_7");
});

test("an id of now is the plain one, with its type where a calendar gave it without", () => {
  expect(idAsOf("session", "session_7", null)).toBe("session_7");
  expect(idAsOf("session", "7", null)).toBe("session_7");
});

test("an id of then names the instant in UTC", () => {
  expect(idAsOf("session", "session_7", "2023-11-30T23:59:59+08:00")).toBe("session_7@2023-11-30T15:59:59Z");
  expect(idAsOf("session", "session_7@2021-01-01T00:00:00Z", "2023-11-30T23:59:59+08:00")).toBe("session_7@2023-11-30T15:59:59Z");
});
