from uuid import UUID

import strawberry
from strawberry import UNSET

from graph.context import Info
from graph.enums import Category, TopicKind
from graph.inputs.bounded import bounded
from graph.mutations.perform import MutationError, given, perform, reference
from graph.types.topics import Topic
from services.core.act import Act
from services.core.bounds import IDEMPOTENCY_KEY, MATTERS, PROSE, TITLE
from services.topics import commands


@strawberry.input(description="What `proposeTopic` takes.")
class ProposeTopicInput:
    """What the verb takes."""

    platform: strawberry.ID
    title: str = bounded(TITLE)
    summary: str | None = bounded(PROSE, default=UNSET)
    kind: TopicKind
    category: Category
    matters: list[strawberry.ID] | None = bounded(
        MATTERS, description="Accepted matters that it is made of; they are listed with it.", default=UNSET
    )
    idempotency_key: str | None = bounded(IDEMPOTENCY_KEY, default=UNSET)


@strawberry.type(description="The topic, or why not.")
class ProposeTopicPayload:
    """The topic, or why not."""

    topic: Topic | None
    errors: list[MutationError]


@strawberry.mutation(description="Propose a topic (提出议题) at a platform.")
async def propose_topic(info: Info, input: ProposeTopicInput) -> ProposeTopicPayload:  # noqa: A002 -- the argument's name in the schema
    """Propose a topic (提出议题) at a platform."""

    async def command(act: Act) -> UUID:
        return await commands.propose_topic(
            act,
            platform_id=reference("platform", input.platform, "platform"),
            title=input.title,
            summary=given(input.summary),
            kind=input.kind,
            category=input.category,
            matter_ids=[reference("matter", matter, "matters") for matter in given(input.matters) or ()],
        )

    payload: ProposeTopicPayload = await perform(info, input, "Topic", command)
    return payload
