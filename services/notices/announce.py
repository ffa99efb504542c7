from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import insert
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlmodel import col

from services.core.act import Act
from services.core.database import WriteTx
from services.core.ids import new_id
from services.notices.events import Fact
from services.notices.models import Delivery, Event, Lane

WAKE_CHANNEL = "shangliang_delivery"
"""Relays listen here; a notification is a hint to look now, the rows are the truth."""
FEED_CHANNEL = "shangliang_feed"
"""Readers of the feed listen here, in the same way."""


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
    await act.tx.flush()
    await act.tx.execute(
        insert(Event).values(
            id=event_id,
            type=event.type,
            topic_id=event.topic_id,
            division_number=event.division_number,
            subject=event.number,
            occurred_at=act.now(),
            actor=act.actor.subject,
            data=event.data(),
            causation_id=causation_id,
        )
    )
    await act.tx.notify(FEED_CHANNEL)
    if addressees:
        await _deliver(act.tx, event_id, event.topic_id, addressees)
    return event_id


async def _deliver(tx: WriteTx, event_id: UUID, topic_id: UUID | None, addressees: Sequence[Addressee]) -> None:
    """Take the next number of each addressee's lane and write the deliveries."""
    ordered = sorted(addressees, key=lambda one: one.department_id)
    taken = upsert(Lane).values(
        [{"department_id": one.department_id, "topic_id": topic_id, "last_sequence": 1} for one in ordered]
    )
    taken = taken.on_conflict_do_update(
        constraint="uq_lane_department_id_topic_id", set_={"last_sequence": col(Lane.last_sequence) + 1}
    )
    lanes = await tx.execute(taken.returning(col(Lane.department_id), col(Lane.id), col(Lane.last_sequence)))
    roles = {one.department_id: one.role for one in ordered}
    await tx.execute(
        insert(Delivery),
        [
            {
                "id": new_id(),
                "event_id": event_id,
                "department_id": department_id,
                "lane_id": lane_id,
                "sequence": sequence,
                "role": roles[department_id],
            }
            for department_id, lane_id, sequence in lanes
        ],
    )
    await tx.notify(WAKE_CHANNEL)
