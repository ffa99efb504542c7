"""Members' duty through the API: schemes published, members assessed, and who reads what it came to."""

from typing import Any

import pytest

from services.core.actor import Role
from services.core.tokens import GrantClaim
from tests.graph.api import Api
from tests.graph.test_registry import ERRORS, SEAT, committee_of

PUBLISH = f"""mutation ($input: PublishDutySchemeInput!) {{ publishDutyScheme(input: $input) {{
  dutyScheme {{ id name version firstYear lastYear cap rules {{ act points cap }} grades {{ name from }}
    committee {{ dutySchemes {{ name version }} }} }} {ERRORS} }} }}"""
RECORDS = """id act on points rule member { id }
  source { __typename id ... on Session { status } ... on Opinion { text } ... on Activity { title } }"""
ASSESS = f"""mutation ($input: AssessMemberInput!) {{ assessMember(input: $input) {{
  dutyAssessment {{ year scheme schemeVersion points grade member {{ id }} records {{ {RECORDS} }} }} {ERRORS} }} }}"""
DUTY = f"""query ($id: ID!, $year: Int!) {{ node(id: $id) {{ ... on Member {{
  dutyAssessment(year: $year) {{ year points grade records {{ {RECORDS} }} }}
  dutyRecords(year: $year, first: 100) {{ totalCount nodes {{ {RECORDS} }} }}
  anyYear: dutyRecords {{ totalCount }} }} }} }}"""
LINK = f"""mutation ($input: LinkMemberInput!) {{ linkMember(input: $input) {{ member {{ id }} {ERRORS} }} }}"""
ACTIVITY = f"""mutation ($input: RecordActivityInput!) {{ recordActivity(input: $input) {{
  activity {{ id }} {ERRORS} }} }}"""

SCHEME = {
    "name": "33216", "firstYear": 2024, "lastYear": 2024, "cap": 4, "rules": [{"act": "ACTIVITY", "points": 1.5}],
    "grades": [{"name": "称职", "from": 2}, {"name": "优秀", "from": 3.5}],
}  # fmt: skip
YEAR = {"year": 2024}


async def published(api: Api, **changed: Any) -> dict[str, Any]:
    """Publish the scheme for Qinshui's committee."""
    committee = (await committee_of(api, "140521"))["id"]
    found: dict[str, Any] = (await api.act(PUBLISH, input={**SCHEME, "committee": committee, **changed}))["dutyScheme"]
    return found


async def active_member(api: Api, *days: str) -> str:
    """Seat a member who took part in an activity on each of the days."""
    committee = (await committee_of(api, "140521"))["id"]
    member: str = (await api.act(SEAT, input={"committee": committee, "name": "委员 9999", "sector": "农业"}))[
        "member"
    ]["id"]
    for day in days:
        given = {"kind": "委员学堂", "title": day, "heldOn": day, "division": "140521", "members": [member]}
        await api.act(ACTIVITY, input=given)
    return member


async def duty_of(api: Api, member: str) -> Any:
    return (await api.data(DUTY, id=member, year=2024))["node"]


async def test_scheme_is_published_in_versions(writing: Api) -> None:
    first = await published(writing)
    assert first == {
        "id": first["id"], "name": "33216", "version": 1, "firstYear": 2024, "lastYear": 2024, "cap": 4.0,
        "rules": [{"act": "ACTIVITY", "points": 1.5, "cap": None}],
        "grades": [{"name": "优秀", "from": 3.5}, {"name": "称职", "from": 2.0}],
        "committee": {"dutySchemes": [{"name": "33216", "version": 1}, {"name": "示例履职考核办法", "version": 1}]},
    }  # fmt: skip
    second = await published(writing, lastYear=None, expectedVersion=1)
    assert (second["version"], second["lastYear"], len(second["committee"]["dutySchemes"])) == (2, None, 3)


async def test_every_point_links_to_its_act_and_rule(writing: Api) -> None:
    await published(writing)
    member = await active_member(writing, "2024-03-03", "2024-01-02", "2024-02-01", "2023-12-31")
    assessed = (await writing.act(ASSESS, input={"member": member, **YEAR}))["dutyAssessment"]
    records = assessed.pop("records")
    assert assessed == {
        "year": 2024, "scheme": "33216", "schemeVersion": 1, "points": 4.0, "grade": "优秀", "member": {"id": member},
    }  # fmt: skip
    assert [(one["on"], one["points"], one["source"]["title"]) for one in records] == [
        ("2024-01-02", 1.5, "2024-01-02"),
        ("2024-02-01", 1.5, "2024-02-01"),
        ("2024-03-03", 1.0, "2024-03-03"),
    ]
    assert {(one["act"], one["rule"], one["source"]["__typename"]) for one in records} == {
        ("ACTIVITY", "33216 v1: ACTIVITY", "Activity")
    }
    found = await duty_of(writing, member)
    assert (found["dutyAssessment"]["records"], found["dutyRecords"]["nodes"]) == (records, records)
    (again,) = (await writing.data("query ($ids: [ID!]!) { nodes(ids: $ids) { id } }", ids=[records[0]["id"]]))["nodes"]
    assert again == {"id": records[0]["id"]}


async def test_records_are_of_the_assessments_that_stand(writing: Api) -> None:
    await published(writing)
    member = await active_member(writing, "2024-01-02")
    for _ in range(2):
        await writing.act(ASSESS, input={"member": member, **YEAR})
    await published(writing, rules=[{"act": "ACTIVITY", "points": 3}])
    await writing.act(ASSESS, input={"member": member, **YEAR})
    await writing.act(ASSESS, input={"member": member, "year": 2023})
    found = await duty_of(writing, member)
    (record,) = found["dutyRecords"]["nodes"]
    assert (record["rule"], record["points"]) == ("33216 v2: ACTIVITY", 3.0)
    assert (found["dutyRecords"]["totalCount"], found["anyYear"]["totalCount"]) == (1, 1)


async def test_seeded_years_add_up_record_by_record(api: Api) -> None:
    query = f"""{{ division(code: "140106") {{ committee {{ members(first: 100) {{ nodes {{ id
      dutyAssessment(year: 2023) {{ points scheme records {{ {RECORDS} }} }} }} }} }} }} }}"""
    found = await api.as_(Role.AUDITOR, "14").data(query)
    members = found["division"]["committee"]["members"]["nodes"]
    earned = 0
    for member in members:
        records = member["dutyAssessment"]["records"]
        assert sum(one["points"] for one in records) == member["dutyAssessment"]["points"]
        assert all(one["member"]["id"] == member["id"] and one["on"][:4] == "2023" for one in records)
        assert all(one["source"]["id"] for one in records)
        earned += len(records)
    assert (len(members), earned > 100) == (83, True)


NOTHING = {"dutyAssessment": None, "dutyRecords": {"totalCount": 0, "nodes": []}, "anyYear": {"totalCount": 0}}


async def test_duty_is_for_the_staff_of_the_place_and_for_the_member(writing: Api) -> None:
    await published(writing)
    member = await active_member(writing, "2024-01-02")
    await writing.act(ASSESS, input={"member": member, **YEAR})
    record = (await duty_of(writing, member))["dutyRecords"]["nodes"][0]["id"]
    await writing.act(LINK, input={"member": member, "subject": "the member"})
    own = GrantClaim(role=Role.MEMBER, within="140521")
    seeing = [
        writing, writing.as_(Role.CADRE, "140521"), writing.as_(Role.AUDITOR, "14"), writing.as_(Role.APPROVER, "1405"),
        writing.signed_in("the member", own),
    ]  # fmt: skip
    blind = [
        writing.signed_in("nobody"), writing.signed_in("the member"), writing.signed_in("another member", own),
        writing.as_(Role.RESIDENT, "140521"), writing.as_(Role.OPERATOR, "140521"),
        writing.as_(Role.SECRETARIAT, "140106"), writing.as_(Role.CADRE, "140521201"),
        writing.as_(Role.DEPARTMENT, department="qinshui-court"),
    ]  # fmt: skip
    for caller, sees in [*((one, True) for one in seeing), *((one, False) for one in blind)]:
        found = await duty_of(caller, member)
        assert found["dutyAssessment"] is not None if sees else found == NOTHING
        by_id = (await caller.data("query ($id: ID!) { node(id: $id) { id } }", id=record))["node"]
        assert by_id == ({"id": record} if sees else None)
    await writing.act(LINK, input={"member": member})
    assert await duty_of(writing.signed_in("the member", own), member) == NOTHING


async def test_anonymous_reads_no_duty(api: Api) -> None:
    query = """{ division(code: "140106") { committee { dutySchemes { version } members(first: 1) { nodes {
      dutyAssessment(year: 2023) { points } dutyRecords { totalCount edges { cursor } } } } } } }"""
    committee = (await api.data(query))["division"]["committee"]
    assert committee == {
        "dutySchemes": [{"version": 1}],
        "members": {"nodes": [{"dutyAssessment": None, "dutyRecords": {"totalCount": 0, "edges": []}}]},
    }


@pytest.mark.parametrize(
    ("role", "within", "allowed"),
    [
        (Role.SECRETARIAT, "140521", True),
        (Role.SECRETARIAT, "140106", False),
        (Role.CADRE, "140521", False),
        (Role.APPROVER, "140521", False),
        (Role.MEMBER, "140521", False),
        (Role.OPERATOR, "14", False),
        (Role.AUDITOR, "14", False),
    ],
)
async def test_duty_is_the_secretariats(writing: Api, role: Role, within: str | None, allowed: bool) -> None:
    committee, member = (await committee_of(writing, "140521"))["id"], await active_member(writing)
    caller = writing.as_(role, within)
    for mutation, values in (
        (PUBLISH, {**SCHEME, "committee": committee}),
        (ASSESS, {"member": member, **YEAR}),
        (LINK, {"member": member, "subject": "somebody else"}),
    ):
        if allowed:
            await caller.act(mutation, input=values)
        else:
            assert (await caller.refusal(mutation, input=values))["code"] == "FORBIDDEN"
    assert (await duty_of(writing, member) == NOTHING) is not allowed


async def test_refusal_names_the_field_of_the_input(writing: Api) -> None:
    committee, member = (await committee_of(writing, "140521"))["id"], await active_member(writing)
    scheme = {**SCHEME, "committee": committee}
    for mutation, values, code, path in (
        (PUBLISH, {**scheme, "rules": []}, "DUTY_SCHEME_INVALID", ["rules"]),
        (PUBLISH, {**scheme, "rules": [{"act": "ACTIVITY", "points": 0.001}]}, "DUTY_SCHEME_INVALID", ["rules"]),
        (PUBLISH, {**scheme, "rules": SCHEME["rules"] * 2}, "ACT_TWICE", ["rules"]),  # type: ignore[operator]
        (PUBLISH, {**scheme, "grades": SCHEME["grades"] * 2}, "GRADE_TWICE", ["grades"]),  # type: ignore[operator]
        (PUBLISH, {**scheme, "firstYear": 2025}, "INVALID_INPUT", ["lastYear"]),
        (PUBLISH, {**scheme, "expectedVersion": 3}, "VERSION_CONFLICT", ["expectedVersion"]),
        (PUBLISH, {**scheme, "committee": member}, "INVALID_INPUT", ["committee"]),
        (ASSESS, {"member": member, "year": 2020}, "NO_DUTY_SCHEME", ["year"]),
        (ASSESS, {"member": member, "year": 2999}, "YEAR_IN_FUTURE", ["year"]),
        (ASSESS, {"member": committee, "year": 2023}, "INVALID_INPUT", ["member"]),
        (LINK, {"member": member, "subject": " "}, "INVALID_INPUT", ["subject"]),
    ):
        refused = await writing.refusal(mutation, input=values)
        assert (refused["code"], refused["path"]) == (code, path)
    assert await duty_of(writing, member) == NOTHING
