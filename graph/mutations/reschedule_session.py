from datetime import datetime
from uuid import UUID

import strawberry
from strawberry import UNSET

from graph.context import Info
from graph.mutations.perform import Act, MutationError, given, perform, reference
from graph.types.sessions import Session
from services.sessions import commands


@strawberry.input(description="What `rescheduleSession` takes.")
class RescheduleSessionInput:
    """What the verb takes."""

    session: strawberry.ID
    scheduled_at: datetime | None = UNSET
    venue: str | None = UNSET
    idempotency_key: str | None = UNSET


@strawberry.type(description="The session, or why not.")
class RescheduleSessionPayload:
    """The session, or why not."""

    session: Session | None
    errors: list[MutationError]


@strawberry.mutation(description="Give a session another time or place (改期); without a time it is postponed.")
async def reschedule_session(info: Info, input: RescheduleSessionInput) -> RescheduleSessionPayload:  # noqa: A002 -- the argument's name in the schema
    """Give a session another time or place (改期); without a time it is postponed."""

    async def command(act: Act) -> UUID:
        return await commands.reschedule_session(
            tx=act.tx,
            actor=act.actor,
            clock=act.clock,
            session_id=reference("session", input.session, "session"),
            scheduled_at=given(input.scheduled_at),
            venue=given(input.venue),
        )

    payload: RescheduleSessionPayload = await perform(info, input, "Session", command)
    return payload
