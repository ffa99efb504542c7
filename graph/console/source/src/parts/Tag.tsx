import { useNames } from "~/i18n/names";

type Tone = "plain" | "going" | "done" | "wrong" | "waiting";

/** How a state looks, beside what it is called. */
const TONES: Record<string, Tone> = {
  PROPOSED: "waiting", LISTED: "waiting", SCHEDULED: "going", DELIBERATED: "going", IMPLEMENTING: "going",
  RESOLVED: "done", WITHDRAWN: "plain", HELD: "done", POSTPONED: "wrong", CANCELLED: "plain",
  ASSIGNED: "waiting", ACCEPTED: "going", IN_PROGRESS: "going", DONE: "done", VERIFIED: "done", DISPUTED: "wrong",
  DECLINED: "wrong", RAISED: "waiting", ANSWERED: "done", DRAFT: "plain", SUBMITTED: "waiting", APPROVED: "done",
  RETURNED: "wrong", PENDING: "waiting", CONFIRMED: "done", PARKED: "wrong", SKIPPED: "plain", RECEIVED: "going",
  COMPLETED: "done",
};

/** A value of an enum as a tag: `<Tag of="TopicStatus" value={topic.status} />`. */
export function Tag({ of, value }: { of: string; value: string }) {
  const name = useNames();
  const tone = of.endsWith("Status") ? (TONES[value] ?? "plain") : "plain";
  return <span className={`tag ${tone}`}>{name(of, value)}</span>;
}
