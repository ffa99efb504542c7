from uuid import UUID

import strawberry
from strawberry import UNSET

from graph.context import Info
from graph.inputs.bounded import bounded
from graph.mutations.perform import MutationError, given, perform, reference
from graph.types.topics import Topic
from services.core.act import Act
from services.core.bounds import IDEMPOTENCY_KEY, VERSION
from services.topics import commands


@strawberry.input(description="What `listTopic` takes.")
class ListTopicInput:
    """What the verb takes."""

    topic: strawberry.ID
    expected_version: int | None = bounded(VERSION, default=UNSET)
    idempotency_key: str | None = bounded(IDEMPOTENCY_KEY, default=UNSET)


@strawberry.type(description="The topic, or why not.")
class ListTopicPayload:
    """The topic, or why not."""

    topic: Topic | None
    errors: list[MutationError]


@strawberry.mutation(description="Take a proposed topic onto the agenda (立项); its departments are told.")
async def list_topic(info: Info, input: ListTopicInput) -> ListTopicPayload:  # noqa: A002 -- the argument's name in the schema
    """Take a proposed topic onto the agenda (立项); its departments are told."""

    async def command(act: Act) -> UUID:
        return await commands.list_topic(
            act, topic_id=reference("topic", input.topic, "topic"), expected_version=given(input.expected_version)
        )

    payload: ListTopicPayload = await perform(info, input, "Topic", command)
    return payload
