from uuid import UUID

import strawberry
from strawberry import UNSET

from graph.context import Info
from graph.inputs.bounded import bounded
from graph.mutations.perform import MutationError, perform, reference
from graph.types.departments import Notice
from services.core.act import Act
from services.core.bounds import IDEMPOTENCY_KEY, SKIP_REASON
from services.notices import commands


@strawberry.input(description="What `skipNotice` takes.")
class SkipNoticeInput:
    """What the verb takes."""

    notice: strawberry.ID
    reason: str = bounded(SKIP_REASON)
    idempotency_key: str | None = bounded(IDEMPOTENCY_KEY, default=UNSET)


@strawberry.type(description="The notice, or why not.")
class SkipNoticePayload:
    """The notice, or why not."""

    notice: Notice | None
    errors: list[MutationError]


@strawberry.mutation(description="Decide that a waiting notice is not sent (跳过通知); its lane goes on without it.")
async def skip_notice(info: Info, input: SkipNoticeInput) -> SkipNoticePayload:  # noqa: A002 -- the argument's name in the schema
    """Decide that a waiting notice is not sent (跳过通知); its lane goes on without it."""

    async def command(act: Act) -> UUID:
        return await commands.skip_notice(
            act, notice_id=reference("notice", input.notice, "notice"), reason=input.reason
        )

    payload: SkipNoticePayload = await perform(info, input, "Notice", command)
    return payload
