from uuid import UUID

import strawberry
from strawberry import UNSET

from graph.context import Info
from graph.inputs.bounded import bounded
from graph.mutations.perform import MutationError, given, perform, reference
from graph.types.topics import Topic
from services.core.act import Act
from services.core.bounds import IDEMPOTENCY_KEY, NOTE, VERSION
from services.topics import commands


@strawberry.input(description="What `reopenTopic` takes.")
class ReopenTopicInput:
    """What the verb takes."""

    topic: strawberry.ID
    reason: str = bounded(NOTE)
    expected_version: int | None = bounded(VERSION, default=UNSET)
    idempotency_key: str | None = bounded(IDEMPOTENCY_KEY, default=UNSET)


@strawberry.type(description="The topic, or why not.")
class ReopenTopicPayload:
    """The topic, or why not."""

    topic: Topic | None
    errors: list[MutationError]


@strawberry.mutation(description="Implement a resolved topic again (重新办理), with a reason.")
async def reopen_topic(info: Info, input: ReopenTopicInput) -> ReopenTopicPayload:  # noqa: A002 -- the argument's name in the schema
    """Implement a resolved topic again (重新办理), with a reason."""

    async def command(act: Act) -> UUID:
        return await commands.reopen_topic(
            act,
            topic_id=reference("topic", input.topic, "topic"),
            reason=input.reason,
            expected_version=given(input.expected_version),
        )

    payload: ReopenTopicPayload = await perform(info, input, "Topic", command)
    return payload
