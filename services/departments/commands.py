from uuid import UUID

from services.core.act import Act
from services.core.actor import RUNS_DELIVERIES, Role
from services.departments.enums import DepartmentKind
from services.departments.models import Department, DepartmentChannel
from services.departments.records import department_by_code
from services.divisions.records import division_by_code

REGISTRY_CHANNEL = "shangliang_registry"
"""Where departments' channels that came into use are notified, for the broker's topology."""


async def register_department(  # noqa: PLR0913 -- the facts of a department
    act: Act, *, code: str, name: str, kind: DepartmentKind, division: str, enabled: bool
) -> UUID:
    """The department stands in the registry, with a channel on the broker if `enabled`.

    Returns its id. Raises NotFound for the division, Forbidden, ConstraintViolated for the code.
    """
    place = await division_by_code(act.tx, division)
    act.actor.require(place.number, Role.SECRETARIAT)
    department = Department(code=code, name=name, kind=kind, division_number=place.number)
    act.tx.add(department)
    await act.tx.flush()
    act.tx.add(DepartmentChannel(department_id=department.id, enabled=enabled))
    if enabled:
        await act.tx.notify(REGISTRY_CHANNEL)
    return department.id


async def enable_channel(act: Act, *, department: str) -> UUID:
    """The department's channel is in use, and not paused; what waited is sent.

    Returns the department's id. Raises NotFound, Forbidden.
    """
    channel = await _operated(act, department)
    channel.enabled = True
    channel.paused_until, channel.pauses, channel.last_error = None, 0, None
    await act.tx.notify(REGISTRY_CHANNEL)
    return channel.department_id


async def disable_channel(act: Act, *, department: str) -> UUID:
    """The department's channel is out of use: its notices wait in their rows.

    Returns the department's id. Raises NotFound, Forbidden.
    """
    channel = await _operated(act, department)
    channel.enabled = False
    return channel.department_id


async def _operated(act: Act, code: str) -> DepartmentChannel:
    """Return a department's channel, locked, for somebody who runs it. Raises NotFound, Forbidden."""
    department = await department_by_code(act.tx, code)
    act.actor.require(department.division_number, *RUNS_DELIVERIES)
    return await act.tx.get_one(DepartmentChannel, department.id, with_for_update=True)
