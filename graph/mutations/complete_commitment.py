from uuid import UUID

import strawberry
from strawberry import UNSET

from graph.context import Info
from graph.inputs.bounded import bounded
from graph.mutations.evidence import EvidenceInput
from graph.mutations.perform import MutationError, perform, reference
from graph.types.outcomes import Commitment
from services.core.act import Act
from services.core.bounds import DOCUMENTS, IDEMPOTENCY_KEY
from services.outcomes import work


@strawberry.input(description="What `completeCommitment` takes.")
class CompleteCommitmentInput:
    """What the verb takes."""

    commitment: strawberry.ID
    evidence: list[EvidenceInput] = bounded(DOCUMENTS)
    idempotency_key: str | None = bounded(IDEMPOTENCY_KEY, default=UNSET)


@strawberry.type(description="The commitment, or why not.")
class CompleteCommitmentPayload:
    """The commitment, or why not."""

    commitment: Commitment | None
    errors: list[MutationError]


@strawberry.mutation(description="Call a commitment done (落实事项办结), with evidence, for its department.")
async def complete_commitment(info: Info, input: CompleteCommitmentInput) -> CompleteCommitmentPayload:  # noqa: A002 -- the argument's name in the schema
    """Call a commitment done (落实事项办结), with evidence, for its department."""

    async def command(act: Act) -> UUID:
        return await work.complete_commitment(
            act,
            commitment_id=reference("commitment", input.commitment, "commitment"),
            evidence=[one.as_given() for one in input.evidence],
        )

    payload: CompleteCommitmentPayload = await perform(info, input, "Commitment", command)
    return payload
