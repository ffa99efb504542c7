import { useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { Link, useSearchParams } from "react-router";
import {
  DepartmentCommitmentsDocument, DepartmentFiguresDocument, DepartmentNoticeChangedDocument,
  type CommitmentShownFragment, type CommitmentStatus,
} from "~generated/graphql";
import { useAsk, useFollow } from "~/api/ask";
import { day, moment, number, today } from "~/i18n/format";
import { announce } from "~/parts/Announcer";
import { Answer } from "~/parts/Answer";
import { Figures } from "~/parts/Figures";
import { More } from "~/parts/More";
import { PageTitle } from "~/parts/Page";
import { Tag } from "~/parts/Tag";
import { backTo } from "./back";
import { CommitmentActs } from "./CommitmentActs";
import { Which } from "./Which";
import "./department.css";

const SHOWN = {
  TODO: { status: ["ASSIGNED", "ACCEPTED", "IN_PROGRESS", "DISPUTED"], overdue: null },
  ASSIGNED: { status: ["ASSIGNED"], overdue: null },
  OPEN: { status: ["ACCEPTED", "IN_PROGRESS", "DISPUTED"], overdue: null },
  OVERDUE: { status: null, overdue: true },
  CLOSED: { status: ["DONE", "VERIFIED"], overdue: null },
  ALL: { status: null, overdue: null },
} as const satisfies Record<string, { status: readonly CommitmentStatus[] | null; overdue: boolean | null }>;
type Shown = keyof typeof SHOWN;

const DAY_MS = 86_400_000;

/** What the department has to do, and how far it is. */
export default function Commitments() {
  const { t } = useTranslation("department");
  return (
    <div className="page">
      <PageTitle title={t("commitments.title")}>
        <p className="soft">{t("commitments.what")}</p>
      </PageTitle>
      <Which>{(code) => <Work key={code} department={code} />}</Which>
    </div>
  );
}

function Work({ department }: { department: string }) {
  const { t } = useTranslation("department");
  const [parameters, setParameters] = useSearchParams();
  const named = parameters.get("show") as Shown | null;
  const shown: Shown = named !== null && named in SHOWN ? named : "TODO";
  const [after, setAfter] = useState<string | null>(null);
  const wanted = SHOWN[shown];
  const asked = useAsk(DepartmentCommitmentsDocument, { department, after, status: wanted.status && [...wanted.status], overdue: wanted.overdue });
  const figures = useAsk(DepartmentFiguresDocument, { department });

  useFollow(DepartmentNoticeChangedDocument, { department }, ({ noticeChanged }) => {
    if (noticeChanged.type.startsWith("commitment.")) {
      announce(t("commitments.changed"));
      asked.again();
      figures.again();
    }
  });

  function show(which: Shown) {
    setAfter(null);
    setParameters(
      (before) => {
        before.set("show", which);
        return before;
      },
      { preventScrollReset: true },
    );
  }
  return (
    <>
      {figures.data && (
        <Figures
          figures={(["assigned", "open", "overdue", "done"] as const).map((one) => ({
            name: t(`commitments.figures.${one}`),
            value: number(figures.data?.[one]?.totalCount ?? 0),
          }))}
        />
      )}
      <div className="choices" role="group" aria-label={t("commitments.filter")}>
        {(Object.keys(SHOWN) as Shown[]).map((which) => (
          <button key={which} type="button" className="choice" aria-pressed={which === shown} onClick={() => show(which)}>
            {t(`commitments.state.${which}`)}
          </button>
        ))}
      </div>
      <Answer asked={asked}>
        {({ commitments }) => (
          <>
            {commitments?.nodes.length ? (
              <ul className="stack plain">
                {commitments.nodes.map((commitment) => (
                  <One key={commitment.id} commitment={commitment} />
                ))}
              </ul>
            ) : (
              <p className="empty">{t("commitments.none")}</p>
            )}
            <More page={commitments?.pageInfo} busy={asked.fetching} onMore={setAfter} />
          </>
        )}
      </Answer>
    </>
  );
}

function One({ commitment }: { commitment: CommitmentShownFragment }) {
  const { t } = useTranslation("department");
  const place = useRef<HTMLLIElement>(null);
  const { outcome, progress, evidence, verdicts } = commitment;
  return (
    <li ref={place} tabIndex={-1} className="card commitment">
      <div>
        <h2>{commitment.task}</h2>
        <p className="line">
          <Tag of="CommitmentStatus" value={commitment.status} />
          <Due commitment={commitment} />
          <Link to={`/topics/${outcome.topic.number}`}>{outcome.topic.title}</Link>
          <span>{outcome.topic.number}</span>
        </p>
      </div>
      <div className="facts">
        <div>
          <h3>{t("commitments.agreement")}</h3>
          <p>{outcome.agreement}</p>
        </div>
        <div>
          <h3>{t("commitments.progress")}</h3>
          {progress.length === 0 ? (
            <p className="soft">{t("commitments.noProgress")}</p>
          ) : (
            <ul>
              {progress.map((report) => (
                <li key={report.id}>
                  {report.note}
                  {report.percent != null && ` ${t("commitments.percent", { value: report.percent })}`}{" "}
                  <time className="soft small" dateTime={report.at}>
                    {moment(report.at)}
                  </time>
                </li>
              ))}
            </ul>
          )}
        </div>
        {evidence.length > 0 && (
          <div>
            <h3>{t("commitments.evidence")}</h3>
            <ul>
              {evidence.map((one) => (
                <li key={one.id}>
                  {/^https?:/.test(one.url) ? (
                    <a href={one.url} rel="noreferrer">
                      {one.note ?? one.url}
                    </a>
                  ) : (
                    t("commitments.withheld")
                  )}
                  {one.sha256 && <div className="digest soft">{t("commitments.sha256", { value: one.sha256 })}</div>}
                </li>
              ))}
            </ul>
          </div>
        )}
        {verdicts.length > 0 && (
          <div>
            <h3>{t("commitments.verdicts")}</h3>
            <ul>
              {verdicts.map((verdict) => (
                <li key={verdict.id}>
                  {t(verdict.fulfilled ? "commitments.fulfilled" : "commitments.unfulfilled")}
                  {verdict.note && `：${verdict.note}`}{" "}
                  <time className="soft small" dateTime={verdict.at}>
                    {day(verdict.at)}
                  </time>
                </li>
              ))}
            </ul>
          </div>
        )}
      </div>
      <CommitmentActs commitment={commitment} onDone={() => backTo(place)} />
    </li>
  );
}

const OPEN: ReadonlySet<CommitmentStatus> = new Set<CommitmentStatus>(SHOWN.TODO.status);

function Due({ commitment: { dueOn, status, overdue } }: { commitment: CommitmentShownFragment }) {
  const { t } = useTranslation("department");
  if (dueOn == null) {
    return <span>{t("commitments.noDue")}</span>;
  }
  const left = Math.round((Date.parse(dueOn) - Date.parse(today())) / DAY_MS);
  const told = left < 0 ? t("commitments.late", { count: -left }) : left === 0 ? t("commitments.today") : t("commitments.left", { count: left });
  return (
    <span className={overdue ? "late" : ""}>
      {t("commitments.due", { day: day(dueOn) })}
      {OPEN.has(status) && ` · ${told}`}
    </span>
  );
}
