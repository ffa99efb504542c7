from uuid import UUID

from services.core.actor import Actor, Role
from services.core.clock import Clock
from services.core.database import WriteTx
from services.core.errors import NotFound
from services.core.scope import subtree
from services.departments.enums import DepartmentKind
from services.departments.models import Department, DepartmentChannel
from services.divisions.models import Division


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
    number = subtree(division).lower
    if await tx.get(Division, number) is None:
        raise NotFound("division", division, path=("division",))
    actor.require(number, Role.SECRETARIAT)
    department = Department(code=code, name=name, kind=kind, division_number=number)
    tx.add(department)
    await tx.flush()
    tx.add(DepartmentChannel(department_id=department.id, enabled=enabled))
    return department.id
