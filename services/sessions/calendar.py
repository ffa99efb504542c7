"""When topics are scheduled: settled after whatever changes a session or what it takes, and before it is announced."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import Uuid, bindparam, text
from sqlalchemy.dialects.postgresql import ARRAY

from services.core.transaction import WriteTx
from services.topics.models import Topic

# A withdrawn topic waits for no session, and what was held since did not take it.
SETTLED = text("""
SELECT topic.id,
    min(session.scheduled_at) FILTER (WHERE session.status = 'SCHEDULED' AND withdrawn_at IS NULL) AS next_at,
    (array_agg(session.scheduled_at ORDER BY session.held_at DESC, session.scheduled_at DESC)
        FILTER (WHERE session.held_at <= coalesce(withdrawn_at, 'infinity')))[1] AS last_at,
    count(*) FILTER (WHERE session.status IN ('SCHEDULED', 'POSTPONED') AND withdrawn_at IS NULL) AS waiting
FROM topic
LEFT JOIN session_topic ON session_topic.topic_id = topic.id LEFT JOIN session ON session.id = session_topic.session_id
WHERE topic.id = ANY (:ids) GROUP BY topic.id
""").bindparams(bindparam("ids", type_=ARRAY(Uuid)))


async def settle_calendar(tx: WriteTx, topics: Sequence[Topic]) -> frozenset[UUID]:
    """Each of the topics, which are locked, is scheduled for its next session, else for the last one held, else not.

    A postponed session has no time and counts for neither. What of a topic is changed after this, not before, is
    written with it. Returns the ids of topics that a session is still to take, a postponed one too.
    """
    if not topics:
        return frozenset()
    rows = {row.id: row for row in await tx.run(SETTLED, {"ids": [topic.id for topic in topics]})}
    for topic in topics:
        row = rows[topic.id]
        topic.next_session_at = row.next_at
        topic.scheduled_at = row.next_at or row.last_at
    return frozenset(key for key, row in rows.items() if row.waiting)
