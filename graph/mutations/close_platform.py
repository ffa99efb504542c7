from datetime import date
from uuid import UUID

import strawberry
from strawberry import UNSET

from graph.context import Info
from graph.inputs.bounded import bounded
from graph.mutations.perform import MutationError, given, perform, reference
from graph.types.platforms import Platform
from services.core.act import Act
from services.core.bounds import IDEMPOTENCY_KEY
from services.sessions import closing


@strawberry.input(description="What `closePlatform` takes.")
class ClosePlatformInput:
    """What the verb takes."""

    platform: strawberry.ID
    closed_on: date | None = UNSET
    idempotency_key: str | None = bounded(IDEMPOTENCY_KEY, default=UNSET)


@strawberry.type(description="The platform, or why not.")
class ClosePlatformPayload:
    """The platform, or why not."""

    platform: Platform | None
    errors: list[MutationError]


@strawberry.mutation(description="Close a platform (撤销协商平台); what was consulted there stays.")
async def close_platform(info: Info, input: ClosePlatformInput) -> ClosePlatformPayload:  # noqa: A002 -- the argument's name in the schema
    """Close a platform (撤销协商平台); what was consulted there stays."""

    async def command(act: Act) -> UUID:
        return await closing.close_platform(
            act, platform_id=reference("platform", input.platform, "platform"), closed_on=given(input.closed_on)
        )

    payload: ClosePlatformPayload = await perform(info, input, "Platform", command)
    return payload
