from uuid import UUID

import strawberry
from strawberry import UNSET

from graph.context import Info
from graph.inputs.bounded import bounded
from graph.mutations.perform import MutationError, given, perform, reference
from graph.types.matters import Matter
from services.core.act import Act
from services.core.bounds import IDEMPOTENCY_KEY, VERSION
from services.matters import commands


@strawberry.input(description="What `acceptMatter` takes.")
class AcceptMatterInput:
    """What the verb takes."""

    matter: strawberry.ID
    expected_version: int | None = bounded(VERSION, default=UNSET)
    idempotency_key: str | None = bounded(IDEMPOTENCY_KEY, default=UNSET)


@strawberry.type(description="The matter, or why not.")
class AcceptMatterPayload:
    """The matter, or why not."""

    matter: Matter | None
    errors: list[MutationError]


@strawberry.mutation(description="Take a raised matter up (受理).")
async def accept_matter(info: Info, input: AcceptMatterInput) -> AcceptMatterPayload:  # noqa: A002 -- the argument's name in the schema
    """Take a raised matter up (受理)."""

    async def command(act: Act) -> UUID:
        return await commands.accept_matter(
            act, matter_id=reference("matter", input.matter, "matter"), expected_version=given(input.expected_version)
        )

    payload: AcceptMatterPayload = await perform(info, input, "Matter", command)
    return payload
