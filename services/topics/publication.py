"""What everybody reads from now on of what was written before."""

from collections.abc import Iterable
from typing import TypeAlias
from uuid import UUID

from sqlalchemy import bindparam
from sqlmodel import col

from services.core.direct import rows_of
from services.core.transaction import WriteTx
from services.matters.models import Matter
from services.redactions.records import published
from services.topics.models import Topic

OF_TOPIC = rows_of(Matter).where(col(Matter.topic_id) == bindparam("topic")).order_by(col(Matter.id))

Words: TypeAlias = tuple[tuple[str, ...], str]
"""A text with its path in what a verb gives."""


async def words_of_topic(tx: WriteTx, topic_id: UUID) -> list[Words]:
    """Return the texts of a topic that was listed, and of its matters, as they are published."""
    topic, matters = await tx.gather(tx.get_one(Topic, topic_id), tx.objects(Matter, OF_TOPIC, {"topic": topic_id}))
    texts = list(_texts(("topic",), await published(tx, topic)))
    for matter in matters:
        texts += _texts(("topic", "matters"), await published(tx, matter))
    return texts


async def words_of_matter(tx: WriteTx, matter_id: UUID) -> list[Words]:
    """Return the texts of a matter as they are published; none where it is not part of a listed topic."""
    matter = await tx.get_one(Matter, matter_id)
    topic = None if matter.topic_id is None else await tx.get_one(Topic, matter.topic_id)
    if topic is None or topic.listed_at is None:
        return []
    return list(_texts(("matter",), await published(tx, matter)))


def _texts(path: tuple[str, ...], words: "dict[str, str | None]") -> Iterable[Words]:
    return (((*path, name), text) for name, text in words.items() if text is not None)
