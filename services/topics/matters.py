"""Matters become part of topics."""

from collections.abc import Sequence
from uuid import UUID

from services.core.act import Act
from services.core.actor import ACTS
from services.core.ids import node_id
from services.matters.models import Matter
from services.matters.records import authorized_matter, move, trace_matter
from services.notices.announce import announce
from services.topics.events import MatterListed
from services.topics.models import Topic
from services.topics.records import about, authorized_topic, require_open
from services.trace.acts import summary_of
from services.trace.record import record


async def take_in(act: Act, topic: Topic, matters: Sequence[Matter]) -> None:
    """The matters are listed as part of the topic, and stand so in the traces of both.

    Raises Forbidden, IllegalTransition.
    """
    for matter in matters:
        role = act.actor.require(matter.division_number, *ACTS)
        move(matter, "list")
        matter.topic_id = topic.id
        entry, own = MatterListed.type, ("topic", topic.id)
        await record(
            act, role=role, entry=entry, summary=summary_of(entry, {"title": matter.title}),
            subject=("matter", matter.id), topic_id=topic.id,
        )  # fmt: skip
        await trace_matter(act, matter, entry, role=role, subject=own)


async def list_matter(act: Act, *, matter_id: UUID, topic_id: UUID, expected_version: int | None) -> UUID:
    """An accepted matter is part of an open topic too; `expected_version` is the matter's.

    Returns the matter's id. Raises NotFound, Forbidden, TopicClosed, VersionConflict, IllegalTransition.
    """
    topic, _ = await authorized_topic(act, topic_id)
    require_open(topic)
    matter, _ = await authorized_matter(act, matter_id, expected_version)
    await take_in(act, topic, [matter])
    topic.version += 1
    event = about(MatterListed, topic, matter_id=node_id("matter", matter.id))
    await announce(act, event, [])
    return matter.id
