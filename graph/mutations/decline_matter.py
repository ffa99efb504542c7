from uuid import UUID

import strawberry
from strawberry import UNSET

from graph.context import Info
from graph.inputs.bounded import bounded
from graph.mutations.perform import MutationError, given, perform, reference
from graph.types.matters import Matter
from services.core.act import Act
from services.core.bounds import IDEMPOTENCY_KEY, PROSE, VERSION
from services.matters import commands


@strawberry.input(description="What `declineMatter` takes.")
class DeclineMatterInput:
    """What the verb takes."""

    matter: strawberry.ID
    reason: str = bounded(PROSE)
    expected_version: int | None = bounded(VERSION, default=UNSET)
    idempotency_key: str | None = bounded(IDEMPOTENCY_KEY, default=UNSET)


@strawberry.type(description="The matter, or why not.")
class DeclineMatterPayload:
    """The matter, or why not."""

    matter: Matter | None
    errors: list[MutationError]


@strawberry.mutation(description="Decline an accepted matter (不予受理); its answer is the reason.")
async def decline_matter(info: Info, input: DeclineMatterInput) -> DeclineMatterPayload:  # noqa: A002 -- the argument's name in the schema
    """Decline an accepted matter (不予受理); its answer is the reason."""

    async def command(act: Act) -> UUID:
        return await commands.decline_matter(
            act,
            matter_id=reference("matter", input.matter, "matter"),
            reason=input.reason,
            expected_version=given(input.expected_version),
        )

    payload: DeclineMatterPayload = await perform(info, input, "Matter", command)
    return payload
