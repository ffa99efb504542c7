from uuid import UUID

import strawberry
from strawberry import UNSET

from graph.context import Info
from graph.inputs.bounded import bounded
from graph.mutations.perform import MutationError, given, perform, reference
from graph.types.plans import AnnualPlan
from services.core.act import Act
from services.core.bounds import IDEMPOTENCY_KEY, VERSION
from services.plans import commands


@strawberry.input(description="What `removePlanItem` takes.")
class RemovePlanItemInput:
    """What the verb takes."""

    plan: strawberry.ID
    topic: strawberry.ID
    expected_revision: int | None = bounded(VERSION, default=UNSET)
    idempotency_key: str | None = bounded(IDEMPOTENCY_KEY, default=UNSET)


@strawberry.type(description="The plan, or why not.")
class RemovePlanItemPayload:
    """The plan, or why not."""

    plan: AnnualPlan | None
    errors: list[MutationError]


@strawberry.mutation(description="Take a topic out of a draft (移出年度协商计划).")
async def remove_plan_item(info: Info, input: RemovePlanItemInput) -> RemovePlanItemPayload:  # noqa: A002 -- the argument's name in the schema
    """Take a topic out of a draft (移出年度协商计划)."""

    async def command(act: Act) -> UUID:
        return await commands.remove_plan_item(
            act,
            plan_id=reference("annualplan", input.plan, "plan"),
            topic_id=reference("topic", input.topic, "topic"),
            expected_revision=given(input.expected_revision),
        )

    payload: RemovePlanItemPayload = await perform(info, input, "AnnualPlan", command)
    return payload
