"""Departments are told that the last day of a commitment is near, and that it is past."""

from datetime import timedelta

from sqlalchemy import select, text
from sqlmodel import col

from services.core.act import Act
from services.core.ids import node_id
from services.notices.announce import announce
from services.outcomes.events import CommitmentDue
from services.outcomes.models import Commitment
from services.outcomes.rules import CLOSED
from services.topics.enums import TopicStatus
from services.topics.models import Topic
from services.topics.records import about, addressee

BATCH = 100

# The topic is locked as every command locks it: it holds the order of its events, and its lanes.
TO_TELL = text(f"""
SELECT commitment.id, commitment.due_on < :today AS overdue FROM commitment
JOIN topic ON topic.id = commitment.topic_id
JOIN department_channel AS channel ON channel.department_id = commitment.department_id
WHERE commitment.status NOT IN ({", ".join(f"'{state}'" for state in CLOSED)})
  AND commitment.overdue_told IS DISTINCT FROM commitment.due_on AND commitment.due_on <= :near
  AND (commitment.due_on < :today OR commitment.due_told IS DISTINCT FROM commitment.due_on)
  AND topic.status = :implementing AND channel.enabled
ORDER BY commitment.due_on LIMIT :limit
FOR NO KEY UPDATE OF topic, commitment SKIP LOCKED
""")  # noqa: S608 -- the rules' own words


async def tell_due(act: Act) -> int:
    """Departments are told of open commitments that are due within the policy's days, or overdue: once of each.

    Another due date is told of anew; a department whose channel is disabled is told once it is enabled. Returns the
    number of commitments, up to `BATCH`.
    """
    today = act.today()
    values = {
        "near": today + timedelta(days=act.policy.due_days),
        "today": today,
        "implementing": TopicStatus.IMPLEMENTING.value,
        "limit": BATCH,
    }
    locked = {row.id: row.overdue for row in await act.tx.execute(TO_TELL, values)}
    found = await act.tx.execute(
        select(Commitment, Topic)
        .join(Topic, col(Topic.id) == Commitment.topic_id)
        .where(col(Commitment.id).in_(locked))
        .order_by(col(Commitment.department_id), col(Commitment.topic_id), col(Commitment.id))
    )
    for commitment, topic in found.all():
        event = about(
            CommitmentDue,
            topic,
            commitment_id=node_id("commitment", commitment.id),
            task=commitment.task,
            due_on=commitment.due_on,
            overdue=locked[commitment.id],
        )
        told = [await addressee(act.tx, topic, commitment.department_id)]
        await announce(act, event, told)
        commitment.due_told = commitment.due_on
        if locked[commitment.id]:
            commitment.overdue_told = commitment.due_on
    return len(locked)
