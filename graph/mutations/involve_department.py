from uuid import UUID

import strawberry
from strawberry import UNSET

from graph.context import Info
from graph.enums import InvolvementRole
from graph.inputs.bounded import bounded
from graph.mutations.perform import MutationError, perform, reference
from graph.types.topics import Topic
from services.core.act import Act
from services.core.bounds import CODE, IDEMPOTENCY_KEY
from services.outcomes import parts


@strawberry.input(description="What `involveDepartment` takes.")
class InvolveDepartmentInput:
    """What the verb takes."""

    topic: strawberry.ID
    department: str = bounded(CODE)
    role: InvolvementRole = InvolvementRole.SUPPORT
    idempotency_key: str | None = bounded(IDEMPOTENCY_KEY, default=UNSET)


@strawberry.type(description="The topic, or why not.")
class InvolveDepartmentPayload:
    """The topic, or why not."""

    topic: Topic | None
    errors: list[MutationError]


@strawberry.mutation(description="Give a department a part in a topic (确定责任单位).")
async def involve_department(info: Info, input: InvolveDepartmentInput) -> InvolveDepartmentPayload:  # noqa: A002 -- the argument's name in the schema
    """Give a department a part in a topic (确定责任单位)."""

    async def command(act: Act) -> UUID:
        return await parts.involve_department(
            act, topic_id=reference("topic", input.topic, "topic"), department=input.department, role=input.role
        )

    payload: InvolveDepartmentPayload = await perform(info, input, "Topic", command)
    return payload
