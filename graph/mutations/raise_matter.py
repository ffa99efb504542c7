from uuid import UUID

import strawberry
from strawberry import UNSET

from graph.context import Info
from graph.enums import Category, MatterNature, ParticipantRole
from graph.inputs.bounded import bounded
from graph.mutations.perform import MutationError, given, perform, reference
from graph.types.matters import Matter
from services.core.act import Act
from services.core.bounds import IDEMPOTENCY_KEY, PROSE, TITLE
from services.matters import commands


@strawberry.input(description="What `raiseMatter` takes.")
class RaiseMatterInput:
    """What the verb takes."""

    platform: strawberry.ID
    title: str = bounded(TITLE)
    description: str = bounded(PROSE)
    category: Category
    nature: MatterNature | None = UNSET
    raised_by: ParticipantRole | None = strawberry.field(
        description="In which of the parts that the caller's grants give at the place; the first where it is left out.",
        default=UNSET,
    )
    idempotency_key: str | None = bounded(IDEMPOTENCY_KEY, default=UNSET)


@strawberry.type(description="The matter, or why not.")
class RaiseMatterPayload:
    """The matter, or why not."""

    matter: Matter | None
    errors: list[MutationError]


@strawberry.mutation(description="Raise a matter (反映事项) at an open platform.")
async def raise_matter(info: Info, input: RaiseMatterInput) -> RaiseMatterPayload:  # noqa: A002 -- the argument's name in the schema
    """Raise a matter (反映事项) at an open platform."""

    async def command(act: Act) -> UUID:
        return await commands.raise_matter(
            act,
            platform_id=reference("platform", input.platform, "platform"),
            title=input.title,
            description=input.description,
            category=input.category,
            nature=given(input.nature),
            raised_by=given(input.raised_by),
        )

    payload: RaiseMatterPayload = await perform(info, input, "Matter", command)
    return payload
