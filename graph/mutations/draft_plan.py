from uuid import UUID

import strawberry
from strawberry import UNSET

from graph.context import Info
from graph.inputs.bounded import bounded
from graph.mutations.perform import MutationError, perform, reference
from graph.types.plans import AnnualPlan
from services.core.act import Act
from services.core.bounds import IDEMPOTENCY_KEY, PLAN_YEAR
from services.plans import commands


@strawberry.input(description="What `draftPlan` takes.")
class DraftPlanInput:
    """What the verb takes."""

    platform: strawberry.ID
    year: int = bounded(PLAN_YEAR)
    idempotency_key: str | None = bounded(IDEMPOTENCY_KEY, default=UNSET)


@strawberry.type(description="The plan, or why not.")
class DraftPlanPayload:
    """The plan, or why not."""

    plan: AnnualPlan | None
    errors: list[MutationError]


@strawberry.mutation(
    description="Begin a version of a platform's plan for a year (起草年度协商计划), or take a returned one up again; "
    "after an approved one the next, with its items."
)
async def draft_plan(info: Info, input: DraftPlanInput) -> DraftPlanPayload:  # noqa: A002 -- the argument's name in the schema
    """Begin a version of a platform's plan for a year (起草年度协商计划), or take a returned one up again.

    After an approved one the next, with its items.
    """

    async def command(act: Act) -> UUID:
        return await commands.draft_plan(
            act, platform_id=reference("platform", input.platform, "platform"), year=input.year
        )

    payload: DraftPlanPayload = await perform(info, input, "AnnualPlan", command)
    return payload
