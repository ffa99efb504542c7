"""Matters become part of topics."""

from uuid import UUID

from services.core.actor import Actor
from services.core.clock import Clock
from services.core.database import WriteTx
from services.core.ids import node_id
from services.matters.records import STAFF, guarded, take_into
from services.notices.announce import announce
from services.topics.events import MatterListed
from services.topics.records import about, lock_topic, require_open


async def list_matter(  # noqa: PLR0913 -- the facts of a listing
    *, tx: WriteTx, actor: Actor, clock: Clock, matter_id: UUID, topic_id: UUID, expected_version: int | None
) -> UUID:
    """An accepted matter is part of an open topic too; `expected_version` is the matter's.

    Returns the matter's id. Raises NotFound, Forbidden, TopicClosed, VersionConflict, IllegalTransition.
    """
    topic = await lock_topic(tx, topic_id)
    actor.require(topic.division_number, *STAFF)
    require_open(topic)
    matter = await guarded(tx, actor, matter_id, expected_version)
    take_into(topic.id, [matter], actor)
    topic.version += 1
    event = about(MatterListed, topic, matter_id=node_id("matter", matter.id))
    await announce(tx, event, [], actor=actor, clock=clock)
    return matter.id
