from uuid import UUID

import strawberry
from strawberry import UNSET

from graph.context import Info
from graph.inputs.bounded import bounded
from graph.mutations.perform import MutationError, perform, reference
from graph.types.departments import Notice
from services.core.act import Act
from services.core.bounds import IDEMPOTENCY_KEY
from services.notices import commands


@strawberry.input(description="What `retryNotice` takes.")
class RetryNoticeInput:
    """What the verb takes."""

    notice: strawberry.ID
    idempotency_key: str | None = bounded(IDEMPOTENCY_KEY, default=UNSET)


@strawberry.type(description="The notice, or why not.")
class RetryNoticePayload:
    """The notice, or why not."""

    notice: Notice | None
    errors: list[MutationError]


@strawberry.mutation(description="Send a parked notice once more (重试通知); its lane goes on with it.")
async def retry_notice(info: Info, input: RetryNoticeInput) -> RetryNoticePayload:  # noqa: A002 -- the argument's name in the schema
    """Send a parked notice once more (重试通知); its lane goes on with it."""

    async def command(act: Act) -> UUID:
        return await commands.retry_notice(act, notice_id=reference("notice", input.notice, "notice"))

    payload: RetryNoticePayload = await perform(info, input, "Notice", command)
    return payload
