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


@strawberry.input(description="What `disableDepartment` takes.")
class DisableDepartmentInput:
    """What the verb takes."""

    department: str = bounded(CODE)
    idempotency_key: str | None = bounded(IDEMPOTENCY_KEY, default=UNSET)


@strawberry.type(description="The department, or why not.")
class DisableDepartmentPayload:
    """The department, or why not."""

    department: Department | None
    errors: list[MutationError]


@strawberry.mutation(description="Take a department's channel out of use (停用通道); its notices wait in their rows.")
async def disable_department(info: Info, input: DisableDepartmentInput) -> DisableDepartmentPayload:  # noqa: A002 -- the argument's name in the schema
    """Take a department's channel out of use (停用通道); its notices wait in their rows."""

    async def command(act: Act) -> UUID:
        return await commands.disable_channel(act, department=input.department)

    payload: DisableDepartmentPayload = await perform(info, input, "Department", command)
    return payload
