from uuid import UUID

import strawberry
from strawberry import UNSET

from graph.context import Info
from graph.inputs.bounded import bounded
from graph.mutations.perform import MutationError, given, perform, reference
from graph.types.outcomes import Commitment
from services.core.act import Act
from services.core.bounds import IDEMPOTENCY_KEY, NOTE
from services.outcomes import verdicts


@strawberry.input(description="What `verifyCommitment` takes.")
class VerifyCommitmentInput:
    """What the verb takes."""

    commitment: strawberry.ID
    note: str | None = bounded(NOTE, default=UNSET)
    idempotency_key: str | None = bounded(IDEMPOTENCY_KEY, default=UNSET)


@strawberry.type(description="The commitment, or why not.")
class VerifyCommitmentPayload:
    """The commitment, or why not."""

    commitment: Commitment | None
    errors: list[MutationError]


@strawberry.mutation(description="Say that a commitment was found done (核实落实事项); its department is told.")
async def verify_commitment(info: Info, input: VerifyCommitmentInput) -> VerifyCommitmentPayload:  # noqa: A002 -- the argument's name in the schema
    """Say that a commitment was found done (核实落实事项); its department is told."""

    async def command(act: Act) -> UUID:
        return await verdicts.verify_commitment(
            act, commitment_id=reference("commitment", input.commitment, "commitment"), note=given(input.note)
        )

    payload: VerifyCommitmentPayload = await perform(info, input, "Commitment", command)
    return payload
