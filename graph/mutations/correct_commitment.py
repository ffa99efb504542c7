from datetime import date
from uuid import UUID

import strawberry
from strawberry import UNSET

from graph.context import Info
from graph.inputs.bounded import bounded
from graph.mutations.perform import MutationError, given, perform, reference
from graph.types.outcomes import Commitment
from services.core.act import Act
from services.core.bounds import IDEMPOTENCY_KEY, NOTE
from services.outcomes import corrections


@strawberry.input(description="What `correctCommitment` takes: what is left out or null stays as it is.")
class CorrectCommitmentInput:
    """What the verb takes."""

    commitment: strawberry.ID
    reason: str = bounded(NOTE, description="Why (更正原因); it stands in the trace.")
    task: str | None = bounded(NOTE, default=UNSET)
    due_on: date | None = strawberry.field(description="Not before the day on which it was assigned.", default=UNSET)
    idempotency_key: str | None = bounded(IDEMPOTENCY_KEY, default=UNSET)


@strawberry.type(description="The commitment, or why not.")
class CorrectCommitmentPayload:
    """The commitment, or why not."""

    commitment: Commitment | None
    errors: list[MutationError]


@strawberry.mutation(
    description="Put right what a department is to do, or by when (更正落实事项). "
    "What it was stays in the trace and in `asOf`; the department is told."
)
async def correct_commitment(info: Info, input: CorrectCommitmentInput) -> CorrectCommitmentPayload:  # noqa: A002 -- the argument's name in the schema
    """Put right what is recorded of the commitment."""

    async def command(act: Act) -> UUID:
        return await corrections.correct_commitment(
            act,
            commitment_id=reference("commitment", input.commitment, "commitment"),
            reason=input.reason,
            task=given(input.task),
            due_on=given(input.due_on),
        )

    payload: CorrectCommitmentPayload = await perform(info, input, "Commitment", command)
    return payload
