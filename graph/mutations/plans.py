from strawberry import ID

from graph.inputs.fields import bounded, refers_to
from graph.mutations.verb import verb
from graph.types.plans import AnnualPlan
from services.core.bounds import NOTE, PLACE, PLAN_YEAR, QUARTER, TITLE
from services.plans import commands


@verb(commands.draft_plan, gives=AnnualPlan, field="plan")
class DraftPlan:
    """Begin a version of a platform's plan for a year (起草年度协商计划), or take a returned one up again; after an
    approved one the next, with its items.
    """

    platform: ID = refers_to("platform")
    year: int = bounded(PLAN_YEAR)


@verb(commands.add_plan_item, gives=AnnualPlan, field="plan")
class AddPlanItem:
    """Put a listed topic into a draft (列入年度协商计划): one of the plan's platform or of those beneath it."""

    plan: ID = refers_to("annualplan")
    topic: ID = refers_to("topic")
    quarter: int | None = bounded(QUARTER)
    position: int | None = bounded(PLACE, "From 1; what stands there moves on. The end, where left out.")


@verb(commands.move_plan_item, gives=AnnualPlan, field="plan")
class MovePlanItem:
    """Give a topic another place or quarter in a draft (调整年度协商计划的顺序和季度)."""

    plan: ID = refers_to("annualplan")
    topic: ID = refers_to("topic")
    quarter: int | None = bounded(QUARTER, "The quarter that it is planned for from now on; none, where left out.")
    position: int = bounded(PLACE, "From 1; what stands between moves along.")


@verb(commands.remove_plan_item, gives=AnnualPlan, field="plan")
class RemovePlanItem:
    """Take a topic out of a draft (移出年度协商计划)."""

    plan: ID = refers_to("annualplan")
    topic: ID = refers_to("topic")


@verb(commands.submit_plan, gives=AnnualPlan, field="plan")
class SubmitPlan:
    """Submit a draft for approval (报送年度协商计划)."""

    plan: ID = refers_to("annualplan")


@verb(commands.approve_plan, gives=AnnualPlan, field="plan")
class ApprovePlan:
    """Put a submitted version in force (批准年度协商计划), in place of the one before; not by whoever submitted it."""

    plan: ID = refers_to("annualplan")
    approving_body: str = bounded(TITLE, "Which body approved it.")


@verb(commands.return_plan, gives=AnnualPlan, field="plan")
class ReturnPlan:
    """Send a submitted version back with a reason (退回年度协商计划)."""

    plan: ID = refers_to("annualplan")
    reason: str = bounded(NOTE, private=True)
