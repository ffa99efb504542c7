"""In which part a caller raises a matter at a place."""

from sqlalchemy import select
from sqlmodel import col

from services.core.act import Act
from services.core.actor import Role
from services.core.errors import Forbidden, Unauthenticated
from services.core.scope import division_code, subtree
from services.departments.models import Department
from services.matters.enums import ParticipantRole
from services.matters.errors import PartNotHeld
from services.matters.rules import PARTS


async def part_at(act: Act, division_number: int, wanted: ParticipantRole | None) -> tuple[Role, ParticipantRole]:
    """Return the part wanted, or else the first that the caller's grants give them at a place, and by which role.

    Raises Unauthenticated, Forbidden without any such grant, PartNotHeld for a part that no grant gives.
    """
    if act.actor.subject is None:
        raise Unauthenticated
    held = await _parts(act, division_number)
    if not held:
        raise Forbidden(PARTS, division_code(division_number))
    if wanted is None:
        return next(iter(held.items()))
    for role, part in held.items():
        if wanted is part:
            return role, part
    raise PartNotHeld(wanted, tuple(dict.fromkeys(held.values())))


async def _parts(act: Act, division_number: int) -> dict[Role, ParticipantRole]:
    """Return the parts that the caller has at a place by role, in the order of the rules."""
    for_department = await _speaks_for_a_department(act, division_number)

    def holds(role: Role) -> bool:
        if role is Role.DEPARTMENT:
            return for_department
        return any(division_number in scope for scope in act.actor.scopes(frozenset({role})))

    return {role: part for role, part in PARTS.items() if holds(role)}


async def _speaks_for_a_department(act: Act, division_number: int) -> bool:
    """Tell whether the caller acts for a department of the place or of a division above it."""
    codes = act.actor.departments()
    if not codes:
        return False
    rows = await act.tx.scalars(select(col(Department.division_number)).where(col(Department.code).in_(codes)))
    return any(division_number in subtree(division_code(number)) for number in rows)
