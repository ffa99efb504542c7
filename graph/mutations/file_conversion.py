from uuid import UUID

import strawberry
from strawberry import UNSET

from graph.context import Info
from graph.inputs.bounded import bounded
from graph.mutations.perform import MutationError, perform, reference
from graph.types.outcomes import Conversion
from services.core.act import Act
from services.core.bounds import IDEMPOTENCY_KEY
from services.outcomes import conversions


@strawberry.input(description="What `fileConversion` takes.")
class FileConversionInput:
    """What the verb takes."""

    conversion: strawberry.ID
    filed: bool
    idempotency_key: str | None = bounded(IDEMPOTENCY_KEY, default=UNSET)


@strawberry.type(description="The conversion, or why not.")
class FileConversionPayload:
    """The conversion, or why not."""

    conversion: Conversion | None
    errors: list[MutationError]


@strawberry.mutation(description="Decide whether a case is opened on a conversion (立案).")
async def file_conversion(info: Info, input: FileConversionInput) -> FileConversionPayload:  # noqa: A002 -- the argument's name in the schema
    """Decide whether a case is opened on a conversion (立案)."""

    async def command(act: Act) -> UUID:
        return await conversions.file_conversion(
            act, conversion_id=reference("conversion", input.conversion, "conversion"), filed=input.filed
        )

    payload: FileConversionPayload = await perform(info, input, "Conversion", command)
    return payload
