from datetime import date
from uuid import UUID

import strawberry
from strawberry import UNSET

from graph.context import Info
from graph.inputs.bounded import bounded
from graph.mutations.perform import MutationError, given, perform
from graph.scalars import DivisionCode
from graph.types.divisions import Brand
from services.core.act import Act
from services.core.bounds import IDEMPOTENCY_KEY, NAME
from services.platforms import commands


@strawberry.input(description="What `launchBrand` takes.")
class LaunchBrandInput:
    """What the verb takes."""

    name: str = bounded(NAME)
    umbrella: str | None = bounded(NAME, default=UNSET)
    division: DivisionCode
    launched_on: date | None = UNSET
    idempotency_key: str | None = bounded(IDEMPOTENCY_KEY, default=UNSET)


@strawberry.type(description="The brand, or why not.")
class LaunchBrandPayload:
    """The brand, or why not."""

    brand: Brand | None
    errors: list[MutationError]


@strawberry.mutation(description="Launch a brand (推出工作品牌) under which a division consults.")
async def launch_brand(info: Info, input: LaunchBrandInput) -> LaunchBrandPayload:  # noqa: A002 -- the argument's name in the schema
    """Launch a brand (推出工作品牌) under which a division consults."""

    async def command(act: Act) -> UUID:
        return await commands.launch_brand(
            act,
            name=input.name,
            umbrella=given(input.umbrella),
            division=input.division,
            launched_on=given(input.launched_on),
        )

    payload: LaunchBrandPayload = await perform(info, input, "Brand", command)
    return payload
