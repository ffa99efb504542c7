from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import String, Uuid, bindparam, text
from sqlalchemy.dialects.postgresql import ARRAY

from services.core.act import Act
from services.core.ids import new_id
from services.core.tracing import traceparent
from services.core.transaction import WriteTx
from services.notices.events import Fact
from services.notices.models import Event

WAKE_CHANNEL = "shangliang_delivery"
"""Relays listen here; a notification is a hint to look now, the rows are the truth."""
FEED_CHANNEL = "shangliang_feed"
"""Readers of the feed listen here, in the same way."""


DELIVER = text("""
WITH one AS (
    SELECT * FROM unnest(:ids, :departments, :roles) WITH ORDINALITY AS one (id, department_id, role, place)
), taken AS (
    INSERT INTO lane (department_id, topic_id, last_sequence)
    SELECT department_id, :topic, coalesce((SELECT max(first_sequence) FROM restoration), 1) FROM one ORDER BY place
    ON CONFLICT ON CONSTRAINT uq_lane_department_id_topic_id DO UPDATE SET last_sequence = lane.last_sequence + 1
    RETURNING department_id, id, last_sequence
)
INSERT INTO delivery (id, event_id, department_id, lane_id, sequence, role, status, attempts, replays)
SELECT one.id, :event, department_id, taken.id, taken.last_sequence, one.role, 'PENDING', 0, 0
FROM taken JOIN one USING (department_id)
""").bindparams(
    bindparam("ids", type_=ARRAY(Uuid)),
    bindparam("departments", type_=ARRAY(Uuid)),
    bindparam("roles", type_=ARRAY(String)),
    bindparam("topic", type_=Uuid),
    bindparam("event", type_=Uuid),
)
"""Takes the next number of each department's lane, which is locked, and writes a pending delivery with it.

A lane that is new begins with 1, after a restore of the database above all numbers that its like was given before.
"""


@dataclass(frozen=True, slots=True)
class Addressee:
    """A department to tell, and its part in the topic."""

    department_id: UUID
    role: str | None = None


async def announce(act: Act, event: Fact, addressees: Sequence[Addressee], *, causation_id: UUID | None = None) -> UUID:
    """Write the event and one pending delivery for each addressee into the caller's transaction.

    The number in the lane is taken under a row lock held to commit, so that commit order is lane order; lanes
    are locked in the order of their departments. `causation_id` is the event that led to this one. Returns the event's
    id.
    """
    event_id = new_id()
    await act.tx.insert(
        Event,
        {
            "id": event_id,
            "type": event.type,
            "topic_id": event.topic_id,
            "division_number": event.division_number,
            "subject": event.number,
            "occurred_at": act.now(),
            "actor": act.actor.subject,
            "data": event.data(),
            "traceparent": traceparent(),
            "causation_id": causation_id,
        },
    )
    await act.tx.notify(FEED_CHANNEL)
    if addressees:
        await _deliver(act.tx, event_id, event.topic_id, addressees)
    return event_id


async def _deliver(tx: WriteTx, event_id: UUID, topic_id: UUID | None, addressees: Sequence[Addressee]) -> None:
    """Take the next number of each addressee's lane and write the deliveries."""
    ordered = sorted(addressees, key=lambda one: one.department_id)
    given = {
        "ids": [new_id() for _ in ordered],
        "departments": [one.department_id for one in ordered],
        "roles": [one.role for one in ordered],
        "topic": topic_id,
        "event": event_id,
    }
    await tx.defer(DELIVER, given)
    await tx.notify(WAKE_CHANNEL)
