import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link, useParams, useSearchParams } from "react-router";
import { DeliveryChangedDocument, OperatorDepartmentDocument, type DeliveryFragment, type NoticeStatus } from "~generated/graphql";
import { useAsk, useFollow } from "~/api/ask";
import { moment, number } from "~/i18n/format";
import { useNames } from "~/i18n/names";
import { Answer } from "~/parts/Answer";
import { Figures } from "~/parts/Figures";
import { More } from "~/parts/More";
import { Notice } from "~/parts/Notice";
import { Crumbs, PageTitle, Section } from "~/parts/Page";
import { Tag } from "~/parts/Tag";
import { ChannelUse } from "../ChannelUse";
import { ReplayFrom, ReplayTime, TestChannel, WaitingActs } from "./Acts";
import { ChannelState } from "./Departments";
import { useNow } from "./useNow";
import "./operator.css";

const STATES: readonly NoticeStatus[] = ["PENDING", "PARKED", "CONFIRMED", "SKIPPED"];

/** One department's deliveries, and what can be done about them. */
export default function Department() {
  const { t } = useTranslation("operator");
  const name = useNames();
  const { code = "" } = useParams();
  const [parameters, setParameters] = useSearchParams();
  const status = STATES.find((one) => one === parameters.get("status")) ?? null;
  const [after, setAfter] = useState<string | null>(null);
  const asked = useAsk(OperatorDepartmentDocument, { code, status: status && [status], after });
  const now = useNow();

  useFollow(DeliveryChangedDocument, { department: code }, () => {
    if (after === null) {
      asked.again();
    } else {
      setAfter(null);
    }
  });

  function show(wanted: NoticeStatus | null) {
    setAfter(null);
    setParameters(wanted === null ? {} : { status: wanted }, { preventScrollReset: true });
  }
  return (
    <div className="page">
      <Answer asked={asked}>
        {({ department, notices }) =>
          department ? (
            <>
              <PageTitle title={department.name} above={<Crumbs crumbs={[{ to: "/desk/operator", name: t("title") }]} />}>
                <p className="line">
                  <span>{department.division.name}</span>
                  <span>{department.code}</span>
                  <span>{name("DepartmentKind", department.kind)}</span>
                </p>
              </PageTitle>
              <Section
                title={t("channel.title")}
                aside={
                  <div className="acts">
                    {department.channel.enabled && <TestChannel code={code} name={department.name} />}
                    <ReplayTime code={code} />
                    <ChannelUse department={department} />
                  </div>
                }
              >
                <div className="channel-state">
                  <ChannelState channel={department.channel} now={now} />
                </div>
                <Figures
                  figures={[
                    {
                      name: t("figures.pending"),
                      value: number(department.channel.pending ?? 0),
                      note: department.channel.oldestPendingAt && t("departments.since", { when: moment(department.channel.oldestPendingAt) }),
                    },
                    { name: t("figures.parked"), value: number(department.channel.parked ?? 0) },
                    { name: t("figures.confirmed"), value: number(department.confirmed?.totalCount ?? 0) },
                    { name: t("figures.unanswered"), value: number(department.unanswered?.totalCount ?? 0) },
                    { name: t("figures.skipped"), value: number(department.skipped?.totalCount ?? 0) },
                  ]}
                />
              </Section>
              <Section title={t("log.title")}>
                <div className="choices log-choices" role="group" aria-label={t("log.filter")}>
                  <button type="button" className="choice" aria-pressed={status === null} onClick={() => show(null)}>
                    {t("log.all")}
                  </button>
                  {STATES.map((one) => (
                    <button key={one} type="button" className="choice" aria-pressed={status === one} onClick={() => show(one)}>
                      {name("NoticeStatus", one)}
                    </button>
                  ))}
                </div>
                {notices?.nodes.length ? <Log code={code} notices={notices.nodes} /> : <p className="empty">{t("log.none")}</p>}
                <More page={notices?.pageInfo} busy={asked.fetching} onMore={setAfter} />
              </Section>
            </>
          ) : (
            <>
              <PageTitle title={t("title")} />
              <Notice kind="notice" title={t("log.noDepartment", { code })} />
            </>
          )
        }
      </Answer>
    </div>
  );
}

function Log({ code, notices }: { code: string; notices: readonly DeliveryFragment[] }) {
  const { t } = useTranslation(["operator", "events"]);
  return (
    <div className="table-frame">
      <table className="table">
        <thead>
          <tr>
            <th scope="col">{t("log.notice")}</th>
            <th scope="col">{t("log.state")}</th>
            <th scope="col">{t("log.receipt")}</th>
            <th scope="col">{t("lanes.acts")}</th>
          </tr>
        </thead>
        <tbody>
          {notices.map((notice) => {
            const what = t(`events:${notice.type}`, { defaultValue: notice.type });
            return (
              <tr key={notice.id}>
                <th scope="row">
                  {t("log.number", { number: notice.sequence })} {what}
                  <div className="small soft">
                    {notice.topic ? <Link to={`/topics/${notice.topic.number}`}>{notice.topic.title}</Link> : t("withoutTopic")} ·{" "}
                    <time dateTime={notice.occurredAt}>{moment(notice.occurredAt)}</time>
                  </div>
                </th>
                <td>
                  <Tag of="NoticeStatus" value={notice.status} />
                  <div className="small soft">
                    {t("log.attempts", { count: notice.attempts })}
                    {notice.replays > 0 && ` · ${t("log.replays", { count: notice.replays })}`}
                  </div>
                  {notice.status !== "CONFIRMED" && notice.lastError && <div className="small soft error-words">{notice.lastError}</div>}
                  {notice.skipReason && <div className="small soft">{t("log.skipReason", { reason: notice.skipReason })}</div>}
                </td>
                <td>{notice.receipt ? <Tag of="ReceiptStatus" value={notice.receipt.status} /> : <span className="soft">{t("log.noReceipt")}</span>}</td>
                <td>
                  {notice.status === "PENDING" || notice.status === "PARKED" ? (
                    <WaitingActs notice={notice} what={what} />
                  ) : (
                    notice.status === "CONFIRMED" && <ReplayFrom code={code} sequence={notice.sequence} topic={notice.topic} />
                  )}
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}
