from datetime import date
from uuid import UUID

import strawberry
from strawberry import UNSET

from graph.context import Info
from graph.inputs.bounded import bounded
from graph.mutations.perform import MutationError, given, perform, reference
from graph.types.outcomes import Conversion
from services.core.act import Act
from services.core.bounds import IDEMPOTENCY_KEY, NOTE, TITLE
from services.outcomes import corrections


@strawberry.input(description="What `correctConversion` takes: what is left out or null stays as it is.")
class CorrectConversionInput:
    """What the verb takes."""

    conversion: strawberry.ID
    reason: str = bounded(NOTE, description="Why (更正原因); it stands in the trace.")
    title: str | None = bounded(TITLE, default=UNSET)
    submitted_on: date | None = strawberry.field(
        description="Not still to come, nor before what was converted came about.", default=UNSET
    )
    idempotency_key: str | None = bounded(IDEMPOTENCY_KEY, default=UNSET)


@strawberry.type(description="The conversion, or why not.")
class CorrectConversionPayload:
    """The conversion, or why not."""

    conversion: Conversion | None
    errors: list[MutationError]


@strawberry.mutation(
    description="Put right a document's title, or when it was handed in (更正成果转化). "
    "What it was stays in the trace and in `asOf`; figures follow."
)
async def correct_conversion(info: Info, input: CorrectConversionInput) -> CorrectConversionPayload:  # noqa: A002 -- the argument's name in the schema
    """Put right what is recorded of the conversion."""

    async def command(act: Act) -> UUID:
        return await corrections.correct_conversion(
            act,
            conversion_id=reference("conversion", input.conversion, "conversion"),
            reason=input.reason,
            title=given(input.title),
            submitted_on=given(input.submitted_on),
        )

    payload: CorrectConversionPayload = await perform(info, input, "Conversion", command)
    return payload
