from uuid import UUID

import strawberry
from strawberry import UNSET

from graph.context import Info
from graph.enums import DepartmentKind
from graph.inputs.bounded import bounded
from graph.mutations.perform import MutationError, perform
from graph.scalars import DivisionCode
from graph.types.departments import Department
from services.core.act import Act
from services.core.bounds import DEPARTMENT_CODE, IDEMPOTENCY_KEY, NAME
from services.departments import commands


@strawberry.input(description="What `registerDepartment` takes.")
class RegisterDepartmentInput:
    """What the verb takes."""

    code: str = bounded(DEPARTMENT_CODE)
    name: str = bounded(NAME)
    kind: DepartmentKind
    division: DivisionCode
    enabled: bool = True
    idempotency_key: str | None = bounded(IDEMPOTENCY_KEY, default=UNSET)


@strawberry.type(description="The department, or why not.")
class RegisterDepartmentPayload:
    """The department, or why not."""

    department: Department | None
    errors: list[MutationError]


@strawberry.mutation(description="Register a department (登记责任单位) with its channel.")
async def register_department(info: Info, input: RegisterDepartmentInput) -> RegisterDepartmentPayload:  # noqa: A002 -- the argument's name in the schema
    """Register a department (登记责任单位) with its channel."""

    async def command(act: Act) -> UUID:
        return await commands.register_department(
            act, code=input.code, name=input.name, kind=input.kind, division=input.division, enabled=input.enabled
        )

    payload: RegisterDepartmentPayload = await perform(info, input, "Department", command)
    return payload
