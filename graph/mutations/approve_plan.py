from uuid import UUID

import strawberry
from strawberry import UNSET

from graph.context import Info
from graph.inputs.bounded import bounded
from graph.mutations.perform import MutationError, given, perform, reference
from graph.types.plans import AnnualPlan
from services.core.act import Act
from services.core.bounds import IDEMPOTENCY_KEY, TITLE, VERSION
from services.plans import commands


@strawberry.input(description="What `approvePlan` takes.")
class ApprovePlanInput:
    """What the verb takes."""

    plan: strawberry.ID
    approving_body: str = bounded(TITLE, description="Which body approved it.")
    expected_revision: int | None = bounded(VERSION, default=UNSET)
    idempotency_key: str | None = bounded(IDEMPOTENCY_KEY, default=UNSET)


@strawberry.type(description="The plan, or why not.")
class ApprovePlanPayload:
    """The plan, or why not."""

    plan: AnnualPlan | None
    errors: list[MutationError]


@strawberry.mutation(
    description="Put a submitted version in force (批准年度协商计划), in place of the one before; not by whoever "
    "submitted it."
)
async def approve_plan(info: Info, input: ApprovePlanInput) -> ApprovePlanPayload:  # noqa: A002 -- the argument's name in the schema
    """Put a submitted version in force (批准年度协商计划), in place of the one before; not by whoever submitted it."""

    async def command(act: Act) -> UUID:
        return await commands.approve_plan(
            act,
            plan_id=reference("annualplan", input.plan, "plan"),
            approving_body=input.approving_body,
            expected_revision=given(input.expected_revision),
        )

    payload: ApprovePlanPayload = await perform(info, input, "AnnualPlan", command)
    return payload
