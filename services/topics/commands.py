from collections.abc import Sequence
from uuid import UUID

from sqlalchemy.dialects.postgresql import insert

from services.core.actor import Actor, Role
from services.core.clock import Clock, china_day
from services.core.database import WriteTx
from services.core.scope import county_code
from services.matters.records import STAFF, lock_matters
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
from services.topics.records import about, addressees, guarded_topic, move, tell


async def propose_topic(  # noqa: PLR0913 -- the facts of a topic
    *,
    tx: WriteTx,
    actor: Actor,
    clock: Clock,
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
    platform = await open_platform_by_id(tx, platform_id, today=china_day(clock.now()))
    role = actor.require(platform.division_number, Role.MEMBER, *STAFF)
    topic = Topic(
        number=await _next_number(tx, platform.division_number, china_day(clock.now()).year),
        title=title,
        summary=summary,
        kind=kind,
        category=category,
        status=TopicStatus.PROPOSED,
        platform_id=platform.id,
        division_number=platform.division_number,
        proposed_at=clock.now(),
        subject=actor.subject,
    )
    matters = await lock_matters(tx, matter_ids, path="matters")
    tx.add(topic)
    make_findable(
        tx, SearchKind.TOPIC, topic.id, division_number=topic.division_number, title=topic.title, text=topic.summary
    )
    event = about(TopicProposed, topic, proposed_at=topic.proposed_at)
    await tell(tx, event, [], actor=actor, role=role, clock=clock)
    await take_in(tx, topic, matters, actor=actor, clock=clock)
    return topic.id


async def _next_number(tx: WriteTx, division_number: int, year: int) -> str:
    """Return the county's next topic number of a year; the county's counter is locked to commit."""
    county = county_code(division_number)
    statement = insert(TopicNumber).values(county_code=county, year=year, last=1)
    statement = statement.on_conflict_do_update(constraint="pk_topic_number", set_={"last": TopicNumber.last + 1})
    last = await tx.scalar(statement.returning(TopicNumber.last))  # type: ignore[call-overload]
    return f"T{county}-{year}-{last:04d}"


async def list_topic(*, tx: WriteTx, actor: Actor, clock: Clock, topic_id: UUID, expected_version: int | None) -> UUID:
    """The topic stands on the agenda and its departments are told.

    Raises NotFound, Forbidden, VersionConflict, IllegalTransition.
    """
    topic, acting = await guarded_topic(tx, actor, topic_id, expected_version)
    move(topic, "list")
    topic.listed_at = clock.now()
    event = about(TopicListed, topic, listed_at=topic.listed_at)
    await tell(tx, event, await addressees(tx, topic), actor=actor, role=acting, clock=clock)
    return topic.id


async def reopen_topic(  # noqa: PLR0913 -- the facts of a reopening
    *, tx: WriteTx, actor: Actor, clock: Clock, topic_id: UUID, reason: str, expected_version: int | None
) -> UUID:
    """A topic that was resolved is being implemented again; its departments are told.

    Raises NotFound, Forbidden, VersionConflict, IllegalTransition.
    """
    topic, acting = await guarded_topic(tx, actor, topic_id, expected_version)
    move(topic, "reopen")
    topic.resolved_at = None
    topic.resolution = None
    event = about(TopicReopened, topic, reason=reason)
    await tell(tx, event, await addressees(tx, topic), actor=actor, role=acting, clock=clock)
    return topic.id
