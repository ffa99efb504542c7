from uuid import UUID

import strawberry
from strawberry import UNSET

from graph.context import Info
from graph.inputs.bounded import bounded
from graph.mutations.perform import MutationError, given, perform, reference
from graph.types.topics import Topic
from services.core.act import Act
from services.core.bounds import IDEMPOTENCY_KEY, NOTE, VERSION
from services.outcomes import withdrawal


@strawberry.input(description="What `withdrawTopic` takes.")
class WithdrawTopicInput:
    """What the verb takes."""

    topic: strawberry.ID
    reason: str = bounded(NOTE)
    expected_version: int | None = bounded(VERSION, default=UNSET)
    idempotency_key: str | None = bounded(IDEMPOTENCY_KEY, default=UNSET)


@strawberry.type(description="The topic, or why not.")
class WithdrawTopicPayload:
    """The topic, or why not."""

    topic: Topic | None
    errors: list[MutationError]


@strawberry.mutation(
    description="Withdraw an open topic (撤回议题) with a reason; a session that was to take nothing else is cancelled."
)
async def withdraw_topic(info: Info, input: WithdrawTopicInput) -> WithdrawTopicPayload:  # noqa: A002 -- the argument's name in the schema
    """Withdraw an open topic (撤回议题) with a reason."""

    async def command(act: Act) -> UUID:
        return await withdrawal.withdraw_topic(
            act,
            topic_id=reference("topic", input.topic, "topic"),
            reason=input.reason,
            expected_version=given(input.expected_version),
        )

    payload: WithdrawTopicPayload = await perform(info, input, "Topic", command)
    return payload
