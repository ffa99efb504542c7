from datetime import date
from uuid import UUID

import strawberry
from strawberry import UNSET

from graph.context import Info
from graph.enums import ConversionKind
from graph.inputs.bounded import bounded
from graph.mutations.perform import MutationError, given, optional_reference, perform, reference
from graph.types.outcomes import Conversion
from services.core.act import Act
from services.core.bounds import IDEMPOTENCY_KEY, TITLE
from services.outcomes import conversions
from services.outcomes.conversions import Submitted


@strawberry.input(description="What `convertOutcome` takes.")
class ConvertOutcomeInput:
    """What the verb takes."""

    outcome: strawberry.ID
    kind: ConversionKind
    title: str = bounded(TITLE)
    submitted_on: date | None = strawberry.field(description="Today where left out.", default=UNSET)
    author: strawberry.ID | None = strawberry.field(description="The member who wrote it.", default=UNSET)
    idempotency_key: str | None = bounded(IDEMPOTENCY_KEY, default=UNSET)


@strawberry.type(description="The conversion, or why not.")
class ConvertOutcomePayload:
    """The conversion, or why not."""

    conversion: Conversion | None
    errors: list[MutationError]


@strawberry.mutation(description="Record that an outcome became a document (成果转化); once for each kind.")
async def convert_outcome(info: Info, input: ConvertOutcomeInput) -> ConvertOutcomePayload:  # noqa: A002 -- the argument's name in the schema
    """Record that an outcome became a document (成果转化); once for each kind."""

    async def command(act: Act) -> UUID:
        return await conversions.convert_outcome(
            act,
            outcome_id=reference("outcome", input.outcome, "outcome"),
            submitted=Submitted(
                input.kind,
                input.title,
                given(input.submitted_on),
                optional_reference("member", input.author, "author"),
            ),
        )

    payload: ConvertOutcomePayload = await perform(info, input, "Conversion", command)
    return payload
