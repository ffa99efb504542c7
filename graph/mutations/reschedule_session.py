from datetime import datetime
from uuid import UUID

import strawberry
from strawberry import UNSET

from graph.context import Info
from graph.inputs.bounded import bounded
from graph.mutations.perform import MutationError, given, perform, reference
from graph.types.sessions import Session
from services.core.act import Act
from services.core.bounds import IDEMPOTENCY_KEY, TITLE
from services.sessions import commands


@strawberry.input(description="What `rescheduleSession` takes.")
class RescheduleSessionInput:
    """What the verb takes."""

    session: strawberry.ID
    scheduled_at: datetime | None = strawberry.field(description="Today or later, in China.", default=UNSET)
    venue: str | None = bounded(TITLE, description="Alone it leaves time and state as they are.", default=UNSET)
    postpone: bool = strawberry.field(
        description="True to take the session off its time until it gets another (延期); then without `scheduledAt`.",
        default=False,
    )
    idempotency_key: str | None = bounded(IDEMPOTENCY_KEY, default=UNSET)


@strawberry.type(description="The session, or why not.")
class RescheduleSessionPayload:
    """The session, or why not."""

    session: Session | None
    errors: list[MutationError]


@strawberry.mutation(
    description="Give a session another time or place (改期), or postpone it until it gets a time (延期); its "
    "departments are told."
)
async def reschedule_session(info: Info, input: RescheduleSessionInput) -> RescheduleSessionPayload:  # noqa: A002 -- the argument's name in the schema
    """Give a session another time or place (改期), or postpone it until it gets a time (延期)."""

    async def command(act: Act) -> UUID:
        return await commands.reschedule_session(
            act,
            session_id=reference("session", input.session, "session"),
            scheduled_at=given(input.scheduled_at),
            venue=given(input.venue),
            postpone=input.postpone,
        )

    payload: RescheduleSessionPayload = await perform(info, input, "Session", command)
    return payload
