import { useCallback } from "react";
import { useTranslation } from "react-i18next";
import { Link, useParams } from "react-router";
import { CenterDocument, MoreActivitiesOfCenterDocument, type CenterWholeFragment } from "~generated/graphql";
import { useAsk } from "~/api/ask";
import { useLoad, usePages } from "~/api/pages";
import { useAsOf, useLinkAsOf } from "~/app/asOf";
import { day, number } from "~/i18n/format";
import { Answer } from "~/parts/Answer";
import { MorePages } from "~/parts/More";
import { Notice } from "~/parts/Notice";
import { Crumbs, PageTitle, Section } from "~/parts/Page";
import { crumbsTo } from "../crumbs";
import { idAsOf } from "../ids";
import { ThenAndNow } from "../ThenAndNow";

/** A practice center (政协协商民主实践中心): what it has, and what took place there. */
export default function Center() {
  const { t } = useTranslation("center");
  const { id: named = "" } = useParams();
  const { instant } = useAsOf();
  const id = idAsOf("practicecenter", named, instant);
  const asked = useAsk(CenterDocument, { id });
  return (
    <div className="page">
      <Answer asked={asked}>
        {({ node }) =>
          node && "areas" in node ? (
            <>
              <Head center={node} />
              {instant !== null && <ThenAndNow />}
              <div className="columns">
                <Activities key={id} id={id} center={node} />
                <div className="stack">
                  <Named title={t("areas")} names={node.areas} />
                  <Named title={t("functions")} names={node.functions} />
                </div>
              </div>
            </>
          ) : (
            <>
              <PageTitle title={t("title")} />
              {instant !== null && <ThenAndNow />}
              <Notice kind="notice" title={t(instant === null ? "none" : "notYet")} />
            </>
          )
        }
      </Answer>
    </div>
  );
}

function Head({ center: { name, division, openedOn } }: { center: CenterWholeFragment }) {
  const { t } = useTranslation("center");
  const link = useLinkAsOf();
  return (
    <PageTitle title={name} above={<Crumbs crumbs={crumbsTo([...division.ancestors, division], link)} />}>
      <p className="line">
        <span>{t("title")}</span>
        <Link to={link(`/divisions/${division.code}`)}>{division.name}</Link>
        {openedOn && <span>{t("opened", { day: day(openedOn) })}</span>}
      </p>
    </PageTitle>
  );
}

function Named({ title, names }: { title: string; names: readonly string[] }) {
  if (names.length === 0) {
    return null;
  }
  return (
    <Section title={title}>
      <ul className="things">
        {names.map((name) => (
          <li key={name}>{name}</li>
        ))}
      </ul>
    </Section>
  );
}

function Activities({ id, center: { activities } }: { id: string; center: CenterWholeFragment }) {
  const { t } = useTranslation("center");
  const load = useLoad(MoreActivitiesOfCenterDocument);
  const pages = usePages(
    activities,
    useCallback(
      async (after: string) => {
        const node = (await load({ id, after }))?.node;
        return node && "activities" in node ? node.activities : null;
      },
      [load, id],
    ),
  );
  return (
    <Section title={t("activities")} aside={<span className="soft small">{number(activities?.totalCount ?? 0)}</span>}>
      {pages.nodes.length === 0 && <p className="soft">{t("noActivities")}</p>}
      <ul className="things">
        {pages.nodes.map(({ id: key, kind, title, heldOn, headcount, members }) => (
          <li key={key}>
            <strong>{title}</strong>
            <span className="line">
              <span className="tag">{kind}</span>
              <time dateTime={heldOn}>{day(heldOn)}</time>
              {headcount != null && <span>{t("headcount", { count: headcount })}</span>}
            </span>
            {members.length > 0 && <span className="small soft">{t("members", { names: members.map(({ name }) => name).join(t("and")) })}</span>}
          </li>
        ))}
      </ul>
      <MorePages pages={pages} />
    </Section>
  );
}
