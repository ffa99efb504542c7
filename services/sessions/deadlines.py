"""Lead departments are told that the minutes of a session that took their topic are missing."""

from datetime import timedelta

from sqlalchemy import select, text
from sqlmodel import col

from services.core.act import Act
from services.core.clock import china_midnight
from services.core.ids import node_id
from services.notices.announce import Addressee, announce
from services.sessions.events import SessionOverdue
from services.sessions.models import Session, SessionTopic
from services.topics.enums import InvolvementRole
from services.topics.models import Topic
from services.topics.records import about
from services.topics.rules import OPEN

BATCH = 100
FORGOTTEN_DAYS = 60
"""How long after that nobody is told of it any more: of what no relay noticed in time."""

# The topic is locked as every command locks it: it holds the order of its events, and its lanes.
TO_TELL = text(f"""
SELECT agenda.session_id, agenda.topic_id, part.department_id FROM session
JOIN session_topic AS agenda ON agenda.session_id = session.id
JOIN topic ON topic.id = agenda.topic_id
JOIN involvement AS part ON part.topic_id = topic.id AND part.until IS NULL AND part.role = :lead
JOIN department_channel AS channel ON channel.department_id = part.department_id
WHERE session.held_at IS NOT NULL AND session.minutes IS NULL
  AND session.held_at >= :forgotten AND session.held_at < :due AND agenda.overdue_told_at IS NULL
  AND topic.status IN ({", ".join(f"'{state}'" for state in sorted(OPEN))}) AND channel.enabled
ORDER BY session.held_at, topic.id LIMIT :limit
FOR NO KEY UPDATE OF topic, agenda SKIP LOCKED
""")  # noqa: S608 -- the rules' own words


async def tell_overdue(act: Act) -> int:
    """Lead departments are told of sessions on their open topics without minutes in the policy's days: once of each.

    A department whose channel is disabled is told once it is enabled. Returns the number of topics, up to `BATCH`.
    """
    due = act.today() - timedelta(days=act.policy.minutes_days)
    values = {
        "lead": InvolvementRole.LEAD.value,
        "due": china_midnight(due),
        "forgotten": china_midnight(due - timedelta(days=FORGOTTEN_DAYS)),
        "limit": BATCH,
    }
    leads = {(row.session_id, row.topic_id): row.department_id for row in await act.tx.execute(TO_TELL, values)}
    found = await act.tx.execute(
        select(Session, Topic, SessionTopic)
        .join(SessionTopic, col(SessionTopic.session_id) == Session.id)
        .join(Topic, col(Topic.id) == SessionTopic.topic_id)
        .where(col(Session.id).in_([session for session, _ in leads]))
    )
    told = [
        (leads[session.id, topic.id], topic, session, agenda)
        for session, topic, agenda in found.all()
        if (session.id, topic.id) in leads
    ]
    for department_id, topic, session, agenda in sorted(told, key=lambda one: (one[0], one[1].id, one[2].id)):
        event = about(
            SessionOverdue,
            topic,
            session_id=node_id("session", session.id),
            session_at=session.scheduled_at,
            venue=session.venue,
            held_at=session.held_at,
        )
        lead = Addressee(department_id, InvolvementRole.LEAD.value)
        await announce(act, event, [lead])
        agenda.overdue_told_at = act.now()
    return len(leads)
