import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { moment } from "~/i18n/format";
import { Section } from "~/parts/Page";
import { Tag } from "~/parts/Tag";
import { planAddress } from "./address";
import type { Platform, Version } from "./Plan";

interface Props {
  platform: Platform;
  year: number;
  versions: readonly Version[];
  shown: Version | null;
}

/** What became of each version. */
export function Versions({ platform, year, versions, shown }: Props) {
  const { t } = useTranslation("plans");
  return (
    <Section title={t("versions.title")}>
      {versions.length === 0 && <p className="empty">{t("versions.empty")}</p>}
      <ol className="things">
        {versions.map((plan) => (
          <li key={plan.id}>
            <span className="line">
              <Link
                className="thing-title"
                to={planAddress(platform.code, year, plan.version)}
                aria-current={plan === shown ? "page" : undefined}
              >
                {t("version", { version: plan.version })}
              </Link>
              <Tag of="PlanStatus" value={plan.status} />
              <span>{t("versions.topics", { count: plan.items.length })}</span>
              {plan.status === "APPROVED" && !plan.supersededAt && <span>{t("versions.inForce")}</span>}
            </span>
            <span className="line">
              {plan.submittedAt && <span>{t("versions.submitted", { at: moment(plan.submittedAt) })}</span>}
              {plan.approvedAt && <span>{t("versions.approved", { at: moment(plan.approvedAt), body: plan.approvingBody })}</span>}
              {plan.supersededAt && <span>{t("versions.superseded", { at: moment(plan.supersededAt) })}</span>}
            </span>
          </li>
        ))}
      </ol>
    </Section>
  );
}
