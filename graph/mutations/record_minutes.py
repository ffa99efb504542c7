from uuid import UUID

import strawberry
from strawberry import UNSET

from graph.context import Info
from graph.inputs.bounded import bounded
from graph.mutations.perform import MutationError, perform, reference
from graph.types.sessions import Session
from services.core.act import Act
from services.core.bounds import IDEMPOTENCY_KEY, MINUTES_OR_NONE
from services.sessions import held


@strawberry.input(description="What `recordMinutes` takes.")
class RecordMinutesInput:
    """What the verb takes."""

    session: strawberry.ID
    minutes: str = bounded(MINUTES_OR_NONE)
    idempotency_key: str | None = bounded(IDEMPOTENCY_KEY, default=UNSET)


@strawberry.type(description="The session, or why not.")
class RecordMinutesPayload:
    """The session, or why not."""

    session: Session | None
    errors: list[MutationError]


@strawberry.mutation(description="Give a session that was held its minutes (会议记录), where it has none.")
async def record_minutes(info: Info, input: RecordMinutesInput) -> RecordMinutesPayload:  # noqa: A002 -- the argument's name in the schema
    """Give a session that was held its minutes (会议记录), where it has none."""

    async def command(act: Act) -> UUID:
        return await held.record_minutes(
            act, session_id=reference("session", input.session, "session"), minutes=input.minutes
        )

    payload: RecordMinutesPayload = await perform(info, input, "Session", command)
    return payload
