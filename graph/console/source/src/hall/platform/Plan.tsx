import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import type { PlatformQuery } from "~generated/graphql";
import { useLinkAsOf } from "~/app/asOf";
import { day } from "~/i18n/format";
import { Section } from "~/parts/Page";
import { Tag } from "~/parts/Tag";

interface Props {
  plans: NonNullable<PlatformQuery["platform"]>["plans"];
  year: number;
}

/** The plan of the year that is in force (年度协商计划), and how far it was held. */
export function Plan({ plans, year }: Props) {
  const { t } = useTranslation("platform");
  const link = useLinkAsOf();
  const plan = plans.find(({ status, supersededAt }) => status === "APPROVED" && supersededAt === null);
  return (
    <Section title={t("plan.title", { year })} aside={plan && <span className="soft small">{t("plan.version", { version: plan.version })}</span>}>
      {plan ? (
        <>
          <p className="line">
            {plan.approvingBody && plan.approvedAt && <span>{t("plan.approved", { body: plan.approvingBody, day: day(plan.approvedAt) })}</span>}
            <span>{t("plan.progress", { held: plan.items.filter(({ held }) => held).length, count: plan.items.length })}</span>
          </p>
          <ol className="things beside plan-items">
            {plan.items.map(({ position, quarter, held, topic }) => (
              <li key={topic.id}>
                <span className="beside-mark" aria-hidden="true">
                  {position}
                </span>
                <Link className="thing-title" to={link(`/topics/${topic.number}`)}>
                  {topic.title}
                </Link>
                <div className="line">
                  <Tag of="TopicStatus" value={topic.status} />
                  <span>{quarter == null ? t("plan.anyQuarter") : t("plan.ofQuarter", { quarter })}</span>
                  <span>{t(held ? "plan.yes" : "plan.no")}</span>
                </div>
              </li>
            ))}
          </ol>
        </>
      ) : (
        <p className="soft">{t("plan.none")}</p>
      )}
    </Section>
  );
}
