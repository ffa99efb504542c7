import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { ProvinceDocument, type ProvinceQuery } from "~generated/graphql";
import { useAsk } from "~/api/ask";
import { useAsOf, useLinkAsOf } from "~/app/asOf";
import { month } from "~/i18n/format";
import { Answer } from "~/parts/Answer";
import { PageTitle, Section } from "~/parts/Page";
import { PROVINCE } from "../place";
import { PlaceFigures } from "../PlaceFigures";
import { ThenAndNow } from "../ThenAndNow";
import { TopicList } from "../TopicList";
import { Trend } from "../Trend";
import { monthsUntil } from "../trendMonths";
import { Comparison } from "./Comparison";
import { Outcomes } from "./Outcomes";
import "./province.css";

type Shown = NonNullable<ProvinceQuery["division"]>;

export default function Province() {
  const { t } = useTranslation("hall");
  const { day: asOf, instant } = useAsOf();
  const asked = useAsk(ProvinceDocument, { code: PROVINCE, asOf: instant, beside: instant !== null, months: monthsUntil(asOf) });
  return (
    <>
      <div className="hero">
        <div className="hero-inner">
          <PageTitle title={t("province.title")}>
            <p className="hero-lead">{t("province.lead")}</p>
          </PageTitle>
          <div className="hero-ways">
            <Link className="button primary" to="/desk">
              {t("province.raise")}
            </Link>
            <Link className="button" to="/calendar">
              {t("province.calendar")}
            </Link>
          </div>
        </div>
      </div>
      <div className="page">
        <ThenAndNow />
        <Answer asked={asked}>
          {({ division, outcomes, now }) =>
            division && (
              <>
                {division.statistics && <PlaceFigures figures={division.statistics} now={now?.statistics} />}
                <Comparison cities={division.children} />
                <Trend points={division.statisticsOverTime} />
                <div className="columns even">
                  <Section title={t("province.newest")}>
                    <TopicList topics={division.newest?.nodes ?? []} />
                  </Section>
                  <Section title={t("province.resolved")}>
                    <TopicList
                      topics={division.resolved?.nodes ?? []}
                      when={({ resolvedAt, proposedAt }) => resolvedAt ?? proposedAt}
                      more={({ resolution }) => resolution && <p className="small clamped">{resolution}</p>}
                    />
                  </Section>
                </div>
                <Section title={t("province.outcomes")}>
                  <Outcomes outcomes={outcomes?.nodes ?? []} />
                </Section>
                <Brands province={division} />
              </>
            )
          }
        </Answer>
      </div>
    </>
  );
}

/** The brands of the province, its cities and counties. */
function Brands({ province }: { province: Shown }) {
  const { t } = useTranslation("hall");
  const link = useLinkAsOf();
  const places = [province, ...province.children, ...province.children.flatMap(({ children }) => children)];
  const brands = places.flatMap((place) => place.brands);
  return (
    <Section title={t("brands.title")} aside={<span className="soft small">{t("brands.count", { count: brands.length })}</span>}>
      <ul className="brands">
        {brands.map(({ id, name, division, launchedOn }) => (
          <li key={id}>
            <Link to={link(`/divisions/${division.code}`)} className="thing-title">
              {name}
            </Link>
            <span className="line">
              <span>{division.name}</span>
              {launchedOn && <span>{t("brands.since", { month: month(launchedOn) })}</span>}
            </span>
          </li>
        ))}
      </ul>
    </Section>
  );
}
