from uuid import UUID

import strawberry
from strawberry import UNSET

from graph.context import Info
from graph.inputs.bounded import bounded
from graph.mutations.perform import MutationError, perform
from graph.types.departments import Notice
from services.core.act import Act
from services.core.bounds import CODE, IDEMPOTENCY_KEY
from services.notices import commands


@strawberry.input(description="What `sendTestNotice` takes.")
class SendTestNoticeInput:
    """What the verb takes."""

    department: str = bounded(CODE)
    idempotency_key: str | None = bounded(IDEMPOTENCY_KEY, default=UNSET)


@strawberry.type(description="The notice, or why not.")
class SendTestNoticePayload:
    """The notice, or why not."""

    notice: Notice | None
    errors: list[MutationError]


@strawberry.mutation(
    description="Try a department's way on the broker (测试通知): a `system.test` that it is to answer."
)
async def send_test_notice(info: Info, input: SendTestNoticeInput) -> SendTestNoticePayload:  # noqa: A002 -- the argument's name in the schema
    """Try a department's way on the broker (测试通知): a `system.test` that it is to answer."""

    async def command(act: Act) -> UUID:
        return await commands.send_test_notice(act, department=input.department)

    payload: SendTestNoticePayload = await perform(info, input, "Notice", command)
    return payload
