import { useTranslation } from "react-i18next";
import { Link, useParams } from "react-router";
import { DivisionDocument, type DivisionQuery } from "~generated/graphql";
import { useAsk } from "~/api/ask";
import { useAsOf, useLinkAsOf } from "~/app/asOf";
import { day } from "~/i18n/format";
import { useNames } from "~/i18n/names";
import { Answer } from "~/parts/Answer";
import { Bars } from "~/parts/Bars";
import { Notice } from "~/parts/Notice";
import { Crumbs, PageTitle, Section } from "~/parts/Page";
import { crumbsTo } from "../crumbs";
import { PlaceFigures } from "../PlaceFigures";
import { PlaceTable } from "../PlaceTable";
import { ThenAndNow } from "../ThenAndNow";
import { Trend } from "../Trend";
import { monthsUntil } from "../trendMonths";
import { Platforms } from "./Platforms";
import { Topics } from "./Topics";

type Shown = NonNullable<DivisionQuery["division"]>;

export default function Division() {
  const { t } = useTranslation("hall");
  const { code = "" } = useParams();
  const { day: asOf, instant } = useAsOf();
  const asked = useAsk(DivisionDocument, { code, asOf: instant, beside: instant !== null, months: monthsUntil(asOf) });
  return (
    <div className="page">
      <Answer asked={asked}>
        {({ division, now }) =>
          division ? (
            <>
              <Head division={division} />
              <ThenAndNow />
              {division.statistics && <PlaceFigures figures={division.statistics} now={now?.statistics} />}
              <div className="columns">
                <div className="stack">
                  {division.children.length > 0 && (
                    <Section title={t("division.children")}>
                      <PlaceTable caption={t("division.childrenOf", { name: division.name })} places={division.children} />
                    </Section>
                  )}
                  <Trend points={division.statisticsOverTime} />
                  <Topics key={`${code} ${instant}`} code={code} asOf={instant} first={division.topics} counts={division.statistics?.topics} />
                </div>
                <div className="stack">
                  <Around division={division} />
                  <Platforms code={code} asOf={instant} first={division.platforms} />
                </div>
              </div>
              <Departments division={division} />
            </>
          ) : (
            <Notice kind="notice" title={t("division.none", { code })} />
          )
        }
      </Answer>
    </div>
  );
}

function Head({ division }: { division: Shown }) {
  const { t } = useTranslation("hall");
  const name = useNames();
  const link = useLinkAsOf();
  return (
    <PageTitle title={division.name} above={<Crumbs crumbs={crumbsTo(division.ancestors, link)} />}>
      <p className="line">
        <span>{name("DivisionLevel", division.level)}</span>
        <span>{t("division.code", { code: division.code })}</span>
        {division.kind === "DEVELOPMENT_ZONE" && <span>{name("DivisionKind", division.kind)}</span>}
        {division.committee && <span>{division.committee.name}</span>}
      </p>
    </PageTitle>
  );
}

/** What the place has of its own: brands, practice centers, how its topics stand. */
function Around({ division }: { division: Shown }) {
  const { t } = useTranslation("hall");
  const name = useNames();
  const link = useLinkAsOf();
  const { brands, practiceCenters, statistics } = division;
  const own = brands.length + practiceCenters.length > 0;
  return (
    <>
      {own && (
        <Section title={t("division.own")}>
          <ul className="things">
            {brands.map((brand) => (
              <li key={brand.id}>
                <strong>{brand.name}</strong>
                <span className="line">
                  {t("division.brand")}
                  {brand.launchedOn && <span>{t("division.launched", { day: day(brand.launchedOn) })}</span>}
                </span>
              </li>
            ))}
            {practiceCenters.map((center) => (
              <li key={center.id}>
                <Link className="thing-title" to={link(`/centers/${center.id}`)}>
                  {center.name}
                </Link>
                {center.openedOn && <span className="line">{t("division.opened", { day: day(center.openedOn) })}</span>}
              </li>
            ))}
          </ul>
        </Section>
      )}
      {statistics && statistics.topics.total > 0 && (
        <Section title={t("division.byCategory")}>
          <Bars
            bars={statistics.topics.byCategory
              .toSorted((a, b) => b.count - a.count)
              .map(({ category, count }) => ({ key: category, name: name("Category", category), value: count }))}
          />
        </Section>
      )}
    </>
  );
}

function Departments({ division }: { division: Shown }) {
  const { t } = useTranslation("hall");
  const name = useNames();
  if (division.departments.length === 0) {
    return null;
  }
  return (
    <Section title={t("division.departments")}>
      <ul className="grid">
        {division.departments.map((department) => (
          <li key={department.id}>
            {department.name} <span className="tag">{name("DepartmentKind", department.kind)}</span>
          </li>
        ))}
      </ul>
    </Section>
  );
}
