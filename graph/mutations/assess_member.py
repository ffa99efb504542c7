from uuid import UUID

import strawberry
from strawberry import UNSET

from graph.context import Info
from graph.inputs.bounded import bounded
from graph.mutations.perform import MutationError, perform, reference
from graph.types.duty import DutyAssessment
from services.core.act import Act
from services.core.bounds import DUTY_YEAR, IDEMPOTENCY_KEY
from services.duty import commands


@strawberry.input(description="What `assessMember` takes.")
class AssessMemberInput:
    """What the verb takes."""

    member: strawberry.ID
    year: int = bounded(DUTY_YEAR)
    idempotency_key: str | None = bounded(IDEMPOTENCY_KEY, default=UNSET)


@strawberry.type(description="The assessment, or why not.")
class AssessMemberPayload:
    """The assessment, or why not."""

    duty_assessment: DutyAssessment | None
    errors: list[MutationError]


@strawberry.mutation(
    description="Assess a member's year (履职考核) from what is recorded of it, under the scheme in force; "
    "the same acts leave what stands."
)
async def assess_member(info: Info, input: AssessMemberInput) -> AssessMemberPayload:  # noqa: A002 -- the argument's name in the schema
    """Assess a member's year (履职考核) from what is recorded of it, under the scheme in force."""

    async def command(act: Act) -> UUID:
        return await commands.assess_member(act, member_id=reference("member", input.member, "member"), year=input.year)

    payload: AssessMemberPayload = await perform(info, input, "DutyAssessment", command)
    return payload
