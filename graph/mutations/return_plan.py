from uuid import UUID

import strawberry
from strawberry import UNSET

from graph.context import Info
from graph.inputs.bounded import bounded
from graph.mutations.perform import MutationError, given, perform, reference
from graph.types.plans import AnnualPlan
from services.core.act import Act
from services.core.bounds import IDEMPOTENCY_KEY, NOTE, VERSION
from services.plans import commands


@strawberry.input(description="What `returnPlan` takes.")
class ReturnPlanInput:
    """What the verb takes."""

    plan: strawberry.ID
    reason: str = bounded(NOTE)
    expected_revision: int | None = bounded(VERSION, default=UNSET)
    idempotency_key: str | None = bounded(IDEMPOTENCY_KEY, default=UNSET)


@strawberry.type(description="The plan, or why not.")
class ReturnPlanPayload:
    """The plan, or why not."""

    plan: AnnualPlan | None
    errors: list[MutationError]


@strawberry.mutation(description="Send a submitted version back with a reason (退回年度协商计划).")
async def return_plan(info: Info, input: ReturnPlanInput) -> ReturnPlanPayload:  # noqa: A002 -- the argument's name in the schema
    """Send a submitted version back with a reason (退回年度协商计划)."""

    async def command(act: Act) -> UUID:
        return await commands.return_plan(
            act,
            plan_id=reference("annualplan", input.plan, "plan"),
            reason=input.reason,
            expected_revision=given(input.expected_revision),
        )

    payload: ReturnPlanPayload = await perform(info, input, "AnnualPlan", command)
    return payload
