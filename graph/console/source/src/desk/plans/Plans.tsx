import { useState } from "react";
import { ToggleButton, ToggleButtonGroup } from "react-aria-components";
import { useTranslation } from "react-i18next";
import { Link, useSearchParams } from "react-router";
import { DeskPlansDocument, type PlanStatus } from "~generated/graphql";
import { useAsk } from "~/api/ask";
import { usePolling } from "~/api/polling";
import { day, number } from "~/i18n/format";
import { useNames } from "~/i18n/names";
import { Answer } from "~/parts/Answer";
import { More } from "~/parts/More";
import { PageTitle, Section } from "~/parts/Page";
import { TableFrame } from "~/parts/TableFrame";
import { Tag } from "~/parts/Tag";
import { divisionsOf, useViewer } from "../viewer";
import { BeginPlan } from "./BeginPlan";
import { planAddress } from "./address";

const STATUSES: readonly PlanStatus[] = ["DRAFT", "SUBMITTED", "RETURNED", "APPROVED"];

/** The plans of the place, and a new one. */
export default function Plans() {
  const { t } = useTranslation("plans");
  const name = useNames();
  const places = divisionsOf(useViewer(), ["SECRETARIAT", "CADRE"]);
  const within = places[0]?.code ?? null;
  const [parameters, setParameters] = useSearchParams();
  const status = STATUSES.find((one) => one === parameters.get("status"));
  const [after, setAfter] = useState<string | null>(null);
  const asked = useAsk(DeskPlansDocument, { within, status: status ? [status] : null, after });
  usePolling(asked.again);
  return (
    <div className="page">
      <PageTitle title={t("title")}>
        <p className="soft">{t("what", { place: places.map((place) => place.name).join("、") })}</p>
      </PageTitle>
      <BeginPlan within={within} />
      <Section
        title={t("list.title")}
        aside={
          <ToggleButtonGroup
            className="choices"
            aria-label={t("list.filter")}
            selectionMode="single"
            disallowEmptySelection
            selectedKeys={[status ?? "ALL"]}
            onSelectionChange={(keys) => {
              const [chosen] = [...keys];
              setAfter(null);
              setParameters(chosen === "ALL" ? {} : { status: String(chosen) }, { replace: true });
            }}
          >
            <ToggleButton id="ALL" className="choice">
              {t("list.all")}
            </ToggleButton>
            {STATUSES.map((one) => (
              <ToggleButton key={one} id={one} className="choice">
                {name("PlanStatus", one)}
              </ToggleButton>
            ))}
          </ToggleButtonGroup>
        }
      >
        <Answer asked={asked}>
          {({ plans }) =>
            plans?.nodes.length ? (
              <TableFrame label={t("list.title")}>
                <table className="table">
                  <caption>{t("list.count", { total: number(plans.totalCount) })}</caption>
                  <thead>
                    <tr>
                      <th scope="col">{t("list.plan")}</th>
                      <th scope="col" className="number">{t("list.version")}</th>
                      <th scope="col">{t("list.status")}</th>
                      <th scope="col" className="number">{t("list.topics")}</th>
                      <th scope="col">{t("list.submitted")}</th>
                      <th scope="col">{t("list.approved")}</th>
                    </tr>
                  </thead>
                  <tbody>
                    {plans.nodes.map((plan) => (
                      <tr key={plan.id}>
                        <th scope="row">
                          <Link to={planAddress(plan.platform.code, plan.year, plan.version)}>
                            {t("of", { platform: plan.platform.name, year: plan.year })}
                          </Link>
                        </th>
                        <td className="number">{plan.version}</td>
                        <td>
                          <Tag of="PlanStatus" value={plan.status} /> {plan.supersededAt && <span className="soft small">{t("superseded")}</span>}
                        </td>
                        <td className="number">{plan.items.length}</td>
                        <td>{plan.submittedAt ? day(plan.submittedAt) : "—"}</td>
                        <td>{plan.approvedAt ? day(plan.approvedAt) : "—"}</td>
                      </tr>
                    ))}
                  </tbody>
                </table>
              </TableFrame>
            ) : (
              <p className="empty">{t("list.empty")}</p>
            )
          }
        </Answer>
        <More page={asked.data?.plans?.pageInfo} busy={asked.fetching} onMore={setAfter} />
      </Section>
    </div>
  );
}
