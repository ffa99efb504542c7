import { useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { Link, useSearchParams } from "react-router";
import { DepartmentNoticeChangedDocument, DepartmentNoticesDocument, type NoticeShownFragment } from "~generated/graphql";
import { useAsk, useFollow } from "~/api/ask";
import { moment } from "~/i18n/format";
import { useNames } from "~/i18n/names";
import { announce } from "~/parts/Announcer";
import { Answer } from "~/parts/Answer";
import { More } from "~/parts/More";
import { PageTitle } from "~/parts/Page";
import { Tag } from "~/parts/Tag";
import { NoticeActs } from "./NoticeActs";
import { backTo } from "./back";
import { byTopic } from "./topics";
import { Which } from "./Which";
import "./department.css";

/** What the department was told, by topic, and what it answered. */
export default function Notices() {
  const { t } = useTranslation("department");
  return (
    <div className="page">
      <PageTitle title={t("notices.title")}>
        <p className="soft">{t("notices.what")}</p>
      </PageTitle>
      <Which>{(code) => <Told key={code} department={code} />}</Which>
    </div>
  );
}

function Told({ department }: { department: string }) {
  const { t } = useTranslation(["department", "events"]);
  const name = useNames();
  const [parameters, setParameters] = useSearchParams();
  const unanswered = parameters.get("show") === "unanswered";
  const [after, setAfter] = useState<string | null>(null);
  const asked = useAsk(DepartmentNoticesDocument, { department, unacknowledged: unanswered || null, after });
  const known = new Set(asked.data?.notices?.nodes.map(({ id }) => id));

  useFollow(DepartmentNoticeChangedDocument, { department }, ({ noticeChanged }) => {
    const what = t(`events:${noticeChanged.type}`, { defaultValue: noticeChanged.type });
    const state = noticeChanged.receipt ? name("ReceiptStatus", noticeChanged.receipt.status) : name("NoticeStatus", noticeChanged.status);
    announce(known.has(noticeChanged.id) ? t("notices.changed", { what, state }) : t("notices.arrived", { what }));
    if (after === null) {
      asked.again();
    } else {
      setAfter(null);
    }
  });

  function show(which: "all" | "unanswered") {
    setAfter(null);
    setParameters(
      (before) => {
        before.delete("show");
        if (which !== "all") {
          before.set("show", which);
        }
        return before;
      },
      { preventScrollReset: true },
    );
  }
  return (
    <>
      <div className="choices" role="group" aria-label={t("notices.filter")}>
        <button type="button" className="choice" aria-pressed={!unanswered} onClick={() => show("all")}>
          {t("notices.all")}
        </button>
        <button type="button" className="choice" aria-pressed={unanswered} onClick={() => show("unanswered")}>
          {t("notices.unanswered")}
        </button>
      </div>
      <Answer asked={asked}>
        {({ notices }) => (
          <>
            {notices?.nodes.length ? (
              <div className="stack">
                {byTopic(notices.nodes).map((lane) => (
                  <Lane key={lane[0]?.topic?.id ?? ""} lane={lane} />
                ))}
              </div>
            ) : (
              <p className="empty">{t(unanswered ? "notices.noneUnanswered" : "notices.none")}</p>
            )}
            <More page={notices?.pageInfo} busy={asked.fetching} onMore={setAfter} />
          </>
        )}
      </Answer>
    </>
  );
}

function Lane({ lane }: { lane: readonly NoticeShownFragment[] }) {
  const { t } = useTranslation("department");
  const topic = lane[0]?.topic;
  return (
    <section className="card lane">
      <div className="card-head">
        <h2>{topic ? <Link to={`/topics/${topic.number}`}>{topic.title}</Link> : t("notices.withoutTopic")}</h2>
        {topic && (
          <p className="line">
            <span>{topic.number}</span>
            <Tag of="TopicStatus" value={topic.status} />
            {topic.scheduledAt && <span>{t("notices.session", { when: moment(topic.scheduledAt) })}</span>}
          </p>
        )}
      </div>
      <ol className="things">
        {lane.map((notice) => (
          <OneNotice key={notice.id} notice={notice} />
        ))}
      </ol>
    </section>
  );
}

function OneNotice({ notice }: { notice: NoticeShownFragment }) {
  const { t } = useTranslation(["department", "events"]);
  const place = useRef<HTMLLIElement>(null);
  const what = t(`events:${notice.type}`, { defaultValue: notice.type });
  const { receipt } = notice;
  return (
    <li ref={place} tabIndex={-1} className="told">
      <div className="told-words">
        <h3>{what}</h3>
        <p className="line">
          <span>{t("notices.number", { number: notice.sequence })}</span>
          <time dateTime={notice.occurredAt}>{moment(notice.occurredAt)}</time>
          <Tag of="NoticeStatus" value={notice.status} />
          {notice.replays > 0 && <span>{t("notices.replayed", { count: notice.replays })}</span>}
        </p>
        <p className="line">
          <span>{t("notices.receipt")}</span>
          {receipt ? <Tag of="ReceiptStatus" value={receipt.status} /> : <span className="tag waiting">{t("notices.noReceipt")}</span>}
          {receipt && <time dateTime={receipt.at}>{moment(receipt.at)}</time>}
        </p>
        {receipt?.note && <p className="small">{t("notices.note", { note: receipt.note })}</p>}
        {receipt?.evidenceUrl && (
          <p className="small">
            <a href={receipt.evidenceUrl} rel="noreferrer">
              {t("notices.evidence")}
            </a>
          </p>
        )}
      </div>
      <NoticeActs notice={notice} what={what} onDone={() => backTo(place)} />
    </li>
  );
}
