from uuid import UUID

import strawberry
from strawberry import UNSET

from graph.context import Info
from graph.inputs.bounded import bounded
from graph.mutations.perform import MutationError, perform, reference
from graph.types.sessions import Session
from services.core.act import Act
from services.core.bounds import IDEMPOTENCY_KEY, NOTE
from services.sessions import commands


@strawberry.input(description="What `cancelSession` takes.")
class CancelSessionInput:
    """What the verb takes."""

    session: strawberry.ID
    reason: str = bounded(NOTE)
    idempotency_key: str | None = bounded(IDEMPOTENCY_KEY, default=UNSET)


@strawberry.type(description="The session, or why not.")
class CancelSessionPayload:
    """The session, or why not."""

    session: Session | None
    errors: list[MutationError]


@strawberry.mutation(description="Cancel a session (取消议事会); topics that no other session takes are listed again.")
async def cancel_session(info: Info, input: CancelSessionInput) -> CancelSessionPayload:  # noqa: A002 -- the argument's name in the schema
    """Cancel a session (取消议事会); topics that no other session takes are listed again."""

    async def command(act: Act) -> UUID:
        return await commands.cancel_session(
            act, session_id=reference("session", input.session, "session"), reason=input.reason
        )

    payload: CancelSessionPayload = await perform(info, input, "Session", command)
    return payload
