import { useCallback } from "react";
import { useTranslation } from "react-i18next";
import { Link, useSearchParams } from "react-router";
import { MyMattersDocument, type MatterStatus, type MyMattersQuery } from "~generated/graphql";
import { useAsk } from "~/api/ask";
import { useLoad, usePages } from "~/api/pages";
import { usePolling } from "~/api/polling";
import { day } from "~/i18n/format";
import { useNames } from "~/i18n/names";
import { Answer } from "~/parts/Answer";
import { Choice } from "~/parts/Choice";
import { MorePages } from "~/parts/More";
import { PageTitle } from "~/parts/Page";
import { Tag } from "~/parts/Tag";
import { addressOf } from "../addresses";
import { useJudging } from "../judging";
import { toConfirm, toVerify } from "../story";
import "../resident.css";

const SHOWN = ["all", "open", "listed", "verify", "confirm", "closed"] as const;
type Shown = (typeof SHOWN)[number];
const STATES: Record<Shown, MatterStatus[] | null> = {
  all: null,
  open: ["RAISED", "ACCEPTED"],
  listed: ["LISTED"],
  verify: ["LISTED"],
  confirm: ["LISTED"],
  closed: ["ANSWERED", "DECLINED"],
};

/** What of the listed ones waits for the resident's own word. */
const KEPT: Partial<Record<Shown, (topic: MyMatter["topic"]) => boolean>> = { verify: toVerify, confirm: toConfirm };

/** What somebody raised, the latest first. */
export default function Matters() {
  const { t } = useTranslation("resident");
  const [parameters, setParameters] = useSearchParams();
  const shown = SHOWN.find((each) => each === parameters.get("show")) ?? "all";
  return (
    <div className="page narrow">
      <PageTitle title={t("matters.title")}>
        <Link className="button primary" to="/desk/matters/new">
          {t("nav.raise")}
        </Link>
      </PageTitle>
      <Choice
        label={t("matters.show.label")}
        options={SHOWN}
        chosen={shown}
        name={(each) => t(`matters.show.${each}`)}
        onChoose={(each) => setParameters(each === "all" ? {} : { show: each }, { replace: true })}
      />
      <MattersShown key={shown} shown={shown} />
    </div>
  );
}

function MattersShown({ shown }: { shown: Shown }) {
  const { t } = useTranslation("resident");
  const status = STATES[shown];
  const mayJudge = useJudging();
  const asked = useAsk(MyMattersDocument, { status, after: null });
  usePolling(asked.again);
  const load = useLoad(MyMattersDocument);
  const pages = usePages(
    asked.data?.viewer.matters,
    useCallback(async (after: string) => (await load({ status, after }))?.viewer.matters, [load, status]),
  );
  const found = pages.nodes.filter(({ topic }) => KEPT[shown] === undefined || (mayJudge(topic) && KEPT[shown](topic)));
  return (
    <Answer asked={asked}>
      {() => (
        <>
          {found.length === 0 && !pages.hasMore && <p className="card soft">{t(`matters.none.${shown}`)}</p>}
          {found.length > 0 && (
            <ul className="matters" aria-label={t("matters.title")}>
              {found.map((matter) => (
                <li key={matter.id} className="card">
                  <OneMatter matter={matter} />
                </li>
              ))}
            </ul>
          )}
          <MorePages pages={pages} />
        </>
      )}
    </Answer>
  );
}

type MyMatter = NonNullable<MyMattersQuery["viewer"]["matters"]>["nodes"][number];

function OneMatter({ matter }: { matter: MyMatter }) {
  const { t } = useTranslation("resident");
  const name = useNames();
  const mayJudge = useJudging();
  const { topic } = matter;
  return (
    <>
      <h2>
        <Link className="thing-title" to={addressOf(matter)}>
          {matter.title}
        </Link>
      </h2>
      <p className="line">
        <Tag of="MatterStatus" value={matter.status} />
        {matter.overdue && <span className="tag wrong">{t("matters.overdue")}</span>}
        {mayJudge(topic) && toVerify(topic) && <span className="tag waiting">{t("promised.toVerify")}</span>}
        {mayJudge(topic) && toConfirm(topic) && <span className="tag waiting">{t("matters.toConfirm")}</span>}
        {topic?.confirmedFixedAt && <span className="tag done">{t("matters.confirmed")}</span>}
      </p>
      <p className="line">
        <span>{name("Category", matter.category)}</span>
        <span>{matter.platform.name}</span>
        <time dateTime={matter.raisedAt}>{day(matter.raisedAt)}</time>
      </p>
      {topic && (
        <p className="line">
          <span>{t("matters.topic")}</span>
          <Link to={`/topics/${topic.number}`}>{topic.title}</Link>
          <Tag of="TopicStatus" value={topic.status} />
        </p>
      )}
      {matter.answer && (
        <blockquote className="answer">
          <strong>{t("matters.answer")}</strong>
          {matter.answer}
        </blockquote>
      )}
    </>
  );
}
