from uuid import UUID

import strawberry
from strawberry import UNSET

from graph.context import Info
from graph.inputs.bounded import bounded
from graph.mutations.perform import MutationError, given, perform, reference
from graph.types.plans import AnnualPlan
from services.core.act import Act
from services.core.bounds import IDEMPOTENCY_KEY, PLACE, QUARTER, VERSION
from services.plans import commands


@strawberry.input(description="What `addPlanItem` takes.")
class AddPlanItemInput:
    """What the verb takes."""

    plan: strawberry.ID
    topic: strawberry.ID
    quarter: int | None = bounded(QUARTER, default=UNSET)
    position: int | None = bounded(
        PLACE, description="From 1; what stands there moves on. The end, where left out.", default=UNSET
    )
    expected_revision: int | None = bounded(VERSION, default=UNSET)
    idempotency_key: str | None = bounded(IDEMPOTENCY_KEY, default=UNSET)


@strawberry.type(description="The plan, or why not.")
class AddPlanItemPayload:
    """The plan, or why not."""

    plan: AnnualPlan | None
    errors: list[MutationError]


@strawberry.mutation(
    description="Put a listed topic into a draft (列入年度协商计划): one of the plan's platform or of those beneath it."
)
async def add_plan_item(info: Info, input: AddPlanItemInput) -> AddPlanItemPayload:  # noqa: A002 -- the argument's name in the schema
    """Put a listed topic into a draft (列入年度协商计划): one of the plan's platform or of those beneath it."""

    async def command(act: Act) -> UUID:
        return await commands.add_plan_item(
            act,
            plan_id=reference("annualplan", input.plan, "plan"),
            topic_id=reference("topic", input.topic, "topic"),
            quarter=given(input.quarter),
            position=given(input.position),
            expected_revision=given(input.expected_revision),
        )

    payload: AddPlanItemPayload = await perform(info, input, "AnnualPlan", command)
    return payload
