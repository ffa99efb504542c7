import { useTranslation } from "react-i18next";
import { useParams } from "react-router";
import { ApprovalDocument, type ApprovalQuery } from "~generated/graphql";
import { useAsk } from "~/api/ask";
import { usePolling } from "~/api/polling";
import { moment } from "~/i18n/format";
import { Answer } from "~/parts/Answer";
import { Notice } from "~/parts/Notice";
import { Crumbs, PageTitle } from "~/parts/Page";
import { Tag } from "~/parts/Tag";
import { Comparison } from "../plans/Comparison";
import { Decide } from "./Decide";
import "../plans/plan.css";

/** A submitted plan beside the version in force, to be approved or returned. */
export default function Approval() {
  const { t } = useTranslation("approvals");
  const { platform: code = "", year: asked } = useParams();
  const year = Number(asked);
  const answer = useAsk(ApprovalDocument, { platform: code, year });
  usePolling(answer.again);
  return (
    <div className="page">
      <Answer asked={answer}>
        {({ platform }) => (platform ? <Shown platform={platform} year={year} /> : <Notice kind="notice" title={t("plans:noPlatform")} />)}
      </Answer>
    </div>
  );
}

function Shown({ platform, year }: { platform: NonNullable<ApprovalQuery["platform"]>; year: number }) {
  const { t } = useTranslation("approvals");
  const inForce = platform.plans.find(({ status, supersededAt }) => status === "APPROVED" && !supersededAt);
  const newest = platform.plans.reduce<typeof inForce>((one, other) => (one && one.version > other.version ? one : other), undefined);
  const before = platform.plans.find(({ version }) => version === (newest?.version ?? 0) - 1);
  return (
    <>
      <PageTitle title={t("plans:of", { platform: platform.name, year })} above={<Crumbs crumbs={[{ to: "/desk/approvals", name: t("title") }]} />}>
        {newest && (
          <p className="line">
            <span>{t("plans:version", { version: newest.version })}</span>
            <Tag of="PlanStatus" value={newest.status} />
            {newest.submittedAt && <span>{t("plans:versions.submitted", { at: moment(newest.submittedAt) })}</span>}
            {newest.approvedAt && <span>{t("plans:versions.approved", { at: moment(newest.approvedAt), body: newest.approvingBody })}</span>}
          </p>
        )}
      </PageTitle>
      {newest?.status !== "SUBMITTED" && (
        <Notice kind={newest?.status === "APPROVED" ? "done" : "notice"} title={t(`state.${newest?.status ?? "NONE"}`)}>
          {newest?.status === "RETURNED" && <p>{newest.returnReason}</p>}
        </Notice>
      )}
      {newest && newest.status !== "DRAFT" && (
        <>
          {newest.version === 1 && <p className="soft">{t("first")}</p>}
          <Comparison plan={newest} before={(newest.status === "APPROVED" ? before : inForce) ?? null} year={year} />
        </>
      )}
      {newest?.status === "SUBMITTED" && <Decide plan={newest} />}
    </>
  );
}
