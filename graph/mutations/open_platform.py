from datetime import date
from uuid import UUID

import strawberry
from strawberry import UNSET

from graph.context import Info
from graph.enums import PlatformKind, PlatformTier
from graph.inputs.bounded import bounded
from graph.mutations.perform import MutationError, given, optional_reference, perform
from graph.scalars import DivisionCode
from graph.types.platforms import Platform
from services.core.act import Act
from services.core.bounds import IDEMPOTENCY_KEY, PLATFORM_CODE, TITLE
from services.platforms import commands


@strawberry.input(description="What `openPlatform` takes.")
class OpenPlatformInput:
    """What the verb takes."""

    code: str = bounded(PLATFORM_CODE)
    name: str = bounded(TITLE)
    tier: PlatformTier
    kind: PlatformKind
    division: DivisionCode
    parent: strawberry.ID | None = UNSET
    brand: strawberry.ID | None = UNSET
    liaison_group: strawberry.ID | None = UNSET
    opened_on: date | None = UNSET
    idempotency_key: str | None = bounded(IDEMPOTENCY_KEY, default=UNSET)


@strawberry.type(description="The platform, or why not.")
class OpenPlatformPayload:
    """The platform, or why not."""

    platform: Platform | None
    errors: list[MutationError]


@strawberry.mutation(description="Open a platform (设立协商平台) in a division.")
async def open_platform(info: Info, input: OpenPlatformInput) -> OpenPlatformPayload:  # noqa: A002 -- the argument's name in the schema
    """Open a platform (设立协商平台) in a division."""

    async def command(act: Act) -> UUID:
        return await commands.open_platform(
            act,
            code=input.code,
            name=input.name,
            tier=input.tier,
            kind=input.kind,
            division=input.division,
            parent_id=optional_reference("platform", input.parent, "parent"),
            brand_id=optional_reference("brand", input.brand, "brand"),
            liaison_group_id=optional_reference("liaisongroup", input.liaison_group, "liaison_group"),
            opened_on=given(input.opened_on),
        )

    payload: OpenPlatformPayload = await perform(info, input, "Platform", command)
    return payload
