from uuid import UUID

import strawberry
from strawberry import UNSET

from graph.context import Info
from graph.inputs.bounded import bounded
from graph.mutations.perform import MutationError, perform, reference
from graph.types.access import RoleGrant
from services.access import commands
from services.core.act import Act
from services.core.bounds import IDEMPOTENCY_KEY


@strawberry.input(description="What `revokeRole` takes.")
class RevokeRoleInput:
    """What the verb takes."""

    grant: strawberry.ID
    idempotency_key: str | None = bounded(IDEMPOTENCY_KEY, default=UNSET)


@strawberry.type(description="The grant, or why not.")
class RevokeRolePayload:
    """The grant, or why not."""

    grant: RoleGrant | None
    errors: list[MutationError]


@strawberry.mutation(description="Take a role back (撤销授权); the record of it stays.")
async def revoke_role(info: Info, input: RevokeRoleInput) -> RevokeRolePayload:  # noqa: A002 -- the argument's name in the schema
    """Take a role back (撤销授权); the record of it stays."""

    async def command(act: Act) -> UUID:
        return await commands.revoke_role(act, grant_id=reference("grant", input.grant, "grant"))

    payload: RevokeRolePayload = await perform(info, input, "RoleGrant", command)
    return payload
