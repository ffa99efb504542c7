from uuid import UUID

import strawberry
from strawberry import UNSET

from graph.context import Info
from graph.enums import Category
from graph.inputs.bounded import bounded
from graph.mutations.perform import MutationError, given, perform, reference
from graph.types.topics import Topic
from services.core.act import Act
from services.core.bounds import IDEMPOTENCY_KEY, NOTE, PROSE, TITLE, VERSION
from services.topics import corrections


@strawberry.input(description="What `correctTopic` takes: what is left out or null stays as it is.")
class CorrectTopicInput:
    """What the verb takes."""

    topic: strawberry.ID
    reason: str = bounded(NOTE, description="Why (更正原因); it stands in the trace.")
    title: str | None = bounded(TITLE, default=UNSET)
    summary: str | None = bounded(PROSE, default=UNSET)
    category: Category | None = UNSET
    expected_version: int | None = bounded(VERSION, default=UNSET)
    idempotency_key: str | None = bounded(IDEMPOTENCY_KEY, default=UNSET)


@strawberry.type(description="The topic, or why not.")
class CorrectTopicPayload:
    """The topic, or why not."""

    topic: Topic | None
    errors: list[MutationError]


@strawberry.mutation(
    description="Put right what a topic says of itself (更正议题). What it was stays in the trace and in `asOf`; "
    "it is found by its new words, and its departments are told another title."
)
async def correct_topic(info: Info, input: CorrectTopicInput) -> CorrectTopicPayload:  # noqa: A002 -- the argument's name in the schema
    """Put right what is recorded of the topic."""

    async def command(act: Act) -> UUID:
        return await corrections.correct_topic(
            act,
            topic_id=reference("topic", input.topic, "topic"),
            reason=input.reason,
            title=given(input.title),
            summary=given(input.summary),
            category=given(input.category),
            expected_version=given(input.expected_version),
        )

    payload: CorrectTopicPayload = await perform(info, input, "Topic", command)
    return payload
