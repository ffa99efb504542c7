from uuid import UUID

import strawberry
from strawberry import UNSET

from graph.context import Info
from graph.inputs.bounded import bounded
from graph.mutations.perform import MutationError, given, perform, reference
from graph.types.matters import Matter
from services.core.act import Act
from services.core.bounds import IDEMPOTENCY_KEY, VERSION
from services.topics import matters


@strawberry.input(description="What `listMatter` takes.")
class ListMatterInput:
    """What the verb takes."""

    matter: strawberry.ID
    topic: strawberry.ID
    expected_version: int | None = bounded(VERSION, description="Of the matter.", default=UNSET)
    idempotency_key: str | None = bounded(IDEMPOTENCY_KEY, default=UNSET)


@strawberry.type(description="The matter, or why not.")
class ListMatterPayload:
    """The matter, or why not."""

    matter: Matter | None
    errors: list[MutationError]


@strawberry.mutation(description="Make an accepted matter part of an open topic (并案).")
async def list_matter(info: Info, input: ListMatterInput) -> ListMatterPayload:  # noqa: A002 -- the argument's name in the schema
    """Make an accepted matter part of an open topic (并案)."""

    async def command(act: Act) -> UUID:
        return await matters.list_matter(
            act,
            matter_id=reference("matter", input.matter, "matter"),
            topic_id=reference("topic", input.topic, "topic"),
            expected_version=given(input.expected_version),
        )

    payload: ListMatterPayload = await perform(info, input, "Matter", command)
    return payload
