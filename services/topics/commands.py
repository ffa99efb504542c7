from collections.abc import Sequence
from uuid import UUID

from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col

from services.core.act import Act
from services.core.actor import ACTS, Role
from services.core.scope import county_code
from services.core.transaction import WriteTx
from services.matters.records import lock_matters
from services.platforms.records import open_platform_by_id
from services.search.enums import SearchKind
from services.search.records import make_findable
from services.topics.enums import Category, TopicKind, TopicStatus
from services.topics.events import (
    TopicListed,
    TopicProposed,
    TopicReopened,
)
from services.topics.matters import take_in
from services.topics.models import Topic, TopicNumber
from services.topics.records import about, authorized_topic, move, tell

NEXT_NUMBER = (
    insert(TopicNumber)
    .on_conflict_do_update(constraint="pk_topic_number", set_={"last": col(TopicNumber.last) + 1})
    .returning(col(TopicNumber.last))
)


async def propose_topic(  # noqa: PLR0913 -- the facts of a topic
    act: Act,
    *,
    platform_id: UUID,
    title: str,
    summary: str | None,
    kind: TopicKind,
    category: Category,
    matter_ids: Sequence[UUID] = (),
) -> UUID:
    """A topic stands proposed at the platform under the county's next number of the year, made of matters or not.

    Returns its id. Raises NotFound for the platform or a matter, PlatformClosed, Forbidden, for matters that are not
    accepted IllegalTransition.
    """
    platform = await open_platform_by_id(act.tx, platform_id, today=act.today())
    role = act.actor.require(platform.division_number, Role.MEMBER, *ACTS)
    topic = Topic(
        number=await _next_number(act.tx, platform.division_number, act.today().year),
        title=title,
        summary=summary,
        kind=kind,
        category=category,
        status=TopicStatus.PROPOSED,
        platform_id=platform.id,
        division_number=platform.division_number,
        proposed_at=act.now(),
        subject=act.actor.subject,
    )
    matters = await lock_matters(act.tx, matter_ids, path="matters")
    act.tx.add(topic)
    await make_findable(
        act.tx, SearchKind.TOPIC, topic.id, division_number=topic.division_number, title=topic.title, text=topic.summary
    )
    event = about(TopicProposed, topic, proposed_at=topic.proposed_at)
    await tell(act, event, [], role=role, begins=True)
    await take_in(act, topic, matters)
    return topic.id


async def _next_number(tx: WriteTx, division_number: int, year: int) -> str:
    """Return the county's next topic number of a year; the county's counter is locked to commit."""
    county = county_code(division_number)
    (number,) = await tx.run(NEXT_NUMBER, {"county_code": county, "year": year, "last": 1})
    return f"T{county}-{year}-{number.last:04d}"


async def list_topic(act: Act, *, topic_id: UUID, expected_version: int | None) -> UUID:
    """The topic stands on the agenda and its departments are told.

    Raises NotFound, Forbidden, VersionConflict, IllegalTransition.
    """
    topic, acting = await authorized_topic(act, topic_id, expected_version)
    move(topic, "list")
    topic.listed_at = act.now()
    event = about(TopicListed, topic, listed_at=topic.listed_at)
    await tell(act, event, role=acting)
    return topic.id


async def reopen_topic(act: Act, *, topic_id: UUID, reason: str, expected_version: int | None) -> UUID:
    """A topic that was resolved is being implemented again; its departments are told.

    Raises NotFound, Forbidden, VersionConflict, IllegalTransition.
    """
    topic, acting = await authorized_topic(act, topic_id, expected_version)
    move(topic, "reopen")
    topic.resolved_at = None
    topic.resolution = None
    event = about(TopicReopened, topic, reason=reason)
    await tell(act, event, role=acting)
    return topic.id
