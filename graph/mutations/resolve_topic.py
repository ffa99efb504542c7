from uuid import UUID

import strawberry
from strawberry import UNSET

from graph.context import Info
from graph.inputs.bounded import bounded
from graph.mutations.evidence import EvidenceInput
from graph.mutations.perform import MutationError, given, perform, reference
from graph.types.topics import Topic
from services.core.act import Act
from services.core.bounds import DOCUMENTS, IDEMPOTENCY_KEY, LEFT_OPEN, LEFT_OPEN_REASON, PROSE, VERSION
from services.outcomes import resolution
from services.outcomes.resolution import LeftOpen


@strawberry.input(
    description="A commitment of the topic that nobody has fulfilled, and why that is left so (未完成原因)."
)
class OpenCommitmentInput:
    """A commitment that is left open."""

    commitment: strawberry.ID
    reason: str = bounded(LEFT_OPEN_REASON, "It stands in the trace.")


@strawberry.input(description="What `resolveTopic` takes.")
class ResolveTopicInput:
    """What the verb takes."""

    topic: strawberry.ID
    summary: str = bounded(PROSE)
    evidence: list[EvidenceInput] = bounded(DOCUMENTS)
    open_commitments: list[OpenCommitmentInput] = bounded(
        LEFT_OPEN, "Each commitment that is neither DONE, VERIFIED nor WITHDRAWN, with a reason.", default_factory=list
    )
    expected_version: int | None = bounded(VERSION, default=UNSET)
    idempotency_key: str | None = bounded(IDEMPOTENCY_KEY, default=UNSET)


@strawberry.type(description="The topic, or why not.")
class ResolveTopicPayload:
    """The topic, or why not."""

    topic: Topic | None
    errors: list[MutationError]


@strawberry.mutation(description="Call a topic resolved (办结), with evidence; its departments are told.")
async def resolve_topic(info: Info, input: ResolveTopicInput) -> ResolveTopicPayload:  # noqa: A002 -- the argument's name in the schema
    """Call a topic resolved (办结), with evidence; its departments are told."""

    async def command(act: Act) -> UUID:
        return await resolution.resolve_topic(
            act,
            topic_id=reference("topic", input.topic, "topic"),
            summary=input.summary,
            evidence=[one.as_given() for one in input.evidence],
            expected_version=given(input.expected_version),
            left_open=[
                LeftOpen(reference("commitment", one.commitment, "open_commitments", "commitment"), one.reason)
                for one in input.open_commitments
            ],
        )

    payload: ResolveTopicPayload = await perform(info, input, "Topic", command)
    return payload
