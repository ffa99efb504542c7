import { useTranslation } from "react-i18next";
import { useNow } from "~/parts/now";
import type { Topic } from "./Topic";

/** Commitments for which somebody still has to do something. */
export function unsettled(topic: Topic) {
  return commitmentsOf(topic).filter(({ status }) => status !== "DONE" && status !== "VERIFIED" && status !== "WITHDRAWN");
}

export function commitmentsOf(topic: Topic) {
  return topic.outcomes.flatMap(({ commitments }) => commitments);
}

/** What is to be done next with a topic, in a sentence. */
export function useStanding(topic: Topic): string {
  const { t } = useTranslation("cadre");
  const now = useNow();
  if (topic.status === "SCHEDULED" && topic.sessions?.nodes.some(({ status, scheduledAt }) => status === "SCHEDULED" && Date.parse(scheduledAt) < now)) {
    return t("topic.next.RECORD");
  }
  if (topic.status === "IMPLEMENTING") {
    const commitments = commitmentsOf(topic);
    const [done, open] = [commitments.filter(({ status }) => status === "DONE").length, unsettled(topic).length];
    if (commitments.length === 0) {
      return t("topic.next.ASSIGN");
    }
    if (done > 0) {
      return t("topic.next.VERIFY", { count: done });
    }
    return open > 0 ? t("topic.next.WAIT", { count: open }) : t("topic.next.RESOLVE");
  }
  return t(`topic.next.${topic.status}`);
}
