from datetime import date
from uuid import UUID

import strawberry
from strawberry import UNSET

from graph.context import Info
from graph.inputs.bounded import bounded
from graph.mutations.perform import MutationError, given, perform, reference
from graph.types.outcomes import Commitment
from services.core.act import Act
from services.core.bounds import CODE, IDEMPOTENCY_KEY, NOTE
from services.outcomes import commands


@strawberry.input(description="What `assignCommitment` takes.")
class AssignCommitmentInput:
    """What the verb takes."""

    outcome: strawberry.ID
    department: str = bounded(CODE)
    task: str = bounded(NOTE)
    due_on: date | None = UNSET
    idempotency_key: str | None = bounded(IDEMPOTENCY_KEY, default=UNSET)


@strawberry.type(description="The commitment, or why not.")
class AssignCommitmentPayload:
    """The commitment, or why not."""

    commitment: Commitment | None
    errors: list[MutationError]


@strawberry.mutation(description="Assign a department what it is to do about an outcome (交办落实事项); it is told.")
async def assign_commitment(info: Info, input: AssignCommitmentInput) -> AssignCommitmentPayload:  # noqa: A002 -- the argument's name in the schema
    """Assign a department what it is to do about an outcome (交办落实事项); it is told."""

    async def command(act: Act) -> UUID:
        return await commands.assign_commitment(
            act,
            outcome_id=reference("outcome", input.outcome, "outcome"),
            department=input.department,
            task=input.task,
            due_on=given(input.due_on),
        )

    payload: AssignCommitmentPayload = await perform(info, input, "Commitment", command)
    return payload
