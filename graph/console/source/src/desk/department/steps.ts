import type { ReceiptStatus } from "~generated/graphql";

/** What a department does about a notice or a commitment. */
export type Step = "receive" | "accept" | "decline" | "progress" | "complete";

/** What the receipt becomes by it. */
export const RECEIPT_AFTER: Record<Step, ReceiptStatus> = {
  receive: "RECEIVED",
  accept: "ACCEPTED",
  decline: "DECLINED",
  progress: "IN_PROGRESS",
  complete: "COMPLETED",
};

const NEXT: Record<ReceiptStatus | "NONE", readonly Step[]> = {
  NONE: ["receive"],
  RECEIVED: ["accept", "decline"],
  ACCEPTED: ["progress", "complete"],
  DECLINED: [],
  IN_PROGRESS: ["progress", "complete"],
  COMPLETED: [],
};

/** What only tells the department something: that it has it is all there is to say. */
const ONLY_TOLD = new Set([
  "commitment.verified", "commitment.withdrawn", "notice.reminder", "reply.rejected", "system.restored", "system.test",
  "topic.released",
]);

/** What may be answered to a notice now. Work that was disputed is taken up again at once. */
export function stepsOf(type: string, receipt: ReceiptStatus | null | undefined): readonly Step[] {
  if (receipt && ONLY_TOLD.has(type)) {
    return [];
  }
  if (receipt === "RECEIVED" && type === "commitment.disputed") {
    return ["progress"];
  }
  return NEXT[receipt ?? "NONE"];
}
