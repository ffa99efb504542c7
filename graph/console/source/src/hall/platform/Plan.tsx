import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import type { PlatformQuery } from "~generated/graphql";
import { useLinkAsOf } from "~/app/asOf";
import { day } from "~/i18n/format";
import { Section } from "~/parts/Page";
import { TableFrame } from "~/parts/TableFrame";
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
    <Section title={t("plan.title", { year })} aside={plan && <span className="soft small">{t("plan.version", { revision: plan.revision })}</span>}>
      {plan ? (
        <>
          <p className="line">
            {plan.approvingBody && plan.approvedAt && <span>{t("plan.approved", { body: plan.approvingBody, day: day(plan.approvedAt) })}</span>}
            <span>{t("plan.progress", { held: plan.items.filter(({ held }) => held).length, count: plan.items.length })}</span>
          </p>
          <TableFrame label={t("plan.title", { year })}>
            <table className="table">
              <thead>
                <tr>
                  <th scope="col" className="number">
                    {t("plan.position")}
                  </th>
                  <th scope="col">{t("plan.topic")}</th>
                  <th scope="col">{t("plan.quarter")}</th>
                  <th scope="col">{t("plan.held")}</th>
                  <th scope="col">{t("plan.status")}</th>
                </tr>
              </thead>
              <tbody>
                {plan.items.map(({ position, quarter, held, topic }) => (
                  <tr key={topic.id}>
                    <td className="number">{position}</td>
                    <td>
                      <Link to={link(`/topics/${topic.number}`)}>{topic.title}</Link>
                    </td>
                    <td>{quarter == null ? t("plan.anyQuarter") : t("plan.ofQuarter", { quarter })}</td>
                    <td>{t(held ? "plan.yes" : "plan.no")}</td>
                    <td>
                      <Tag of="TopicStatus" value={topic.status} />
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          </TableFrame>
        </>
      ) : (
        <p className="soft">{t("plan.none")}</p>
      )}
    </Section>
  );
}
