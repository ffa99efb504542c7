import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { ApprovalsDocument } from "~generated/graphql";
import { useAsk } from "~/api/ask";
import { usePolling } from "~/api/polling";
import { moment, number } from "~/i18n/format";
import { Answer } from "~/parts/Answer";
import { More } from "~/parts/More";
import { PageTitle, Section } from "~/parts/Page";
import { Tag } from "~/parts/Tag";
import { approvalAddress } from "../plans/address";

/** The plans that wait for approval, the longest first. */
export default function Approvals() {
  const { t } = useTranslation("approvals");
  const [after, setAfter] = useState<string | null>(null);
  const asked = useAsk(ApprovalsDocument, { after });
  usePolling(asked.again);
  return (
    <div className="page">
      <PageTitle title={t("title")}>
        <p className="soft">{t("what")}</p>
      </PageTitle>
      <Answer asked={asked}>
        {({ plans }) => (
          <Section title={t("list.title", { total: number(plans?.totalCount ?? 0) })}>
            {plans?.nodes.length ? (
              <ul className="things">
                {plans.nodes.map((plan) => (
                  <li key={plan.id}>
                    <Link className="thing-title" to={approvalAddress(plan.platform.code, plan.year)}>
                      {t("plans:of", { platform: plan.platform.name, year: plan.year })}
                    </Link>
                    <span className="line">
                      <Tag of="PlanStatus" value={plan.status} />
                      <span>{t("plans:version", { version: plan.version })}</span>
                      <span>{t("plans:versions.topics", { count: plan.items.length })}</span>
                      <span>{plan.platform.division.name}</span>
                      {plan.submittedAt && <span>{t("plans:versions.submitted", { at: moment(plan.submittedAt) })}</span>}
                    </span>
                  </li>
                ))}
              </ul>
            ) : (
              <p className="empty">{t("list.empty")}</p>
            )}
            <More page={plans?.pageInfo} busy={asked.fetching} onMore={setAfter} />
          </Section>
        )}
      </Answer>
    </div>
  );
}
