from datetime import date
from uuid import UUID

import strawberry
from strawberry import UNSET

from graph.context import Info
from graph.inputs.bounded import bounded
from graph.mutations.perform import MutationError, given, perform, reference
from graph.types.outcomes import Outcome
from services.core.act import Act
from services.core.bounds import AGREEMENT, IDEMPOTENCY_KEY, NOTE
from services.outcomes import corrections


@strawberry.input(description="What `correctOutcome` takes: what is left out or null stays as it is.")
class CorrectOutcomeInput:
    """What the verb takes."""

    outcome: strawberry.ID
    reason: str = bounded(NOTE, description="Why (更正原因); it stands in the trace.")
    agreement: str | None = bounded(AGREEMENT, default=UNSET)
    reached_on: date | None = strawberry.field(
        description="Not still to come, nor before its session or after what followed from it.", default=UNSET
    )
    idempotency_key: str | None = bounded(IDEMPOTENCY_KEY, default=UNSET)


@strawberry.type(description="The outcome, or why not.")
class CorrectOutcomePayload:
    """The outcome, or why not."""

    outcome: Outcome | None
    errors: list[MutationError]


@strawberry.mutation(
    description="Put right what the parties agreed on, or when (更正协商成果). "
    "What it was stays in the trace and in `asOf`; the topic's departments are told."
)
async def correct_outcome(info: Info, input: CorrectOutcomeInput) -> CorrectOutcomePayload:  # noqa: A002 -- the argument's name in the schema
    """Put right what is recorded of the outcome."""

    async def command(act: Act) -> UUID:
        return await corrections.correct_outcome(
            act,
            outcome_id=reference("outcome", input.outcome, "outcome"),
            reason=input.reason,
            agreement=given(input.agreement),
            reached_on=given(input.reached_on),
        )

    payload: CorrectOutcomePayload = await perform(info, input, "Outcome", command)
    return payload
