from uuid import UUID

import strawberry
from strawberry import UNSET

from graph.context import Info
from graph.inputs.bounded import bounded
from graph.mutations.perform import MutationError, perform
from graph.types.departments import Department
from services.core.act import Act
from services.core.bounds import CODE, IDEMPOTENCY_KEY
from services.departments import commands


@strawberry.input(description="What `enableDepartment` takes.")
class EnableDepartmentInput:
    """What the verb takes."""

    department: str = bounded(CODE)
    idempotency_key: str | None = bounded(IDEMPOTENCY_KEY, default=UNSET)


@strawberry.type(description="The department, or why not.")
class EnableDepartmentPayload:
    """The department, or why not."""

    department: Department | None
    errors: list[MutationError]


@strawberry.mutation(description="Put a department's channel into use (启用通道); what waited is sent.")
async def enable_department(info: Info, input: EnableDepartmentInput) -> EnableDepartmentPayload:  # noqa: A002 -- the argument's name in the schema
    """Put a department's channel into use (启用通道); what waited is sent."""

    async def command(act: Act) -> UUID:
        return await commands.enable_channel(act, department=input.department)

    payload: EnableDepartmentPayload = await perform(info, input, "Department", command)
    return payload
