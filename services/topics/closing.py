from datetime import date
from uuid import UUID

from sqlalchemy import func, select

from services.core.actor import Actor, Role
from services.core.clock import Clock, china_day
from services.core.database import WriteTx
from services.platforms.errors import PlatformInUse
from services.platforms.models import Platform
from services.platforms.records import open_platform_by_id
from services.topics.models import Topic
from services.topics.rules import OPEN


async def close_platform(*, tx: WriteTx, actor: Actor, clock: Clock, platform_id: UUID, closed_on: date | None) -> UUID:
    """The platform is closed from the day given or today on; what was consulted there stays.

    Returns its id. Raises NotFound, PlatformClosed, Forbidden, PlatformInUse, ConstraintViolated.
    """
    today = china_day(clock.now())
    platform = await open_platform_by_id(tx, platform_id, today=today)
    actor.require(platform.division_number, Role.SECRETARIAT)
    await tx.refresh(platform, with_for_update=True)
    children = await _count_of(tx, Platform.parent_id == platform.id, Platform.closed_on.is_(None))  # type: ignore[union-attr]
    topics = await _count_of(tx, Topic.platform_id == platform.id, Topic.status.in_(OPEN))  # type: ignore[attr-defined]
    if children or topics:
        raise PlatformInUse(platform.code, children=children, topics=topics)
    platform.closed_on = closed_on or today
    return platform.id


async def _count_of(tx: WriteTx, *conditions: object) -> int:
    """Return how many rows the conditions hold for."""
    return int(await tx.scalar(select(func.count()).where(*conditions)) or 0)  # type: ignore[arg-type]
