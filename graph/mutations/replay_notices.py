from uuid import UUID

import strawberry
from strawberry import UNSET

from graph.context import Info
from graph.inputs.bounded import bounded
from graph.inputs.filters import DateTimeRange
from graph.mutations.perform import MutationError, given, perform, reference
from graph.types.departments import Department
from services.core.act import Act
from services.core.bounds import CODE, EVENTS, IDEMPOTENCY_KEY
from services.notices import commands


@strawberry.input(description="What `replayNotices` takes.")
class ReplayNoticesInput:
    """What the verb takes."""

    department: str = bounded(CODE)
    events: list[strawberry.ID] | None = bounded(
        EVENTS, description="Which, by event; skipped ones too. Without, all that were delivered.", default=UNSET
    )
    occurred: DateTimeRange | None = strawberry.field(
        description="Of events that occurred then; not beside `events`.", default=UNSET
    )
    idempotency_key: str | None = bounded(IDEMPOTENCY_KEY, default=UNSET)


@strawberry.type(description="The department, or why not.")
class ReplayNoticesPayload:
    """The department, or why not."""

    department: Department | None
    errors: list[MutationError]


@strawberry.mutation(
    description="Send a department what it was sent before (重发通知), with the same ids and the attribute `replay`."
)
async def replay_notices(info: Info, input: ReplayNoticesInput) -> ReplayNoticesPayload:  # noqa: A002 -- the argument's name in the schema
    """Send a department what it was sent before (重发通知), with the same ids and the attribute `replay`."""

    async def command(act: Act) -> UUID:
        occurred = given(input.occurred)
        events = given(input.events)
        replayed = await commands.replay_notices(
            act,
            department=input.department,
            events=None if events is None else [reference("event", event, "events") for event in events],
            since=given(occurred.from_) if occurred else None,
            until=given(occurred.until) if occurred else None,
        )
        return replayed.department_id

    payload: ReplayNoticesPayload = await perform(info, input, "Department", command)
    return payload
