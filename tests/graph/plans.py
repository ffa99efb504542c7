"""The verbs of annual plans as documents, and a plan that is in force."""

from services.core.actor import Role
from tests.graph.api import Api
from tests.graph.story import ERRORS

PLAN = "plan { id status version revision approvingBody returnReason items { position quarter topic { number } } }"
DRAFT = f"mutation ($input: DraftPlanInput!) {{ draftPlan(input: $input) {{ {PLAN} {ERRORS} }} }}"
ADD = f"mutation ($input: AddPlanItemInput!) {{ addPlanItem(input: $input) {{ {PLAN} {ERRORS} }} }}"
REMOVE = f"mutation ($input: RemovePlanItemInput!) {{ removePlanItem(input: $input) {{ {PLAN} {ERRORS} }} }}"
SUBMIT = f"mutation ($input: SubmitPlanInput!) {{ submitPlan(input: $input) {{ {PLAN} {ERRORS} }} }}"
APPROVE = f"mutation ($input: ApprovePlanInput!) {{ approvePlan(input: $input) {{ {PLAN} {ERRORS} }} }}"
RETURN = f"mutation ($input: ReturnPlanInput!) {{ returnPlan(input: $input) {{ {PLAN} {ERRORS} }} }}"


async def have_planned(secretariat: Api, platform: str, topic: str, year: int = 2097) -> None:
    """Have the plan of a platform for a year approved, with a listed topic in it."""
    plan = (await secretariat.act(DRAFT, input={"platform": platform, "year": year}))["plan"]["id"]
    await secretariat.act(ADD, input={"plan": plan, "topic": topic})
    await secretariat.act(SUBMIT, input={"plan": plan})
    approver = secretariat.as_(Role.APPROVER, "140521", subject="approver")
    await approver.act(APPROVE, input={"plan": plan, "approvingBody": "中共沁水县委员会"})
