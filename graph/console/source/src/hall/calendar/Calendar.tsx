import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link, useSearchParams } from "react-router";
import { CalendarDocument, type CalendarQuery } from "~generated/graphql";
import { useAsk } from "~/api/ask";
import { at } from "~/api/base";
import { useAsOf } from "~/app/asOf";
import { dayOf, month as monthText, today, weekday } from "~/i18n/format";
import { Answer } from "~/parts/Answer";
import { More } from "~/parts/More";
import { PageTitle, Section } from "~/parts/Page";
import { DivisionPicker } from "~/parts/Pickers";
import { grouped } from "../grouped";
import { PROVINCE } from "../place";
import { SessionList, timeOf } from "../SessionList";
import { ThenAndNow } from "../ThenAndNow";
import { besides, span } from "./span";
import "../hall.css";
import "./calendar.css";

export default function Calendar() {
  const { t } = useTranslation("calendar");
  const [parameters] = useSearchParams();
  const { day: asOf, instant } = useAsOf();
  const within = parameters.get("within") ?? PROVINCE;
  const month = parameters.get("month");
  return (
    <div className="page">
      <PageTitle title={t("title")}>
        <p className="soft">{t("lead")}</p>
      </PageTitle>
      {instant !== null && <ThenAndNow />}
      <Sessions key={`${within} ${month} ${asOf}`} within={within} month={month} day={asOf ?? today()} instant={instant} />
    </div>
  );
}

interface Props {
  within: string;
  month: string | null;
  /** The day that is shown as today. */
  day: string;
  instant: string | null;
}

function Sessions({ within, month, day, instant }: Props) {
  const { t } = useTranslation("calendar");
  const [after, setAfter] = useState<string | null>(null);
  const { from, until } = span(month, day);
  const asked = useAsk(CalendarDocument, { within, from: startOf(from), until: startOf(until), asOf: instant, after });
  const division = asked.data?.division;
  return (
    <div className="columns">
      <div className="stack">
        <div className="calendar-choices">
          <Months month={month} shown={from.slice(0, 7)} />
          <Place division={within === PROVINCE ? null : division} />
        </div>
        <Answer asked={asked}>
          {({ sessions }) => sessions && <Days sessions={sessions} today={day} busy={asked.fetching} onMore={setAfter} />}
        </Answer>
      </div>
      <Section title={t("subscribe")} className="subscribe">
        <p className="small soft">{t("subscribeWhat", { place: within === PROVINCE ? t("province") : (division?.name ?? within) })}</p>
        <ul className="subscriptions">
          <li>
            <a href={at(`calendar/divisions/${within}.ics`)}>{t("ics")}</a>
          </li>
          <li>
            <a href={at(`feed/divisions/${within}.atom`)}>{t("atom")}</a>
          </li>
        </ul>
      </Section>
    </div>
  );
}

/** The beginning of a day in China. */
function startOf(day: string): string {
  return `${day}T00:00:00+08:00`;
}

/** Which days are shown: those that come, or a month. */
function Months({ month, shown }: { month: string | null; shown: string }) {
  const { t } = useTranslation("calendar");
  const [parameters] = useSearchParams();
  const to = (chosen: string | null) => {
    const next = new URLSearchParams(parameters);
    next.delete("month");
    if (chosen !== null) {
      next.set("month", chosen);
    }
    return { search: next.toString() };
  };
  return (
    <nav className="months" aria-label={t("when")}>
      <Link className="choice" to={to(null)} aria-current={month === null ? "page" : undefined}>
        {t("coming")}
      </Link>
      {[-1, 0, 1].map((count) => {
        const each = besides(shown, count);
        return (
          <Link key={each} className="choice" to={to(each)} aria-current={month === each ? "page" : undefined}>
            {monthText(`${each}-01`)}
          </Link>
        );
      })}
    </nav>
  );
}

interface DaysProps {
  sessions: NonNullable<CalendarQuery["sessions"]>;
  today: string;
  busy: boolean;
  onMore: (after: string) => void;
}

/** Sessions under the days on which they were held or else are to be. */
function Days({ sessions, today: now, busy, onMore }: DaysProps) {
  const { t } = useTranslation("calendar");
  const inTime = sessions.nodes.toSorted((a, b) => Date.parse(timeOf(a)) - Date.parse(timeOf(b)));
  const days = grouped(inTime, (session) => dayOf(timeOf(session)));
  return (
    <>
      <p role="status" className="soft">
        {sessions.totalCount === 0 ? t("none") : t("count", { count: sessions.totalCount })}
      </p>
      {[...days].map(([day, held]) => (
        <Section key={day} title={<time dateTime={day}>{weekday(day)}</time>} aside={day === now && <span className="tag going">{t("today")}</span>}>
          <SessionList sessions={held} ofDay />
        </Section>
      ))}
      <More page={sessions.pageInfo} busy={busy} onMore={onMore} />
    </>
  );
}

function Place({ division }: { division: { code: string; name: string } | null | undefined }) {
  const { t } = useTranslation("calendar");
  const [parameters, setParameters] = useSearchParams();
  const choose = (code: string | null) =>
    setParameters((before) => {
      before.delete("within");
      if (code !== null) {
        before.set("within", code);
      }
      return before;
    });
  return (
    <div className="calendar-place">
      <DivisionPicker
        key={division?.code ?? ""}
        name="within"
        label={t("place")}
        initial={division ? { id: division.code, name: division.name } : null}
        onPick={(picked) => picked && choose(picked.id)}
      />
      <button type="button" className="button" hidden={!parameters.has("within")} onClick={() => choose(null)}>
        {t("everywhere")}
      </button>
    </div>
  );
}
