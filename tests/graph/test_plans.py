"""Annual plans over the API: the verbs, who may do and see what, and how a year went otherwise than its plan."""

from typing import Any

import pytest

from graph.schema import Schema
from services.core.actor import SEES, Role
from services.core.ids import node_id
from services.core.tokens import LocalIssuer
from tests.graph.api import Api
from tests.graph.conftest import application
from tests.graph.plans import ADD, APPROVE, DRAFT, REMOVE, RETURN, SUBMIT
from tests.graph.story import RECORD, SCHEDULE
from tests.world import World

EVERYTHING = """
SELECT (SELECT json_agg(plan ORDER BY id)::text FROM annual_plan AS plan),
       (SELECT json_agg(item ORDER BY id)::text FROM plan_item AS item),
       (SELECT count(*) FROM event), (SELECT count(*) FROM session), (SELECT count(*) FROM trace_entry)
"""
BODY = "中共沁水县委员会"
YEAR = 2097


class Committee:
    """A county's secretariat with a platform and three listed topics, and who approves its plans."""

    def __init__(self, world: World, anybody: Api) -> None:
        self.world = world
        self.anybody = anybody
        self.api = anybody.as_(Role.SECRETARIAT, "140521")
        self.approver = anybody.as_(Role.APPROVER, "140521", subject="approver")
        self.platform = node_id("platform", world.topics[0].platform_id)
        self.topics = [node_id("topic", topic.id) for topic in world.topics]
        self.plan = ""

    async def draft(self, *topics: int) -> dict[str, Any]:
        plan: dict[str, Any] = (await self.api.act(DRAFT, input={"platform": self.platform, "year": YEAR}))["plan"]
        self.plan = plan["id"]
        for topic in topics:
            plan = (await self.api.act(ADD, input={"plan": self.plan, "topic": self.topics[topic]}))["plan"]
        return plan

    async def submit(self) -> dict[str, Any]:
        found: dict[str, Any] = (await self.api.act(SUBMIT, input={"plan": self.plan}))["plan"]
        return found

    async def approve(self) -> dict[str, Any]:
        values = {"plan": self.plan, "approvingBody": BODY}
        found: dict[str, Any] = (await self.approver.act(APPROVE, input=values))["plan"]
        return found

    async def hold(self, topic: int, at: str) -> None:
        values = {"platform": self.platform, "topics": [self.topics[topic]], "scheduledAt": at, "venue": "议事厅"}
        session = (await self.api.act(SCHEDULE, input=values))["session"]["id"]
        await self.api.act(RECORD, input={"session": session})
        await self.world.run(f"UPDATE session SET held_at = '{at}' WHERE id = '{session.partition('_')[2]}'")


@pytest.fixture
def committee(schema: Schema, world: World, issuer: LocalIssuer) -> Committee:
    return Committee(world, Api(application(schema, world.db, issuer), issuer))


async def test_plan_goes_from_draft_to_approval_and_on_to_its_next_version(committee: Committee) -> None:
    numbers = [topic.number for topic in committee.world.topics]
    plan = await committee.draft(0, 1)
    assert (plan["status"], plan["version"], plan["revision"]) == ("DRAFT", 1, 3)
    values = {"plan": committee.plan, "topic": committee.topics[2], "quarter": 3, "position": 1, "expectedRevision": 3}
    plan = (await committee.api.act(ADD, input=values))["plan"]
    assert plan["items"] == [
        {"position": 1, "quarter": 3, "topic": {"number": numbers[2]}},
        {"position": 2, "quarter": None, "topic": {"number": numbers[0]}},
        {"position": 3, "quarter": None, "topic": {"number": numbers[1]}},
    ]
    plan = (await committee.api.act(REMOVE, input={"plan": committee.plan, "topic": committee.topics[0]}))["plan"]
    assert [item["position"] for item in plan["items"]] == [1, 2]
    assert (await committee.submit())["status"] == "SUBMITTED"
    returned = await committee.approver.act(RETURN, input={"plan": committee.plan, "reason": " 请补充 "})
    assert (returned["plan"]["status"], returned["plan"]["returnReason"]) == ("RETURNED", " 请补充 ")
    first = committee.plan
    assert (await committee.draft())["id"] == first
    await committee.submit()
    approved = await committee.approve()
    assert (approved["status"], approved["approvingBody"], approved["revision"]) == ("APPROVED", BODY, 10)
    second = await committee.draft()
    assert (second["version"], second["items"]) == (2, approved["items"])
    assert second["id"] != first
    await committee.submit()
    await committee.approve()
    query = """query ($id: ID!) { platform(by: {id: $id}) { plans(year: 2097) { version supersededAt }
      none: plans(year: 2098) { id } all: plans { id } } }"""
    found = (await committee.anybody.data(query, id=committee.platform))["platform"]
    assert [(plan["version"], plan["supersededAt"] is None) for plan in found["plans"]] == [(2, True), (1, False)]
    assert (found["none"], len(found["all"])) == ([], 2)


REFUSED: list[tuple[str, dict[str, Any], str, list[str] | None]] = [
    (DRAFT, {"platform": "$platform", "year": YEAR}, "PLAN_OPEN", ["year"]),
    (DRAFT, {"platform": "$platform", "year": 1999}, "INVALID_INPUT", ["year"]),
    (DRAFT, {"platform": "topic_1", "year": YEAR}, "INVALID_INPUT", ["platform"]),
    (DRAFT, {"platform": "platform_00000000-0000-7000-8000-000000000000", "year": YEAR}, "NOT_FOUND", ["platform"]),
    (ADD, {"plan": "$plan", "topic": "$planned"}, "ALREADY_PLANNED", ["topic"]),
    (ADD, {"plan": "$plan", "topic": "$other", "quarter": 5}, "INVALID_INPUT", ["quarter"]),
    (ADD, {"plan": "$plan", "topic": "$other", "position": 3}, "POSITION_INVALID", ["position"]),
    (ADD, {"plan": "$plan", "topic": "$other", "position": 0}, "POSITION_INVALID", ["position"]),
    (ADD, {"plan": "$plan", "topic": "$other", "expectedRevision": 1}, "VERSION_CONFLICT", ["expectedRevision"]),
    (ADD, {"plan": "$plan", "topic": "topic_00000000-0000-7000-8000-000000000000"}, "NOT_FOUND", ["topic"]),
    (REMOVE, {"plan": "$plan", "topic": "$other"}, "NOT_PLANNED", ["topic"]),
    (SUBMIT, {"plan": "annualplan_00000000-0000-7000-8000-000000000000"}, "NOT_FOUND", ["plan"]),
]


@pytest.mark.parametrize(("mutation", "values", "code", "path"), REFUSED)
async def test_refusal_has_its_code_and_changes_nothing(
    committee: Committee, mutation: str, values: dict[str, Any], code: str, path: list[str] | None
) -> None:
    await committee.draft(0)
    known = {
        "$platform": committee.platform,
        "$plan": committee.plan,
        "$planned": committee.topics[0],
        "$other": committee.topics[1],
    }
    before = await committee.world.rows(EVERYTHING)
    error = await committee.api.refusal(mutation, input={key: known.get(str(it), it) for key, it in values.items()})
    assert (error["code"], error["path"]) == (code, path)
    assert error["message"].endswith(".")
    assert await committee.world.rows(EVERYTHING) == before


@pytest.mark.parametrize(
    ("mutation", "values", "path"),
    [(APPROVE, {"approvingBody": " "}, ["approvingBody"]), (RETURN, {"reason": " "}, ["reason"])],
)
async def test_approver_says_who_or_why(
    committee: Committee, mutation: str, values: dict[str, Any], path: list[str]
) -> None:
    await committee.draft(0)
    await committee.submit()
    before = await committee.world.rows(EVERYTHING)
    error = await committee.approver.refusal(mutation, input={"plan": committee.plan, **values})
    assert (error["code"], error["path"]) == ("INVALID_INPUT", path)
    assert await committee.world.rows(EVERYTHING) == before


async def test_plan_is_not_approved_by_whoever_submitted_it(committee: Committee) -> None:
    await committee.draft(0)
    await committee.submit()
    before = await committee.world.rows(EVERYTHING)
    same = committee.anybody.as_(Role.APPROVER, "140521")
    error = await same.refusal(APPROVE, input={"plan": committee.plan, "approvingBody": BODY})
    assert (error["code"], error["path"]) == ("FOUR_EYES", None)
    assert await committee.world.rows(EVERYTHING) == before


DRAWS_UP = {Role.CADRE, Role.SECRETARIAT}
VERBS: dict[str, tuple[dict[str, Any], set[Role]]] = {
    DRAFT: ({"platform": "$platform", "year": YEAR + 1}, DRAWS_UP),
    ADD: ({"plan": "$plan", "topic": "$other"}, DRAWS_UP),
    REMOVE: ({"plan": "$plan", "topic": "$planned"}, DRAWS_UP),
    SUBMIT: ({"plan": "$plan"}, {Role.SECRETARIAT}),
    APPROVE: ({"plan": "$plan", "approvingBody": BODY}, {Role.APPROVER}),
    RETURN: ({"plan": "$plan", "reason": "x"}, {Role.APPROVER}),
}


@pytest.mark.parametrize("mutation", VERBS)
async def test_only_the_roles_of_the_place_may(committee: Committee, mutation: str) -> None:
    values, allowed = VERBS[mutation]
    await committee.draft(0)
    known = {
        "$platform": committee.platform,
        "$plan": committee.plan,
        "$planned": committee.topics[0],
        "$other": committee.topics[1],
    }
    filled = {key: known.get(str(it), it) for key, it in values.items()}
    if mutation in {APPROVE, RETURN}:
        await committee.submit()
    before = await committee.world.rows(EVERYTHING)
    unseen = "FORBIDDEN" if mutation == DRAFT else "NOT_FOUND"
    callers = [(committee.anybody, "UNAUTHENTICATED")]
    for role in Role:
        if role is Role.DEPARTMENT:
            callers.append((committee.anybody.as_(role, department="qinshui-court"), unseen))
            continue
        places = ("140106", "140521201") if role in allowed else ("140521", None)
        codes = ["FORBIDDEN" if place == "140521" and role in SEES else unseen for place in places]
        callers += [
            (committee.anybody.as_(role, place, subject="caller"), code)
            for place, code in zip(places, codes, strict=True)
        ]
    for caller, code in callers:
        assert (await caller.refusal(mutation, input=filled))["code"] == code
    assert await committee.world.rows(EVERYTHING) == before
    role = min(allowed)
    await committee.anybody.as_(role, "1405", subject="caller").act(mutation, input=filled)
    assert await committee.world.rows(EVERYTHING) != before


DEVIATIONS = """query ($id: ID!) { platform(by: {id: $id}) { plans {
  items { topic { number } held } deviations { neverHeld { number } unplanned { number } } } } }"""


async def test_deviations_are_exact(committee: Committee) -> None:
    held, never, unplanned = (topic.number for topic in committee.world.topics)
    await committee.draft(0, 1)
    await committee.submit()
    await committee.approve()
    await committee.hold(0, f"{YEAR}-12-31T23:59:00+08:00")
    await committee.hold(1, f"{YEAR + 1}-01-01T00:00:00+08:00")
    await committee.hold(2, f"{YEAR}-01-01T00:00:00+08:00")
    (plan,) = (await committee.anybody.data(DEVIATIONS, id=committee.platform))["platform"]["plans"]
    assert plan["items"] == [
        {"topic": {"number": held}, "held": True},
        {"topic": {"number": never}, "held": False},
    ]
    assert plan["deviations"] == {"neverHeld": [{"number": never}], "unplanned": [{"number": unplanned}]}


async def test_key_topic_without_an_approved_plan_is_not_scheduled(committee: Committee) -> None:
    await committee.world.run("UPDATE topic SET kind = 'KEY'")
    await committee.draft(0)
    await committee.submit()
    values = {
        "platform": committee.platform, "topics": [committee.topics[0]], "scheduledAt": "2097-05-01T09:00:00+08:00",
        "venue": "议事厅",
    }  # fmt: skip
    before = await committee.world.rows(EVERYTHING)
    error = await committee.api.refusal(SCHEDULE, input=values)
    assert (error["code"], error["path"]) == ("PLAN_NOT_APPROVED", ["topics"])
    assert error["message"] == (
        "No approved plan for 2097 has the key topic T140521-2024-0000; "
        "put it into the plan of its platform, or of one above that, and have the plan approved."
    )
    assert await committee.world.rows(EVERYTHING) == before
    await committee.approve()
    assert (await committee.api.act(SCHEDULE, input=values))["session"]["status"] == "SCHEDULED"


SIGHT = """query ($platform: ID!, $plan: ID!, $topic: ID!) {
  platform(by: {id: $platform}) { plans { id } } node(id: $plan) { id }
  topics(filter: {planned: true}) { totalCount }
  topic(by: {id: $topic}) { planItem { position plan { id year } } trace { act subject { id } } } }"""


async def test_plan_is_seen_by_the_staff_of_its_place_and_once_it_is_approved_by_everybody(
    committee: Committee,
) -> None:
    await committee.draft(0)
    await committee.submit()
    asked = {"platform": committee.platform, "plan": committee.plan, "topic": committee.topics[0]}
    entry = {"act": "topic.planned", "subject": {"id": committee.plan}}
    drafted = {
        "platform": {"plans": [{"id": committee.plan}]},
        "node": {"id": committee.plan},
        "topics": {"totalCount": 0},
        "topic": {"planItem": None, "trace": [entry]},
    }
    hidden = {**drafted, "platform": {"plans": []}, "node": None, "topic": {"planItem": None, "trace": []}}
    outside = (
        committee.anybody,
        committee.anybody.as_(Role.SECRETARIAT, "140106"),
        committee.anybody.as_(Role.MEMBER, "14"),
    )
    inside = (
        committee.approver,
        committee.anybody.as_(Role.CADRE, "140521"),
        committee.anybody.as_(Role.AUDITOR, "14"),
    )
    for caller in outside:
        assert await caller.data(SIGHT, **asked) == hidden
    for caller in inside:
        assert await caller.data(SIGHT, **asked) == drafted
    await committee.approve()
    approved = {
        **drafted,
        "topics": {"totalCount": 1},
        "topic": {
            "planItem": {"position": 1, "plan": {"id": committee.plan, "year": YEAR}},
            "trace": [entry, {**entry, "act": "plan.approved"}],
        },
    }
    for caller in (*outside, *inside):
        assert await caller.data(SIGHT, **asked) == approved


IN_YINGZE = """{
  a: topics(filter: {within: "140106"}) { totalCount }
  b: topics(filter: {within: "140106", planned: true}) { totalCount }
  c: topics(filter: {within: "140106", planned: false, kind: [KEY]}) { totalCount }
  other: platform(by: {code: "P140302"}) { plans(year: 2024) { version status items { held } } }
  community: platform(by: {code: "P140106-05-06"}) { plans { year status version approvingBody
    items { position quarter held topic { title kind planItem { plan { year } } } }
    deviations { neverHeld { number } unplanned { number } } } } }"""


async def test_demonstration_shows_plans_with_one_statement(api: Api, statements: list[str]) -> None:
    found = await api.data(IN_YINGZE)
    assert len(statements) == 1
    assert [found[key]["totalCount"] for key in ("a", "b", "c")] == [324, 69, 0]
    assert [(plan["version"], plan["status"]) for plan in found["other"]["plans"]] == [(1, "APPROVED")]
    (plan,) = found["community"]["plans"]
    assert plan == {
        "year": 2022,
        "status": "APPROVED",
        "version": 1,
        "approvingBody": "桥东街道并州东街四社区党委",
        "items": [
            {
                "position": 1,
                "quarter": 1,
                "held": True,
                "topic": {
                    "title": "机电小区地下室管道漏水、下水堵塞治理",
                    "kind": "MICRO",
                    "planItem": {"plan": {"year": 2022}},
                },
            }
        ],
        "deviations": {
            "neverHeld": [],
            "unplanned": [{"number": "T140106-2021-0092"}],
        },
    }
    staff = await api.as_(Role.SECRETARIAT, "140302").data(IN_YINGZE)
    assert [plan["status"] for plan in staff["other"]["plans"]] == ["DRAFT", "APPROVED"]
