import { useTranslation } from "react-i18next";
import { day, number } from "~/i18n/format";
import { Section } from "~/parts/Page";
import type { Topic } from "./story";

/** Whether the public confirmed the fix, and how content those are who were asked. */
export function Satisfaction({ topic }: { topic: Topic }) {
  const { t } = useTranslation("hall");
  const { followUps, confirmedFixedAt } = topic;
  if (topic.resolvedAt === null && followUps.length === 0) {
    return null;
  }
  const mean = followUps.reduce((sum, { score }) => sum + score, 0) / followUps.length;
  return (
    <Section title={t("topic.satisfaction")}>
      <p className={confirmedFixedAt ? "verdict-line good" : "verdict-line"}>
        {confirmedFixedAt ? t("topic.confirmedOn", { day: day(confirmedFixedAt) }) : t("topic.notConfirmed")}
      </p>
      {followUps.length > 0 && (
        <p className="score">
          <span className="figure-value">{number(mean, 1)}</span>
          <span className="soft">{t("topic.scored", { count: followUps.length })}</span>
        </p>
      )}
    </Section>
  );
}
