from uuid import UUID

import strawberry
from strawberry import UNSET

from graph.context import Info
from graph.inputs.bounded import bounded
from graph.mutations.perform import MutationError, perform, reference
from graph.types.outcomes import Commitment
from services.core.act import Act
from services.core.bounds import IDEMPOTENCY_KEY
from services.outcomes import work


@strawberry.input(description="What `acceptCommitment` takes.")
class AcceptCommitmentInput:
    """What the verb takes."""

    commitment: strawberry.ID
    idempotency_key: str | None = bounded(IDEMPOTENCY_KEY, default=UNSET)


@strawberry.type(description="The commitment, or why not.")
class AcceptCommitmentPayload:
    """The commitment, or why not."""

    commitment: Commitment | None
    errors: list[MutationError]


@strawberry.mutation(description="Take a commitment on (受理落实事项), for its department.")
async def accept_commitment(info: Info, input: AcceptCommitmentInput) -> AcceptCommitmentPayload:  # noqa: A002 -- the argument's name in the schema
    """Take a commitment on (受理落实事项), for its department."""

    async def command(act: Act) -> UUID:
        return await work.accept_commitment(act, commitment_id=reference("commitment", input.commitment, "commitment"))

    payload: AcceptCommitmentPayload = await perform(info, input, "Commitment", command)
    return payload
