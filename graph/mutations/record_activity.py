from datetime import date
from uuid import UUID

import strawberry
from strawberry import UNSET

from graph.context import Info
from graph.inputs.bounded import bounded
from graph.mutations.perform import MutationError, given, optional_reference, perform, reference
from graph.scalars import DivisionCode
from graph.types.centers import Activity
from services.centers import commands
from services.core.act import Act
from services.core.bounds import HEADCOUNT, IDEMPOTENCY_KEY, KIND, PEOPLE, TITLE


@strawberry.input(description="What `recordActivity` takes: a center or else a division.")
class RecordActivityInput:
    """What the verb takes."""

    kind: str = bounded(KIND)
    title: str = bounded(TITLE)
    held_on: date
    center: strawberry.ID | None = UNSET
    division: DivisionCode | None = UNSET
    headcount: int | None = bounded(HEADCOUNT, default=UNSET)
    members: list[strawberry.ID] = bounded(PEOPLE, default_factory=list)
    idempotency_key: str | None = bounded(IDEMPOTENCY_KEY, default=UNSET)


@strawberry.type(description="The activity, or why not.")
class RecordActivityPayload:
    """The activity, or why not."""

    activity: Activity | None
    errors: list[MutationError]


@strawberry.mutation(description="Record an activity (登记活动) that took place, with the members who took part.")
async def record_activity(info: Info, input: RecordActivityInput) -> RecordActivityPayload:  # noqa: A002 -- the argument's name in the schema
    """Record an activity (登记活动) that took place, with the members who took part."""

    async def command(act: Act) -> UUID:
        return await commands.record_activity(
            act,
            kind=input.kind,
            title=input.title,
            held_on=input.held_on,
            center_id=optional_reference("practicecenter", input.center, "center"),
            division=given(input.division),
            headcount=given(input.headcount),
            member_ids=[reference("member", member, "members") for member in input.members],
        )

    payload: RecordActivityPayload = await perform(info, input, "Activity", command)
    return payload
