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


@strawberry.input(description="What `submitPlan` takes.")
class SubmitPlanInput:
    """What the verb takes."""

    plan: strawberry.ID
    expected_revision: int | None = bounded(VERSION, default=UNSET)
    idempotency_key: str | None = bounded(IDEMPOTENCY_KEY, default=UNSET)


@strawberry.type(description="The plan, or why not.")
class SubmitPlanPayload:
    """The plan, or why not."""

    plan: AnnualPlan | None
    errors: list[MutationError]


@strawberry.mutation(description="Submit a draft for approval (报送年度协商计划).")
async def submit_plan(info: Info, input: SubmitPlanInput) -> SubmitPlanPayload:  # noqa: A002 -- the argument's name in the schema
    """Submit a draft for approval (报送年度协商计划)."""

    async def command(act: Act) -> UUID:
        return await commands.submit_plan(
            act, plan_id=reference("annualplan", input.plan, "plan"), expected_revision=given(input.expected_revision)
        )

    payload: SubmitPlanPayload = await perform(info, input, "AnnualPlan", command)
    return payload
