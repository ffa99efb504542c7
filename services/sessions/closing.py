from datetime import date
from uuid import UUID

from sqlalchemy import ColumnElement, func, select, text
from sqlmodel import col

from services.core.act import Act
from services.core.actor import Role
from services.core.chronology import Milestone, require_not_before
from services.core.clock import china_day
from services.core.transaction import WriteTx
from services.platforms.errors import PlatformInUse
from services.platforms.models import Platform
from services.platforms.records import open_platform_by_id
from services.sessions.models import Session
from services.sessions.records import STANDING
from services.topics.models import Topic
from services.topics.rules import OPEN

LATEST = text("""
SELECT greatest(
    (SELECT max(greatest(proposed_at, resolved_at, withdrawn_at)) FROM topic WHERE platform_id = :platform),
    (SELECT max(held_at) FROM session WHERE platform_id = :platform)
)
""")
"""When something was done last at a platform."""


async def close_platform(act: Act, *, platform_id: UUID, closed_on: date | None) -> UUID:
    """The platform is closed from the day given or today on; what was consulted there stays.

    That day may be still to come; it is not before the last thing that was done there. Returns its id. Raises NotFound,
    PlatformClosed, Forbidden, PlatformInUse, TooEarly, ConstraintViolated.
    """
    today = act.today()
    platform = await open_platform_by_id(act.tx, platform_id, today=today)
    act.actor.require(platform.division_number, Role.SECRETARIAT)
    await act.tx.refresh(platform, with_for_update=True)
    day = closed_on or today
    children = await _count_of(act.tx, col(Platform.parent_id) == platform.id, col(Platform.closed_on).is_(None))
    topics = await _count_of(act.tx, col(Topic.platform_id) == platform.id, col(Topic.status).in_(OPEN))
    sessions = await _count_of(act.tx, col(Session.platform_id) == platform.id, col(Session.status).in_(STANDING))
    if children or topics or sessions:
        raise PlatformInUse(platform.code, children=children, topics=topics, sessions=sessions)
    latest = await act.tx.scalar(LATEST, {"platform": platform.id})
    require_not_before(
        day,
        china_day(latest) if latest else None,
        Milestone.LAST_USED,
        path="closed_on",
    )
    platform.closed_on = day
    return platform.id


async def _count_of(tx: WriteTx, *conditions: ColumnElement[bool]) -> int:
    """Return how many rows the conditions hold for."""
    return await tx.scalar(select(func.count()).where(*conditions)) or 0
