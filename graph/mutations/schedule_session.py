from datetime import datetime
from uuid import UUID

import strawberry
from strawberry import UNSET

from graph.context import Info
from graph.enums import SessionForm
from graph.inputs.bounded import bounded
from graph.mutations.perform import MutationError, given, optional_reference, perform, reference
from graph.types.sessions import Session
from services.core.act import Act
from services.core.bounds import AGENDA, IDEMPOTENCY_KEY, NAME, TITLE
from services.sessions import commands


@strawberry.input(description="What `scheduleSession` takes.")
class ScheduleSessionInput:
    """What the verb takes."""

    platform: strawberry.ID
    topics: list[strawberry.ID] = bounded(AGENDA)
    scheduled_at: datetime = strawberry.field(
        description="Today or later, in China. Of a session that was held before it stood here `recordSession` tells "
        "when."
    )
    venue: str = bounded(TITLE)
    form: SessionForm | None = SessionForm.ON_SITE
    convener: str | None = bounded(NAME, default=UNSET)
    liaison_group: strawberry.ID | None = UNSET
    idempotency_key: str | None = bounded(IDEMPOTENCY_KEY, default=UNSET)


@strawberry.type(description="The session, or why not.")
class ScheduleSessionPayload:
    """The session, or why not."""

    session: Session | None
    errors: list[MutationError]


@strawberry.mutation(
    description="Put a session in the calendar (安排议事会) that takes topics; their departments are told."
)
async def schedule_session(info: Info, input: ScheduleSessionInput) -> ScheduleSessionPayload:  # noqa: A002 -- the argument's name in the schema
    """Put a session in the calendar (安排议事会) that takes topics; their departments are told."""

    async def command(act: Act) -> UUID:
        return await commands.schedule_session(
            act,
            platform_id=reference("platform", input.platform, "platform"),
            topic_ids=[reference("topic", topic, "topics") for topic in input.topics],
            scheduled_at=input.scheduled_at,
            venue=input.venue,
            form=input.form or SessionForm.ON_SITE,
            convener=given(input.convener),
            liaison_group_id=optional_reference("liaisongroup", input.liaison_group, "liaison_group"),
        )

    payload: ScheduleSessionPayload = await perform(info, input, "Session", command)
    return payload
