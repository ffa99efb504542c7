from uuid import UUID

import strawberry
from strawberry import UNSET

from graph.context import Info
from graph.enums import ParticipantRole
from graph.mutations.perform import Act, MutationError, given, perform, reference
from graph.types.outcomes import FollowUp
from services.outcomes import followups


@strawberry.input(description="What `recordFollowUp` takes.")
class RecordFollowUpInput:
    """What the verb takes."""

    topic: strawberry.ID
    role: ParticipantRole
    score: int = strawberry.field(description="满意度, 1 to 5.")
    confirms_fix: bool
    comment: str | None = UNSET
    idempotency_key: str | None = UNSET


@strawberry.type(description="The follow-up, or why not.")
class RecordFollowUpPayload:
    """The follow-up, or why not."""

    follow_up: FollowUp | None
    errors: list[MutationError]


@strawberry.mutation(description="Record what somebody says of a fix when asked later (回访).")
async def record_follow_up(info: Info, input: RecordFollowUpInput) -> RecordFollowUpPayload:  # noqa: A002 -- the argument's name in the schema
    """Record what somebody says of a fix when asked later (回访)."""

    async def command(act: Act) -> UUID:
        return await followups.record_follow_up(
            tx=act.tx,
            actor=act.actor,
            clock=act.clock,
            topic_id=reference("topic", input.topic, "topic"),
            role=input.role,
            score=input.score,
            confirms_fix=input.confirms_fix,
            comment=given(input.comment),
        )

    payload: RecordFollowUpPayload = await perform(info, input, "FollowUp", command)
    return payload
