from uuid import UUID

import strawberry
from strawberry import UNSET

from graph.context import Info
from graph.inputs.bounded import bounded
from graph.mutations.perform import MutationError, perform, reference
from graph.types.outcomes import Commitment
from services.core.act import Act
from services.core.bounds import IDEMPOTENCY_KEY, NOTE
from services.outcomes import work


@strawberry.input(description="What `declineCommitment` takes.")
class DeclineCommitmentInput:
    """What the verb takes."""

    commitment: strawberry.ID
    reason: str = bounded(NOTE)
    idempotency_key: str | None = bounded(IDEMPOTENCY_KEY, default=UNSET)


@strawberry.type(description="The commitment, or why not.")
class DeclineCommitmentPayload:
    """The commitment, or why not."""

    commitment: Commitment | None
    errors: list[MutationError]


@strawberry.mutation(
    description="Do not take a commitment on (不受理落实事项), for its department; its reason is a report."
)
async def decline_commitment(info: Info, input: DeclineCommitmentInput) -> DeclineCommitmentPayload:  # noqa: A002 -- the argument's name in the schema
    """Do not take a commitment on (不受理落实事项), for its department; its reason is a report."""

    async def command(act: Act) -> UUID:
        return await work.decline_commitment(
            act, commitment_id=reference("commitment", input.commitment, "commitment"), reason=input.reason
        )

    payload: DeclineCommitmentPayload = await perform(info, input, "Commitment", command)
    return payload
