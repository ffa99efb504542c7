from uuid import UUID

from services.core.act import Act
from services.core.corrections import correct
from services.notices.announce import Addressee
from services.redactions.records import published
from services.search.records import keep_findable
from services.topics.enums import Category
from services.topics.events import TopicCorrected
from services.topics.records import about, authorized_topic, tell
from services.trace.acts import corrections_of


async def correct_topic(  # noqa: PLR0913 -- the facts of a topic
    act: Act,
    *,
    topic_id: UUID,
    reason: str,
    title: str | None,
    summary: str | None,
    category: Category | None,
    expected_version: int | None,
) -> UUID:
    """What a topic says of itself is put right, in whatever state it is; what is None stays as it is.

    Its departments, which were told the title, are told another one. Raises NotFound, Forbidden, VersionConflict,
    OutOfBounds, NothingCorrected, ConstraintViolated.
    """
    topic, acting = await authorized_topic(act, topic_id, expected_version)
    given = {"title": title.strip() if title is not None else None, "summary": summary, "category": category}
    changes = correct(topic, given, reason=reason)
    topic.version += 1
    stands = await published(act.tx, topic)
    await keep_findable(act.tx, topic.id, title=stands["title"], text=stands["summary"])
    told: list[Addressee] | None = None if "title" in changes and topic.listed_at is not None else []
    event = about(TopicCorrected, topic, reason=reason)
    corrections = corrections_of(changes, reason)
    await tell(act, event, told, role=acting, corrections=corrections)
    return topic.id
