import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link, useSearchParams } from "react-router";
import { MyMattersDocument, type MatterStatus, type MyMattersQuery } from "~generated/graphql";
import { useAsk } from "~/api/ask";
import { usePolling } from "~/api/polling";
import { day } from "~/i18n/format";
import { useNames } from "~/i18n/names";
import { Answer } from "~/parts/Answer";
import { More } from "~/parts/More";
import { PageTitle } from "~/parts/Page";
import { Tag } from "~/parts/Tag";
import { addressOf } from "../addresses";
import { toConfirm } from "../story";
import "../resident.css";

const SHOWN = ["all", "open", "listed", "confirm", "closed"] as const;
type Shown = (typeof SHOWN)[number];
const STATES: Record<Shown, MatterStatus[] | null> = {
  all: null,
  open: ["RAISED", "ACCEPTED"],
  listed: ["LISTED"],
  confirm: ["LISTED"],
  closed: ["ANSWERED", "DECLINED"],
};

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
      <fieldset className="choices">
        <legend className="unseen">{t("matters.show.label")}</legend>
        {SHOWN.map((each) => (
          <button
            key={each}
            type="button"
            className="choice"
            aria-pressed={each === shown}
            onClick={() => setParameters(each === "all" ? {} : { show: each }, { replace: true })}
          >
            {t(`matters.show.${each}`)}
          </button>
        ))}
      </fieldset>
      <MattersPage key={shown} shown={shown} after={null} />
    </div>
  );
}

/** A page of them; the next one stands behind it. */
function MattersPage({ shown, after }: { shown: Shown; after: string | null }) {
  const { t } = useTranslation("resident");
  const [next, setNext] = useState<string | null>(null);
  const asked = useAsk(MyMattersDocument, { status: STATES[shown], after });
  usePolling(asked.again);
  return (
    <Answer asked={asked}>
      {({ viewer: { matters } }) => {
        const found = (matters?.nodes ?? []).filter(({ topic }) => shown !== "confirm" || toConfirm(topic));
        return (
          <>
            {found.length === 0 && after === null && !matters?.pageInfo.hasNextPage && <p className="card soft">{t(`matters.none.${shown}`)}</p>}
            {found.length > 0 && (
              <ul className="matters" aria-label={t("matters.title")}>
                {found.map((matter) => (
                  <li key={matter.id} className="card">
                    <OneMatter matter={matter} />
                  </li>
                ))}
              </ul>
            )}
            {next === null ? (
              <More page={matters?.pageInfo} busy={asked.fetching} onMore={setNext} />
            ) : (
              <MattersPage shown={shown} after={next} />
            )}
          </>
        );
      }}
    </Answer>
  );
}

type MyMatter = NonNullable<MyMattersQuery["viewer"]["matters"]>["nodes"][number];

function OneMatter({ matter }: { matter: MyMatter }) {
  const { t } = useTranslation("resident");
  const name = useNames();
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
        {toConfirm(topic) && <span className="tag waiting">{t("matters.toConfirm")}</span>}
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
