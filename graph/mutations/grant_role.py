from uuid import UUID

import strawberry
from strawberry import UNSET

from graph.context import Info
from graph.enums import Role
from graph.inputs.bounded import bounded
from graph.mutations.perform import MutationError, given, perform
from graph.scalars import DivisionCode
from graph.types.access import RoleGrant
from services.access import commands
from services.core.act import Act
from services.core.bounds import CODE, IDEMPOTENCY_KEY, SUBJECT


@strawberry.input(description="What `grantRole` takes: a division, or for the role DEPARTMENT a department.")
class GrantRoleInput:
    """What the verb takes."""

    subject: str = bounded(SUBJECT)
    role: Role
    division: DivisionCode | None = UNSET
    department: str | None = bounded(CODE, default=UNSET)
    idempotency_key: str | None = bounded(IDEMPOTENCY_KEY, default=UNSET)


@strawberry.type(description="The grant, or why not.")
class GrantRolePayload:
    """The grant, or why not."""

    grant: RoleGrant | None
    errors: list[MutationError]


@strawberry.mutation(description="Give somebody a role (授权), beside what their token carries.")
async def grant_role(info: Info, input: GrantRoleInput) -> GrantRolePayload:  # noqa: A002 -- the argument's name in the schema
    """Give somebody a role (授权), beside what their token carries."""

    async def command(act: Act) -> UUID:
        return await commands.grant_role(
            act,
            subject=input.subject,
            role=input.role,
            division=given(input.division),
            department=given(input.department),
        )

    payload: GrantRolePayload = await perform(info, input, "RoleGrant", command)
    return payload
