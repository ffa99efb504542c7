from uuid import UUID

import strawberry
from strawberry import UNSET

from graph.context import Info
from graph.inputs.bounded import bounded
from graph.mutations.perform import MutationError, perform, reference
from graph.types.outcomes import Commitment
from services.core.act import Act
from services.core.bounds import IDEMPOTENCY_KEY, NOTE
from services.outcomes import verdicts


@strawberry.input(description="What `disputeCommitment` takes.")
class DisputeCommitmentInput:
    """What the verb takes."""

    commitment: strawberry.ID
    reason: str = bounded(NOTE)
    idempotency_key: str | None = bounded(IDEMPOTENCY_KEY, default=UNSET)


@strawberry.type(description="The commitment, or why not.")
class DisputeCommitmentPayload:
    """The commitment, or why not."""

    commitment: Commitment | None
    errors: list[MutationError]


@strawberry.mutation(
    description="Say that a commitment was found not done (对落实事项提出异议); its department is told."
)
async def dispute_commitment(info: Info, input: DisputeCommitmentInput) -> DisputeCommitmentPayload:  # noqa: A002 -- the argument's name in the schema
    """Say that a commitment was found not done (对落实事项提出异议); its department is told."""

    async def command(act: Act) -> UUID:
        return await verdicts.dispute_commitment(
            act, commitment_id=reference("commitment", input.commitment, "commitment"), reason=input.reason
        )

    payload: DisputeCommitmentPayload = await perform(info, input, "Commitment", command)
    return payload
