from uuid import UUID

from sqlalchemy import func, select

from services.core.actor import Actor, Role
from services.core.clock import Clock
from services.core.database import WriteTx
from services.departments.enums import DepartmentKind
from services.departments.models import Department, DepartmentChannel
from services.departments.records import department_by_code
from services.divisions.records import division_by_code

REGISTRY_CHANNEL = "shangliang_registry"
"""Who keeps the broker's topology listens here for channels that came into use."""


async def register_department(  # noqa: PLR0913 -- the facts of a department
    *,
    tx: WriteTx,
    actor: Actor,
    clock: Clock,  # noqa: ARG001 -- every command takes it
    code: str,
    name: str,
    kind: DepartmentKind,
    division: str,
    enabled: bool,
) -> UUID:
    """The department stands in the registry, with a channel on the broker if `enabled`.

    Returns its id. Raises NotFound for the division, Forbidden, ConstraintViolated for the code.
    """
    place = await division_by_code(tx, division)
    actor.require(place.number, Role.SECRETARIAT)
    department = Department(code=code, name=name, kind=kind, division_number=place.number)
    tx.add(department)
    await tx.flush()
    tx.add(DepartmentChannel(department_id=department.id, enabled=enabled))
    if enabled:
        await _tell(tx)
    return department.id


async def enable_channel(*, tx: WriteTx, actor: Actor, clock: Clock, department: str) -> UUID:  # noqa: ARG001 -- every command takes it
    """The department's channel is in use, and not paused; what waited is sent.

    Returns the department's id. Raises NotFound, Forbidden.
    """
    channel = await _operated(tx, actor, department)
    channel.enabled = True
    channel.paused_until, channel.pauses, channel.last_error = None, 0, None
    await _tell(tx)
    return channel.department_id


async def disable_channel(*, tx: WriteTx, actor: Actor, clock: Clock, department: str) -> UUID:  # noqa: ARG001 -- every command takes it
    """The department's channel is out of use: its notices wait in their rows.

    Returns the department's id. Raises NotFound, Forbidden.
    """
    channel = await _operated(tx, actor, department)
    channel.enabled = False
    return channel.department_id


async def _operated(tx: WriteTx, actor: Actor, code: str) -> DepartmentChannel:
    """Return a department's channel, locked, for somebody who runs it. Raises NotFound, Forbidden."""
    department = await department_by_code(tx, code)
    actor.require(department.division_number, Role.SECRETARIAT, Role.OPERATOR)
    return await tx.get_one(DepartmentChannel, department.id, with_for_update=True)


async def _tell(tx: WriteTx) -> None:
    """Whoever keeps the broker's topology looks at the registry once this transaction commits."""
    await tx.execute(select(func.pg_notify(REGISTRY_CHANNEL, "")))
