import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { moment } from "~/i18n/format";
import { useNames } from "~/i18n/names";
import { Section } from "~/parts/Page";
import { Tag } from "~/parts/Tag";
import type { Topic } from "./Topic";

/** The sessions that take the topic; each is run on a page of its own. */
export function Sessions({ topic }: { topic: Topic }) {
  const { t } = useTranslation("cadre");
  const name = useNames();
  const sessions = topic.sessions?.nodes ?? [];
  return (
    <Section title={t("sessions.title")}>
      {sessions.length === 0 && <p className="empty">{t("sessions.empty")}</p>}
      <ul className="things">
        {sessions.map((session) => (
          <li key={session.id}>
            <Link className="thing-title" to={`/desk/sessions/${session.id}`}>
              {moment(session.heldAt ?? session.scheduledAt)} · {session.venue}
            </Link>
            <p className="line">
              <Tag of="SessionStatus" value={session.status} />
              {session.minutesOverdue && <span className="tag wrong">{t("session.minutesOverdue")}</span>}
              <span>{name("SessionForm", session.form)}</span>
              {session.headcount !== null && <span>{t("session.headcountOf", { count: session.headcount })}</span>}
            </p>
            {session.minutes && <p className="small clamp">{session.minutes}</p>}
          </li>
        ))}
      </ul>
    </Section>
  );
}
