import { useTranslation } from "react-i18next";
import { Link, useParams } from "react-router";
import { PlatformChangedDocument, PlatformDocument, type PlatformQuery } from "~generated/graphql";
import { useAsk, useFollow } from "~/api/ask";
import { at } from "~/api/base";
import { useAsOf, useLinkAsOf } from "~/app/asOf";
import { day, number, today } from "~/i18n/format";
import { useNames } from "~/i18n/names";
import { announce } from "~/parts/Announcer";
import { Answer } from "~/parts/Answer";
import { Disclosed } from "~/parts/Disclosed";
import { Notice } from "~/parts/Notice";
import { Crumbs, PageTitle, Section } from "~/parts/Page";
import { crumbsTo } from "../crumbs";
import { PlaceFigures } from "../PlaceFigures";
import { SessionList } from "../SessionList";
import { ThenAndNow } from "../ThenAndNow";
import { Trend } from "../Trend";
import { monthsUntil } from "../trendMonths";
import { Plan } from "./Plan";
import { QrCode } from "./QrCode";
import { Topics } from "./Topics";
import "../hall.css";

type Shown = NonNullable<PlatformQuery["platform"]>;

export default function Platform() {
  const { t } = useTranslation("platform");
  const { code = "" } = useParams();
  const { day: asOf, instant } = useAsOf();
  const year = Number((asOf ?? today()).slice(0, 4));
  const asked = useAsk(PlatformDocument, { code, asOf: instant, beside: instant !== null, year, months: monthsUntil(asOf) });
  const platform = asked.data?.platform;

  useFollow(
    PlatformChangedDocument,
    { within: platform?.division.code ?? "" },
    ({ topicChanged }) => {
      const { id, ancestors } = topicChanged.topic.platform;
      if ([id, ...ancestors.map((each) => each.id)].includes(platform?.id ?? "")) {
        asked.again();
        announce(t("changed"));
      }
    },
    { pause: platform == null || instant !== null },
  );

  return (
    <div className="page">
      <Answer asked={asked}>
        {({ platform, now }) =>
          platform ? (
            <>
              <Head platform={platform} />
              <ThenAndNow />
              {platform.statistics && <PlaceFigures figures={platform.statistics} now={now?.statistics} />}
              <div className="columns">
                <div className="stack">
                  <Plan plans={platform.plans} year={year} />
                  <Topics key={`${code} ${instant}`} platform={platform} asOf={instant} />
                  <Trend points={platform.statisticsOverTime} />
                </div>
                <div className="stack">
                  <Sessions platform={platform} />
                  <Beneath platform={platform} />
                  <Address platform={platform} />
                </div>
              </div>
            </>
          ) : (
            <>
              <PageTitle title={t("title")} />
              <ThenAndNow />
              <Notice kind="notice" title={t(instant === null ? "none" : "notYet", { code })} />
            </>
          )
        }
      </Answer>
    </div>
  );
}

function Head({ platform }: { platform: Shown }) {
  const { t } = useTranslation("platform");
  const name = useNames();
  const link = useLinkAsOf();
  const { division, parent, brand, liaisonGroup, openedOn, closedOn } = platform;
  return (
    <PageTitle title={platform.name} above={<Crumbs crumbs={crumbsTo([...division.ancestors, division], link)} />}>
      <p className="line">
        <span className="tag">{name("PlatformTier", platform.tier)}</span>
        <span>{name("PlatformKind", platform.kind)}</span>
        <span>{t("code", { code: platform.code })}</span>
        {openedOn && <span>{t("opened", { day: day(openedOn) })}</span>}
        {closedOn && <span className="tag wrong">{t("closed", { day: day(closedOn) })}</span>}
      </p>
      <p className="line">
        {brand && <span>{t("brand", { name: brand.name })}</span>}
        {parent && (
          <span>
            {t("parent")} <Link to={link(`/platforms/${parent.code}`)}>{parent.name}</Link>
          </span>
        )}
        {liaisonGroup && <span>{t("liaisonGroup", { name: liaisonGroup.name })}</span>}
      </p>
      <div className="ways">
        <a className="button" href={at(`calendar/platforms/${platform.code}.ics`)}>
          {t("calendar")}
        </a>
        <a className="button" href={at(`feed/platforms/${platform.code}.atom`)}>
          {t("feed")}
        </a>
        <button type="button" className="button" onClick={() => print()}>
          {t("print")}
        </button>
      </div>
    </PageTitle>
  );
}

function Sessions({ platform: { coming, latest } }: { platform: Shown }) {
  const { t } = useTranslation("platform");
  return (
    <>
      <Section title={t("coming")} aside={<span className="soft small">{number(coming?.totalCount ?? 0)}</span>}>
        {coming && coming.nodes.length > 0 ? <SessionList sessions={coming.nodes} /> : <p className="soft">{t("noneComing")}</p>}
      </Section>
      {latest && latest.nodes.length > 0 && (
        <Section title={t("latest")} aside={<span className="soft small">{number(latest.totalCount)}</span>}>
          <SessionList sessions={latest.nodes} />
        </Section>
      )}
    </>
  );
}

const IN_SIGHT = 12;

/** The platforms that stand directly beneath. */
function Beneath({ platform: { children } }: { platform: Shown }) {
  const { t } = useTranslation("platform");
  const name = useNames();
  const link = useLinkAsOf();
  if (children.length === 0) {
    return null;
  }
  const list = (platforms: Shown["children"]) => (
    <ul className="things">
      {platforms.map((each) => (
        <li key={each.id}>
          <Link className="thing-title" to={link(`/platforms/${each.code}`)}>
            {each.name}
          </Link>
          <span className="line">
            <span>{name("PlatformTier", each.tier)}</span>
            {each.closedOn && <span>{t("closed", { day: day(each.closedOn) })}</span>}
          </span>
        </li>
      ))}
    </ul>
  );
  return (
    <Section title={t("beneath")} aside={<span className="soft small">{number(children.length)}</span>}>
      {list(children.slice(0, IN_SIGHT))}
      {children.length > IN_SIGHT && (
        <Disclosed title={t("moreBeneath", { count: children.length - IN_SIGHT })}>{list(children.slice(IN_SIGHT))}</Disclosed>
      )}
    </Section>
  );
}

/** Where the page is, for a notice on a wall. */
function Address({ platform }: { platform: Shown }) {
  const { t } = useTranslation("platform");
  const address = at(`platforms/${platform.code}`);
  return (
    <Section title={t("scan")}>
      <div className="scan">
        <QrCode text={address} label={t("qr", { name: platform.name })} />
        <p className="small soft">{t("scanToOpen")}</p>
        <p className="small">{address}</p>
      </div>
    </Section>
  );
}
