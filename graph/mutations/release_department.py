from uuid import UUID

import strawberry
from strawberry import UNSET

from graph.context import Info
from graph.inputs.bounded import bounded
from graph.mutations.perform import MutationError, perform, reference
from graph.types.topics import Topic
from services.core.act import Act
from services.core.bounds import CODE, IDEMPOTENCY_KEY, NOTE
from services.outcomes import parts


@strawberry.input(description="What `releaseDepartment` takes.")
class ReleaseDepartmentInput:
    """What the verb takes."""

    topic: strawberry.ID
    department: str = bounded(CODE)
    reason: str | None = bounded(NOTE, default=UNSET)
    idempotency_key: str | None = bounded(IDEMPOTENCY_KEY, default=UNSET)


@strawberry.type(description="The topic, or why not.")
class ReleaseDepartmentPayload:
    """The topic, or why not."""

    topic: Topic | None
    errors: list[MutationError]


@strawberry.mutation(
    description="End a department's part in a topic, and what it was still to do there (解除责任单位)."
)
async def release_department(info: Info, input: ReleaseDepartmentInput) -> ReleaseDepartmentPayload:  # noqa: A002 -- the argument's name in the schema
    """End a department's part in a topic, and what it was still to do there (解除责任单位)."""

    async def command(act: Act) -> UUID:
        return await parts.release_department(
            act,
            topic_id=reference("topic", input.topic, "topic"),
            department=input.department,
            reason=input.reason or None,
        )

    payload: ReleaseDepartmentPayload = await perform(info, input, "Topic", command)
    return payload
