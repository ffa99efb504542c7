from collections.abc import Sequence
from datetime import date
from uuid import UUID

from services.centers.errors import ActivityPlaceInvalid
from services.centers.models import Activity, ActivityMember, PracticeCenter
from services.centers.rules import require_activity_held
from services.core.act import Act
from services.core.actor import ACTS, Role
from services.core.chronology import require_day_reached
from services.core.lookup import row_by_id
from services.core.transaction import WriteTx
from services.divisions.records import division_by_code


async def open_practice_center(  # noqa: PLR0913 -- the facts of a center
    act: Act, *, name: str, division: str, opened_on: date | None, areas: Sequence[str], functions: Sequence[str]
) -> UUID:
    """The division has the practice center.

    Returns its id. Raises NotFound for the division, Forbidden, NotYetHappened, ConstraintViolated.
    """
    place = await division_by_code(act.tx, division)
    act.actor.require(place.number, Role.SECRETARIAT)
    if opened_on is not None:
        require_day_reached(opened_on, act.today(), path="opened_on")
    center = PracticeCenter(
        name=name, division_number=place.number, opened_on=opened_on, areas=list(areas), functions=list(functions)
    )
    act.tx.add(center)
    return center.id


async def record_activity(  # noqa: PLR0913 -- the facts of an activity
    act: Act,
    *,
    kind: str,
    title: str,
    held_on: date,
    center_id: UUID | None,
    division: str | None,
    headcount: int | None,
    member_ids: Sequence[UUID],
) -> UUID:
    """The activity stands in the record, with the members who took part.

    Returns its id. Raises ActivityPlaceInvalid, ActivityNotYetHeld, TooEarly, NotFound, Forbidden, ConstraintViolated.
    """
    number, opened_on = await _place(act.tx, center_id, division)
    act.actor.require(number, *ACTS)
    require_activity_held(held_on, act.today(), opened_on)
    activity = Activity(
        kind=kind,
        title=title,
        held_on=held_on,
        center_id=center_id,
        division_number=number,
        headcount=headcount if headcount is not None else len(member_ids) or None,
    )
    act.tx.add(activity)
    await act.tx.flush()
    act.tx.add_all([ActivityMember(activity_id=activity.id, member_id=member_id) for member_id in member_ids])
    return activity.id


async def _place(tx: WriteTx, center_id: UUID | None, division: str | None) -> tuple[int, date | None]:
    """Return the number of the division where an activity was, and when the center there opened, where it is known.

    Raises ActivityPlaceInvalid, NotFound.
    """
    if center_id is not None and division is None:
        center = await row_by_id(
            tx, PracticeCenter, center_id, "practicecenter", thing="practice center", path="center"
        )
        return center.division_number, center.opened_on
    if center_id is not None or division is None:
        raise ActivityPlaceInvalid
    return (await division_by_code(tx, division)).number, None
