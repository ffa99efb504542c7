from datetime import datetime
from uuid import UUID

import strawberry
from strawberry import UNSET

from graph.context import Info
from graph.inputs.bounded import bounded
from graph.mutations.perform import MutationError, given, perform, reference
from graph.types.sessions import Session
from services.core.act import Act
from services.core.bounds import HEADCOUNT, IDEMPOTENCY_KEY, MINUTES, NOTE, TITLE
from services.outcomes import sittings


@strawberry.input(description="What `correctSession` takes: what is left out or null stays as it is.")
class CorrectSessionInput:
    """What the verb takes."""

    session: strawberry.ID
    reason: str = bounded(NOTE, description="Why (更正原因); it stands in the trace.")
    held_at: datetime | None = strawberry.field(
        description="Not still to come, nor before a topic was proposed or after what followed from the session.",
        default=UNSET,
    )
    venue: str | None = bounded(TITLE, default=UNSET)
    headcount: int | None = bounded(HEADCOUNT, description="Everyone present; not fewer than are named.", default=UNSET)
    headcount_is_lower_bound: bool | None = strawberry.field(description="True for 'more than'.", default=UNSET)
    minutes: str | None = bounded(MINUTES, default=UNSET)
    idempotency_key: str | None = bounded(IDEMPOTENCY_KEY, default=UNSET)


@strawberry.type(description="The session, or why not.")
class CorrectSessionPayload:
    """The session, or why not."""

    session: Session | None
    errors: list[MutationError]


@strawberry.mutation(
    description="Put right what is recorded of a session that was held (更正议事会记录): when, where, how many "
    "came, the minutes. What it was stays in the trace and in `asOf`; "
    "figures follow, and departments are told where they were told it."
)
async def correct_session(info: Info, input: CorrectSessionInput) -> CorrectSessionPayload:  # noqa: A002 -- the argument's name in the schema
    """Put right what is recorded of the session."""

    async def command(act: Act) -> UUID:
        return await sittings.correct_session(
            act,
            session_id=reference("session", input.session, "session"),
            reason=input.reason,
            held_at=given(input.held_at),
            venue=given(input.venue),
            headcount=given(input.headcount),
            headcount_is_lower_bound=given(input.headcount_is_lower_bound),
            minutes=given(input.minutes),
        )

    payload: CorrectSessionPayload = await perform(info, input, "Session", command)
    return payload
