"""Lists as screens ask for them: one's own member, an inbox of plans, the latest first, choices by name, as of then."""

from typing import Any

import pytest

from graph.schema import Schema
from services.core.actor import Role
from services.core.ids import node_id
from services.core.tokens import LocalIssuer
from tests.graph.aftermath import Aftermath
from tests.graph.api import Api
from tests.graph.conftest import application
from tests.graph.plans import ADD, APPROVE, DRAFT, SUBMIT
from tests.world import World

OWN = "{ viewer { member { id name } members { id } } }"
NOTHING: dict[str, Any] = {"viewer": {"member": None, "members": []}}
INBOX = """query ($filter: AnnualPlanFilter) { plans(filter: $filter, orderBy: {submittedAt: ASC}) {
  totalCount nodes { id year status } } }"""
NAMES = """query ($name: String!, $within: DivisionCode) {
  divisions(filter: {name: $name, within: $within, level: [TOWNSHIP]}) { nodes { name } }
  departments(filter: {name: $name, within: $within}) { nodes { name } }
  members(filter: {name: $name, within: $within}) { totalCount } }"""


async def test_own_member_is_told_to_who_is_linked_alone(aftermath: Aftermath) -> None:
    found = (await aftermath.member.data(OWN))["viewer"]
    assert found["member"]["id"] == aftermath.seat
    assert found["members"] == [{"id": aftermath.seat}]
    for other in (aftermath.resident, aftermath.api, aftermath.api.anonymous()):
        assert await other.data(OWN) == NOTHING


async def test_own_member_of_two_committees_is_none_by_itself(aftermath: Aftermath) -> None:
    elsewhere = aftermath.api.as_(Role.SECRETARIAT, "140106")
    members = '{ members(filter: {within: "140106"}, first: 1) { nodes { id } } }'
    other = (await elsewhere.data(members))["members"]["nodes"][0]["id"]
    await elsewhere.do("linkMember", "member { id }", member=other, subject="member")
    found = (await aftermath.member.data(OWN))["viewer"]
    assert found == {"member": None, "members": [{"id": other}, {"id": aftermath.seat}]}
    await elsewhere.do("linkMember", "member { id }", member=other, subject=None)
    assert (await aftermath.member.data(OWN))["viewer"]["member"]["id"] == aftermath.seat


async def test_submitted_plans_are_in_the_inbox_of_their_approver_alone(
    schema: Schema, world: World, issuer: LocalIssuer
) -> None:
    anybody = Api(application(schema, world.db, issuer), issuer)
    secretariat = anybody.as_(Role.SECRETARIAT, "140521")
    approver = anybody.as_(Role.APPROVER, "140521", subject="approver")
    platform = node_id("platform", world.topics[0].platform_id)
    submitted = []
    for year in (2098, 2097):
        plan = (await secretariat.act(DRAFT, input={"platform": platform, "year": year}))["plan"]["id"]
        await secretariat.act(ADD, input={"plan": plan, "topic": node_id("topic", world.topics[0].id)})
        await secretariat.act(SUBMIT, input={"plan": plan})
        submitted.append({"id": plan, "year": year, "status": "SUBMITTED"})
    waiting = {"filter": {"status": ["SUBMITTED"], "within": "140521", "platform": platform}}
    assert (await approver.data(INBOX, **waiting))["plans"] == {"totalCount": 2, "nodes": submitted}
    assert (await approver.data(INBOX, filter={"year": 2097}))["plans"]["nodes"] == submitted[1:]
    assert (await anybody.data(INBOX, **waiting))["plans"] == {"totalCount": 0, "nodes": []}
    values = {"plan": submitted[0]["id"], "approvingBody": "中共沁水县委员会"}
    await approver.act(APPROVE, input=values)
    assert (await approver.data(INBOX, **waiting))["plans"]["nodes"] == submitted[1:]
    found = (await anybody.data(INBOX, filter={"inForce": True, "year": 2098}))["plans"]["nodes"]
    assert found == [{**submitted[0], "status": "APPROVED"}]


@pytest.mark.parametrize(
    ("field", "entity", "order", "filter_"),
    [
        ("listedAt", "topics", "listedAt", "listed"),
        ("heldAt", "sessions", "heldAt", "held"),
        ("raisedAt", "matters", "raisedAt", "raised"),
        ("assignedAt", "commitments", "assignedAt", "assigned"),
        ("approvedAt", "plans", "approvedAt", "approved"),
    ],
)
async def test_latest_come_first_in_their_period(api: Api, field: str, entity: str, order: str, filter_: str) -> None:
    period = f'filter: {{{filter_}: {{from: "2023-03-01T00:00:00+08:00", until: "2023-06-01T00:00:00+08:00"}}}}'
    query = f"{{ {entity}({period}, orderBy: {{{order}: DESC}}, first: 100) {{ nodes {{ at: {field} }} }} }}"
    found = [node["at"] for node in (await api.data(query))[entity]["nodes"]]
    assert len(found) == 100 or entity == "plans"
    assert found == sorted(found, reverse=True)
    assert all("2023-02-28T16" <= at < "2023-05-31T16" for at in found)


async def test_newest_outcomes_come_first_in_their_place_and_days(api: Api) -> None:
    query = """{ outcomes(filter: {within: "140106", reached: {from: "2023-03-01", until: "2023-06-01"}}, first: 100) {
      totalCount nodes { id reachedOn topic { status platform { division { code } } } } } }"""
    found = (await api.data(query))["outcomes"]
    days = [node["reachedOn"] for node in found["nodes"]]
    assert len(days) == found["totalCount"] > 0
    assert days == sorted(days, reverse=True)
    assert all("2023-03-01" <= day < "2023-06-01" for day in days)
    assert all(node["topic"]["platform"]["division"]["code"].startswith("140106") for node in found["nodes"])
    earliest = query.replace("first: 100", "orderBy: {reachedOn: ASC}, first: 100")
    ascending = (await api.data(earliest))["outcomes"]["nodes"]
    assert ascending == found["nodes"][::-1]


@pytest.mark.parametrize(
    ("name", "within", "expected"),
    [
        ("土沃", "140521", (["土沃乡"], [], 0)),
        ("土沃鄉", "140521", (["土沃乡"], [], 0)),
        ("人民法院", "140521", ([], ["沁水县人民法院"], 0)),
        ("人％", "140521", ([], [], 0)),
        ("_", "140106", ([], [], 0)),
        ("桥东", "140106", (["桥东街道"], [], 0)),
    ],
)
async def test_choices_are_found_by_a_part_of_their_name(
    api: Api, name: str, within: str, expected: tuple[list[str], list[str], int]
) -> None:
    found = await api.data(NAMES, name=name, within=within)
    names = [[node["name"] for node in found[kind]["nodes"]] for kind in ("divisions", "departments")]
    assert (*names, found["members"]["totalCount"]) == expected


async def test_part_of_a_name_that_no_name_is_as_long_as_is_refused(api: Api) -> None:
    problem = await api.problem(
        "query ($name: String) { members(filter: {name: $name}) { totalCount } }", name="x" * 101
    )
    assert problem == "name takes at most 100 characters in one line; this one has 101."


async def test_members_are_kept_by_the_group_that_serves_a_platform(api: Api) -> None:
    query = """query ($filter: MemberFilter) { members(filter: $filter, first: 100) {
      nodes { id name liaisonGroup { id } } } }"""
    platforms = '{ platforms(filter: {within: "140106"}, first: 100) { nodes { id liaisonGroup { id } } } }'
    served = next(one for one in (await api.data(platforms))["platforms"]["nodes"] if one["liaisonGroup"])
    by_platform = (await api.data(query, filter={"platform": served["id"]}))["members"]["nodes"]
    by_group = (await api.data(query, filter={"liaisonGroup": served["liaisonGroup"]["id"]}))["members"]["nodes"]
    assert by_platform == by_group
    assert {one["liaisonGroup"]["id"] for one in by_platform} == {served["liaisonGroup"]["id"]}
    assert [one["name"] for one in by_platform] == sorted(one["name"] for one in by_platform)


async def test_brand_has_its_platforms(api: Api) -> None:
    query = """{ division(code: "140106") { brands { name platforms { totalCount } } }
      platforms(filter: {brand: "有事来商量·欢迎来协商"}) { totalCount } }"""
    found = await api.data(query)
    (brand,) = found["division"]["brands"]
    assert brand == {"name": "有事来商量·欢迎来协商", "platforms": found["platforms"]}
    assert found["platforms"]["totalCount"] == 79


LISTS = {
    "platforms": "id closedOn",
    "topics": "id status",
    "sessions": "id status",
    "outcomes": "id agreement commitments { status }",
    "commitments": "id status overdue",
    "plans": "id status supersededAt",
    "matters": "id status",
    "departments": "id name topics { totalCount }",
    "members": "id name",
}


@pytest.mark.parametrize("name", LISTS)
async def test_list_as_of_an_instant_is_that_of_then(api: Api, statements: list[str], name: str) -> None:
    """What `division` and `node` tell as of an instant, lists at the top of a query tell too."""
    query = f"""query ($at: DateTime) {{ {name}(filter: {{within: "140106"}}, first: 100, asOf: $at) {{
      totalCount pageInfo {{ endCursor }} nodes {{ {LISTS[name]} }} }} }}"""
    at = "2021-10-01T00:00:00Z"
    then = (await api.data(query, at=at))[name]
    assert len(statements) == 1
    now = (await api.data(query))[name]
    assert 0 <= then["totalCount"] <= now["totalCount"]
    assert then["nodes"] != now["nodes"] or name == "plans"
    named = f"query ($ids: [ID!]!) {{ nodes(ids: $ids) {{ ... on {TYPES[name]} {{ {LISTS[name]} }} }} }}"
    assert (await api.data(named, ids=[node["id"] for node in then["nodes"]]))["nodes"] == then["nodes"]
    assert all(node["id"].endswith(f"@{at}") for node in then["nodes"])


TYPES = {
    "platforms": "Platform",
    "topics": "Topic",
    "sessions": "Session",
    "outcomes": "Outcome",
    "commitments": "Commitment",
    "plans": "AnnualPlan",
    "matters": "Matter",
    "departments": "Department",
    "members": "Member",
}


async def test_pages_of_a_list_as_of_an_instant_follow_each_other(api: Api) -> None:
    query = """query ($after: String) { topics(filter: {within: "140106"}, orderBy: {listedAt: ASC}, first: 10,
      after: $after, asOf: "2021-12-01T00:00:00Z") {
      totalCount pageInfo { hasNextPage endCursor } nodes { number listedAt } } }"""
    found: list[dict[str, Any]] = []
    cursor, more = None, True
    while more:
        page = (await api.data(query, after=cursor))["topics"]
        found += page["nodes"]
        cursor, more = page["pageInfo"]["endCursor"], page["pageInfo"]["hasNextPage"]
    assert len({one["number"] for one in found}) == len(found) == page["totalCount"] > 10
    assert [one["listedAt"] for one in found] == sorted(one["listedAt"] for one in found)


async def test_list_as_of_what_is_to_come_is_refused_at_its_place(api: Api) -> None:
    answer = await api.answer('{ topics(asOf: "2190-01-01T00:00:00Z") { totalCount } viewer { subject } }')
    assert answer["data"] == {"topics": None, "viewer": {"subject": None}}
    (error,) = answer["errors"]
    assert (error["path"], error["extensions"]) == (
        ["topics"],
        {"code": "INSTANT_AHEAD", "path": ["asOf"], "parameters": {"instant": "2190-01-01T00:00:00+00:00"}},
    )
