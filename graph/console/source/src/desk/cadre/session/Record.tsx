import type { FormEvent } from "react";
import { Button, Checkbox, Form } from "react-aria-components";
import { useTranslation } from "react-i18next";
import { Link, useNavigate, useParams } from "react-router";
import { DeskSessionDocument, RecordSessionDocument } from "~generated/graphql";
import { useAct } from "~/api/act";
import { useAsk } from "~/api/ask";
import { moment } from "~/i18n/format";
import { announce } from "~/parts/Announcer";
import { Answer } from "~/parts/Answer";
import { Problems } from "~/parts/Confirm";
import { WordsField } from "~/parts/Fields";
import { count, fieldOf, instant, words } from "~/parts/filled";
import { Notice } from "~/parts/Notice";
import { PageTitle, Section } from "~/parts/Page";
import { NothingHere, NotStaff } from "../Place";
import { useStaffOf } from "../rights";
import { AttendanceRows, OpinionRows, useRows } from "./rows";
import { attended, said, type Present, type Said } from "./recorded";
import { isSession, type Session } from "./Session";
import "../cadre.css";

const FIELDS = ["heldAt", "headcount", "minutes", "attendances.name", "attendances.member", "attendances.department", "opinions.text", "opinions.topic"] as const;

/** Records that a session was held: who came, what they said, the minutes. */
export default function RecordPage() {
  const { id = "" } = useParams();
  const { t } = useTranslation("cadre");
  const asked = useAsk(DeskSessionDocument, { id });
  return (
    <div className="page narrow">
      <PageTitle
        title={t("record.title")}
        above={
          <p className="small">
            <Link to={`/desk/sessions/${id}`}>← {t("session.back")}</Link>
          </p>
        }
      />
      <Answer asked={asked}>{({ node }) => (isSession(node) ? <Recording session={node} /> : <NothingHere />)}</Answer>
    </div>
  );
}

function Recording({ session }: { session: Session }) {
  const { t } = useTranslation("cadre");
  const staff = useStaffOf(session.platform.division.code);
  if (!staff) {
    return <NotStaff place={session.platform.division.name} />;
  }
  if (session.status !== "SCHEDULED") {
    return (
      <Notice kind="notice" title={t("record.notNow")}>
        <Link to={`/desk/sessions/${session.id}`}>{t("session.back")}</Link>
      </Notice>
    );
  }
  return <Protocol session={session} />;
}

function Protocol({ session }: { session: Session }) {
  const { t } = useTranslation("cadre");
  const navigate = useNavigate();
  const present = useRows<Present>([
    { role: "CADRE" },
    ...departmentsOf(session).map((department): Present => ({ role: "DEPARTMENT", department })),
    { role: "RESIDENT" },
  ]);
  const opinions = useRows<Said>([{ role: "RESIDENT" }]);
  const act = useAct(RecordSessionDocument, FIELDS);

  async function send(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const given = await act.perform({
      session: session.id,
      heldAt: instant(form, "heldAt"),
      headcount: count(form, "headcount"),
      headcountIsLowerBound: form.get("headcountIsLowerBound") !== null,
      minutes: words(form, "minutes"),
      attendances: attended(present.rows),
      opinions: said(opinions.rows),
    });
    if (given !== null) {
      announce(t("record.done"));
      const [topic] = session.topics;
      void navigate(topic && session.topics.length === 1 ? `/desk/topics/${topic.number}` : `/desk/sessions/${session.id}`, {
        state: { warnings: given.warnings.map(({ message }) => message) },
      });
    }
  }

  return (
    <Form className="form" validationErrors={act.fieldErrors} onSubmit={(event) => void send(event)}>
      <Section title={t("record.when")} className="wide">
        <p className="soft small">{t("record.scheduled", { at: moment(session.scheduledAt), venue: session.venue })}</p>
        <ul className="bare">
          {session.topics.map(({ id, number, title }) => (
            <li key={id}>
              {number} {title}
            </li>
          ))}
        </ul>
        <div className="fields">
          <WordsField name="heldAt" label={t("session.heldAt")} help={t("record.heldAtHelp")} type="datetime-local" defaultValue={heldAlready(session)} />
          <div className="stack tight">
            <WordsField name="headcount" label={t("session.headcount")} help={t("record.headcountHelp")} type="number" />
            <Checkbox name="headcountIsLowerBound" className="check">
              <span className="check-box" aria-hidden="true" />
              <span>{t("record.atLeast")}</span>
            </Checkbox>
          </div>
        </div>
      </Section>
      <Section title={t("session.present")} className="wide">
        {session.topics.some(({ kind }) => kind === "KEY") && <p className="soft small">{t("record.public")}</p>}
        <AttendanceRows rows={present} within={session.platform.division.code.slice(0, 6)} />
      </Section>
      <Section title={t("session.opinions")} className="wide">
        <OpinionRows rows={opinions} topics={session.topics} present={present.rows} />
      </Section>
      <Section title={t("session.minutes")} className="wide">
        <WordsField name="minutes" label={t("session.minutes")} help={t("record.minutesHelp")} rows={10} maxLength={50_000} />
      </Section>
      <Problems problems={act.problems} />
      <div className="buttons">
        <Button type="submit" className="button primary" isPending={act.pending}>
          {t("record.send")}
        </Button>
      </div>
    </Form>
  );
}

/** When it was to begin, where that is past; the API takes now where nothing stands. */
function heldAlready(session: Session): string {
  return Date.parse(session.scheduledAt) <= Date.now() ? fieldOf(session.scheduledAt) : "";
}

function departmentsOf(session: Session) {
  const all = session.topics.flatMap(({ involvements }) => involvements.filter(({ role }) => role !== "INFORMED").map(({ department }) => department));
  return [...new Map(all.map(({ code, name }) => [code, { id: code, name }])).values()];
}
