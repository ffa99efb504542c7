"""Matters become part of topics."""

from collections.abc import Sequence
from uuid import UUID

from services.core.actor import Actor
from services.core.clock import Clock
from services.core.database import WriteTx
from services.core.ids import node_id
from services.matters.models import Matter
from services.matters.records import STAFF, guarded, keep, move
from services.notices.announce import announce
from services.topics.events import MatterListed
from services.topics.models import Topic
from services.topics.records import about, lock_topic, require_open
from services.trace.acts import summary_of
from services.trace.record import record


async def take_in(tx: WriteTx, topic: Topic, matters: Sequence[Matter], *, actor: Actor, clock: Clock) -> None:
    """The matters are listed as part of the topic, and stand so in the traces of both.

    Raises Forbidden, IllegalTransition.
    """
    for matter in matters:
        role = actor.require(matter.division_number, *STAFF)
        move(matter, "list")
        matter.topic_id = topic.id
        act, own = MatterListed.type, ("topic", topic.id)
        await record(
            tx, actor=actor, role=role, clock=clock, act=act, summary=summary_of(act, {"title": matter.title}),
            subject=("matter", matter.id), topic_id=topic.id,
        )  # fmt: skip
        await keep(tx, matter, act, actor=actor, role=role, clock=clock, subject=own)


async def list_matter(  # noqa: PLR0913 -- the facts of a listing
    *, tx: WriteTx, actor: Actor, clock: Clock, matter_id: UUID, topic_id: UUID, expected_version: int | None
) -> UUID:
    """An accepted matter is part of an open topic too; `expected_version` is the matter's.

    Returns the matter's id. Raises NotFound, Forbidden, TopicClosed, VersionConflict, IllegalTransition.
    """
    topic = await lock_topic(tx, topic_id)
    actor.require(topic.division_number, *STAFF)
    require_open(topic)
    matter, _ = await guarded(tx, actor, matter_id, expected_version)
    await take_in(tx, topic, [matter], actor=actor, clock=clock)
    topic.version += 1
    event = about(MatterListed, topic, matter_id=node_id("matter", matter.id))
    await announce(tx, event, [], actor=actor, clock=clock)
    return matter.id
