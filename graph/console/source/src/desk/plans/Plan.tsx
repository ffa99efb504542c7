import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useParams, useSearchParams } from "react-router";
import { DeskPlanDocument, type DeskPlanQuery } from "~generated/graphql";
import { useAsk } from "~/api/ask";
import { usePolling } from "~/api/polling";
import { Answer } from "~/parts/Answer";
import { Notice } from "~/parts/Notice";
import { Crumbs, PageTitle } from "~/parts/Page";
import { Tag } from "~/parts/Tag";
import { Board } from "./Board";
import { Comparison } from "./Comparison";
import { SubmitPlan } from "./SubmitPlan";
import { TakeUp } from "./TakeUp";
import { Versions } from "./Versions";
import "./plan.css";

export type Platform = NonNullable<DeskPlanQuery["platform"]>;
export type Version = Platform["plans"][number];

/** The plan of a platform for a year: its versions, and the one that is drawn up. */
export default function Plan() {
  const { t } = useTranslation("plans");
  const { platform: code = "", year: asked } = useParams();
  const year = Number(asked);
  const [words, setWords] = useState("");
  const answer = useAsk(DeskPlanDocument, { platform: code, year, text: words || null });
  usePolling(answer.again);
  return (
    <div className="page">
      <Answer asked={answer}>
        {({ platform }) =>
          platform ? <Shown platform={platform} year={year} onSearch={setWords} /> : <Notice kind="notice" title={t("noPlatform")} />
        }
      </Answer>
    </div>
  );
}

function Shown({ platform, year, onSearch }: { platform: Platform; year: number; onSearch: (words: string) => void }) {
  const { t } = useTranslation("plans");
  const [parameters] = useSearchParams();
  // oxlint-disable-next-line unicorn/no-array-sort -- a copy, and toSorted is younger than the oldest browsers
  const versions = [...platform.plans].sort((one, other) => other.version - one.version);
  const newest = versions[0];
  const shown = versions.find(({ version }) => String(version) === parameters.get("version")) ?? newest;
  const before = shown && versions.find(({ version }) => version === shown.version - 1);
  return (
    <>
      <PageTitle title={t("of", { platform: platform.name, year })} above={<Crumbs crumbs={[{ to: "/desk/plans", name: t("title") }]} />}>
        {shown && (
          <p className="line">
            <span>{t("version", { version: shown.version })}</span>
            <Tag of="PlanStatus" value={shown.status} />
            {shown.supersededAt && <span>{t("superseded")}</span>}
          </p>
        )}
      </PageTitle>
      {shown?.returnReason && (
        <Notice kind="problem" title={t("returned.title")}>
          <p>{shown.returnReason}</p>
          <p className="soft small">{t(shown.status === "RETURNED" ? "returned.what" : "returned.before")}</p>
        </Notice>
      )}
      {(newest === undefined || (shown === newest && (newest.status === "APPROVED" || newest.status === "RETURNED"))) && (
        <TakeUp platform={platform} year={year} newest={newest} />
      )}
      {shown?.status === "DRAFT" && <Board plan={shown} topics={platform.topics} onSearch={onSearch} />}
      {shown?.status === "DRAFT" && <SubmitPlan plan={shown} />}
      {shown?.status === "SUBMITTED" && (
        <Notice kind="notice" title={t("waiting.title")}>
          <p>{t("waiting.what")}</p>
        </Notice>
      )}
      {shown && (shown.status !== "DRAFT" || before) && <Comparison plan={shown} before={before ?? null} year={year} />}
      <Versions platform={platform} year={year} versions={versions} shown={shown ?? null} />
    </>
  );
}
