import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import type { SessionLineFragment } from "~generated/graphql";
import { useLinkAsOf } from "~/app/asOf";
import { moment, time } from "~/i18n/format";
import { useNames } from "~/i18n/names";
import { Tag } from "~/parts/Tag";
import { plainId } from "./ids";

interface Props {
  sessions: readonly SessionLineFragment[];
  /** Whether the list stands under the day of its sessions: then the hour alone is told. */
  ofDay?: boolean;
}

/** When a session began, or else is to begin. */
export function timeOf({ heldAt, scheduledAt }: Pick<SessionLineFragment, "heldAt" | "scheduledAt">): string {
  return heldAt ?? scheduledAt;
}

/** Sessions in the order given: when, where, and what is on their agendas. */
export function SessionList({ sessions, ofDay = false }: Props) {
  const { t } = useTranslation("calendar");
  const name = useNames();
  const link = useLinkAsOf();
  return (
    <ul className={ofDay ? "things beside" : "things"}>
      {sessions.map(({ id, status, form, venue, platform, topics, ...times }) => (
        <li key={id}>
          {ofDay && (
            <time className="beside-mark" dateTime={timeOf(times)}>
              {time(timeOf(times))}
            </time>
          )}
          <div className="line">
            <Link className="thing-title" to={link(`/sessions/${plainId(id)}`)}>
              {!ofDay && <time dateTime={timeOf(times)}>{moment(timeOf(times))}</time>} {platform.name}
            </Link>
            <Tag of="SessionStatus" value={status} />
          </div>
          <ul className="agenda" aria-label={t("agenda")}>
            {topics.map((topic) => (
              <li key={topic.id}>
                <Link to={link(`/topics/${topic.number}`)}>{topic.title}</Link>
              </li>
            ))}
          </ul>
          <div className="line">
            <span>{platform.division.name}</span>
            <span>{venue}</span>
            <span>{name("SessionForm", form)}</span>
          </div>
        </li>
      ))}
    </ul>
  );
}
