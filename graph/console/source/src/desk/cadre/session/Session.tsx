import { useTranslation } from "react-i18next";
import { Link, useParams } from "react-router";
import { DeskSessionDocument, DeskTopicChangedDocument, type DeskSessionQuery } from "~generated/graphql";
import { useAsk, useFollow } from "~/api/ask";
import { day, moment } from "~/i18n/format";
import { useNames } from "~/i18n/names";
import { Answer } from "~/parts/Answer";
import { useNow } from "~/parts/now";
import { PageTitle, Section } from "~/parts/Page";
import { TableFrame } from "~/parts/TableFrame";
import { Tag } from "~/parts/Tag";
import { Facts } from "../Facts";
import { Offers } from "../Offers";
import { BackToInbox, NothingHere, NotStaff } from "../Place";
import { useStaffOf } from "../rights";
import { useSessionOffers } from "./offers";
import "../cadre.css";

export type Session = Exclude<NonNullable<DeskSessionQuery["node"]>, Record<PropertyKey, never>>;

export function isSession(node: DeskSessionQuery["node"]): node is Session {
  return node !== null && "venue" in node;
}

/** A session at the desk: what it takes, who came, what was said, and what staff does with it. */
export default function SessionPage() {
  const { id = "" } = useParams();
  const asked = useAsk(DeskSessionDocument, { id });
  return (
    <div className="page">
      <Answer asked={asked}>
        {({ node }) => (isSession(node) ? <Shown session={node} again={asked.again} /> : <NothingHere />)}
      </Answer>
    </div>
  );
}

function Shown({ session, again }: { session: Session; again: () => void }) {
  const { t } = useTranslation("cadre");
  const name = useNames();
  const { division } = session.platform;
  const staff = useStaffOf(division.code);
  useFollow(DeskTopicChangedDocument, { within: division.code }, again);
  return (
    <>
      <PageTitle title={t("session.title", { at: day(session.heldAt ?? session.scheduledAt) })} above={<BackToInbox />}>
        <p className="line">
          <Tag of="SessionStatus" value={session.status} />
          {session.minutesOverdue && <span className="tag wrong">{t("session.minutesOverdue")}</span>}
          <span>{session.venue}</span>
          <span>{name("SessionForm", session.form)}</span>
        </p>
      </PageTitle>
      <div className="columns">
        <div className="stack">
          {staff ? <Acts session={session} /> : <NotStaff place={division.name} />}
          <Agenda session={session} />
          {session.status === "HELD" && <Held session={session} />}
        </div>
        <div className="stack">
          <Section title={t("facts")}>
            <Facts
              facts={[
                [t("fact.platform"), session.platform.name],
                [t("session.at"), session.status !== "POSTPONED" && moment(session.scheduledAt)],
                [t("session.heldAt"), session.heldAt && moment(session.heldAt)],
                [t("session.venue"), session.venue],
                [t("session.form"), name("SessionForm", session.form)],
                [t("session.convener"), session.convener],
                [t("session.liaisonGroup"), session.liaisonGroup?.name],
                [t("session.headcount"), session.headcount],
              ]}
            />
          </Section>
        </div>
      </div>
    </>
  );
}

function Acts({ session }: { session: Session }) {
  const { t } = useTranslation("cadre");
  const now = useNow();
  const past = session.status === "SCHEDULED" && Date.parse(session.scheduledAt) < now;
  const next = session.status === "HELD" && !session.minutes ? "MINUTES" : past ? "RECORD" : session.status;
  return <Offers next={t(`session.next.${next}`)} offers={useSessionOffers(session)} />;
}

function Agenda({ session }: { session: Session }) {
  const { t } = useTranslation("cadre");
  const name = useNames();
  return (
    <Section title={t("session.agenda")}>
      <ul className="things">
        {session.topics.map((topic) => (
          <li key={topic.id}>
            <Link className="thing-title" to={`/desk/topics/${topic.number}`}>
              {topic.title}
            </Link>
            <p className="line">
              <Tag of="TopicStatus" value={topic.status} />
              <span>{topic.number}</span>
              <span>{name("TopicKind", topic.kind)}</span>
              {topic.involvements.length > 0 && <span>{topic.involvements.map(({ department }) => department.name).join(t("and"))}</span>}
            </p>
          </li>
        ))}
      </ul>
    </Section>
  );
}

function Held({ session }: { session: Session }) {
  const { t } = useTranslation("cadre");
  const name = useNames();
  const present = session.attendances?.nodes ?? [];
  return (
    <>
      <Section title={t("session.minutes")}>{session.minutes ? <p className="prose">{session.minutes}</p> : <p className="empty">{t("session.noMinutes")}</p>}</Section>
      <Section title={t("session.present")} aside={session.headcount !== null && <span className="soft">{t("session.headcountOf", { count: session.headcount })}</span>}>
        {present.length === 0 && <p className="empty">{t("session.nobody")}</p>}
        {present.length > 0 && (
          <TableFrame label={t("session.present")}>
            <table className="table">
              <thead>
                <tr>
                  <th scope="col">{t("record.role")}</th>
                  <th scope="col">{t("record.who")}</th>
                </tr>
              </thead>
              <tbody>
                {present.map((each, at) => (
                  <tr key={at}>
                    <td>{name("ParticipantRole", each.role)}</td>
                    <td>{[each.member?.name, each.department?.name, each.name].filter(Boolean).join(" · ") || t("session.unnamed")}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          </TableFrame>
        )}
      </Section>
      <Section title={t("session.opinions")}>
        {session.opinions.length === 0 && <p className="empty">{t("session.noOpinions")}</p>}
        <ul className="things">
          {session.opinions.map((opinion) => (
            <li key={opinion.id}>
              <p className="prose">{opinion.text}</p>
              <p className="line">
                <span>{[name("ParticipantRole", opinion.role), opinion.member?.name].filter(Boolean).join(" · ")}</span>
                {opinion.topic && <span>{opinion.topic.title}</span>}
                <span>{moment(opinion.at)}</span>
              </p>
            </li>
          ))}
        </ul>
      </Section>
      <Section title={t("outcomes.title")}>
        {session.outcomes.length === 0 && <p className="empty">{t("session.noOutcomes")}</p>}
        <ul className="things">
          {session.outcomes.map((outcome) => (
            <li key={outcome.id}>
              <Link className="thing-title" to={`/desk/topics/${outcome.topic.number}`}>
                {outcome.agreement}
              </Link>
              <p className="soft small">{t("outcome.reached", { at: day(outcome.reachedOn) })}</p>
            </li>
          ))}
        </ul>
      </Section>
    </>
  );
}
