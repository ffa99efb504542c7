from datetime import date
from uuid import UUID

from services.core.act import Act
from services.core.actor import Role
from services.core.chronology import Milestone, require_day_reached, require_not_before
from services.core.scope import subtree
from services.divisions.models import Division
from services.divisions.records import division_by_code
from services.platforms.enums import PlatformKind, PlatformTier
from services.platforms.errors import ParentUnfit
from services.platforms.models import Brand, Platform
from services.platforms.records import open_platform_by_id
from services.platforms.rules import PARENTS
from services.search.enums import SearchKind
from services.search.records import make_findable


async def open_platform(  # noqa: PLR0913 -- the facts of a platform
    act: Act,
    *,
    code: str,
    name: str,
    tier: PlatformTier,
    kind: PlatformKind,
    division: str,
    parent_id: UUID | None,
    brand_id: UUID | None,
    liaison_group_id: UUID | None,
    opened_on: date | None,
) -> UUID:
    """The division has the platform, from the day given or today on.

    That day is not still to come, nor before its parent opened. Returns its id. Raises NotFound, Forbidden,
    ParentUnfit, PlatformClosed for the parent, NotYetHappened, TooEarly, ConstraintViolated.
    """
    place = await division_by_code(act.tx, division)
    act.actor.require(place.number, Role.SECRETARIAT)
    today = act.today()
    day = opened_on or today
    require_day_reached(day, today, path="opened_on")
    if (parent_id is None) != (not PARENTS[tier]):
        raise ParentUnfit(tier, PARENTS[tier])
    if parent_id is not None:
        parent = await open_platform_by_id(act.tx, parent_id, today=today, path="parent")
        above = await act.tx.get_one(Division, parent.division_number)
        if parent.tier not in PARENTS[tier] or place.number not in subtree(above.code):
            raise ParentUnfit(tier, PARENTS[tier])
        require_not_before(day, parent.opened_on, Milestone.PARENT_OPENED, path="opened_on")
    platform = Platform(
        code=code,
        name=name,
        tier=tier,
        kind=kind,
        division_number=place.number,
        parent_id=parent_id,
        brand_id=brand_id,
        liaison_group_id=liaison_group_id,
        opened_on=day,
    )
    act.tx.add(platform)
    await make_findable(
        act.tx, SearchKind.PLATFORM, platform.id, division_number=platform.division_number, title=platform.name
    )
    return platform.id


async def launch_brand(act: Act, *, name: str, umbrella: str | None, division: str, launched_on: date | None) -> UUID:
    """The division consults under the brand, since the day given or from today on.

    Returns its id. Raises NotFound, Forbidden, NotYetHappened, ConstraintViolated.
    """
    place = await division_by_code(act.tx, division)
    act.actor.require(place.number, Role.SECRETARIAT)
    today = act.today()
    day = launched_on or today
    require_day_reached(day, today, path="launched_on")
    brand = Brand(name=name, umbrella=umbrella, division_number=place.number, launched_on=day)
    act.tx.add(brand)
    return brand.id
