from uuid import UUID

import strawberry
from strawberry import UNSET

from graph.context import Info
from graph.enums import FollowUpChannel, ParticipantRole
from graph.inputs.bounded import bounded
from graph.mutations.perform import MutationError, given, perform, reference
from graph.types.outcomes import FollowUp
from services.core.act import Act
from services.core.bounds import IDEMPOTENCY_KEY, NAME, NOTE, SCORE
from services.outcomes import followups
from services.outcomes.followups import Answered, Asked


@strawberry.input(description="What `recordFollowUp` takes.")
class RecordFollowUpInput:
    """What the verb takes."""

    topic: strawberry.ID
    role: ParticipantRole
    score: int = bounded(SCORE, description="满意度.")
    confirms_fix: bool
    comment: str | None = bounded(NOTE, default=UNSET)
    channel: FollowUpChannel | None = strawberry.field(
        description="How staff asked (回访方式); a resident leaves it out, or says ONLINE.", default=UNSET
    )
    respondent: str | None = bounded(
        NAME,
        "Whom staff asked (回访对象), as a name or a label that staff alone reads: it tells one person from another. "
        "Who answers for themselves leaves it out.",
        default=UNSET,
    )
    idempotency_key: str | None = bounded(IDEMPOTENCY_KEY, default=UNSET)


@strawberry.type(description="The follow-up, or why not.")
class RecordFollowUpPayload:
    """The follow-up, or why not."""

    follow_up: FollowUp | None
    errors: list[MutationError]


@strawberry.mutation(
    description="Say how one finds a fix, or record as staff what somebody else said when asked (回访); an answer "
    "takes the place of the one that the same person gave before."
)
async def record_follow_up(info: Info, input: RecordFollowUpInput) -> RecordFollowUpPayload:  # noqa: A002 -- the argument's name in the schema
    """Say how one finds a fix, or record what somebody else said when asked (回访)."""

    async def command(act: Act) -> UUID:
        return await followups.record_follow_up(
            act,
            topic_id=reference("topic", input.topic, "topic"),
            answered=Answered(input.role, input.score, input.confirms_fix, given(input.comment)),
            asked=Asked(given(input.channel), given(input.respondent)),
        )

    payload: RecordFollowUpPayload = await perform(info, input, "FollowUp", command)
    return payload
