from typing import Any

import pytest

from services.core.actor import Role
from services.core.clock import SystemClock, china_day
from tests.graph.api import Api
from tests.graph.story import PROPOSE, SCHEDULE, Story

ERRORS = "errors { code message path }"
OPEN = f"""mutation ($input: OpenPlatformInput!) {{ openPlatform(input: $input) {{
  platform {{ id code tier parent {{ code }} brand {{ name }} openedOn closedOn }} {ERRORS} }} }}"""
CLOSE = f"""mutation ($input: ClosePlatformInput!) {{ closePlatform(input: $input) {{
  platform {{ code closedOn }} {ERRORS} }} }}"""
BRAND = f"""mutation ($input: LaunchBrandInput!) {{ launchBrand(input: $input) {{
  brand {{ id name umbrella launchedOn division {{ code }} }} {ERRORS} }} }}"""
SEAT = f"""mutation ($input: SeatMemberInput!) {{ seatMember(input: $input) {{
  member {{ id name sector committee {{ name }} liaisonGroup {{ name }} }} {ERRORS} }} }}"""
DISABLE = f"""mutation ($input: DisableDepartmentInput!) {{ disableDepartment(input: $input) {{
  department {{ channel {{ enabled }} }} {ERRORS} }} }}"""
ENABLE = f"""mutation ($input: EnableDepartmentInput!) {{ enableDepartment(input: $input) {{
  department {{ channel {{ enabled }} }} {ERRORS} }} }}"""
CENTER = f"""mutation ($input: OpenPracticeCenterInput!) {{ openPracticeCenter(input: $input) {{
  practiceCenter {{ id name areas functions division {{ code practiceCenters {{ name }} }} }} {ERRORS} }} }}"""
ACTIVITY = f"""mutation ($input: RecordActivityInput!) {{ recordActivity(input: $input) {{
  activity {{ id kind heldOn headcount center {{ name }} division {{ code }} members {{ name }} }} {ERRORS} }} }}"""
REGISTRY = """query { division(code: "140521") { brands { name } practiceCenters { name activities { totalCount } }
  platforms(deep: true) { totalCount } committee { members { totalCount } } } }"""

MICRO = {"code": "P140521-99", "name": "新微平台", "tier": "MICRO", "kind": "VILLAGE", "division": "140521201204"}
MEMBER = {"name": "委员 9999", "sector": "农业"}
HALL = {"name": "沁水县实践中心", "division": "140521", "areas": ["协商议事厅"]}
TALK = {"kind": "委员学堂", "title": "第一讲", "heldOn": "2024-05-01"}


async def standing(api: Api) -> dict[str, Any]:
    """Return what the registry of the county holds."""
    found: dict[str, Any] = (await api.data(REGISTRY))["division"]
    return found


async def parent_of(api: Api, code: str = "P140521") -> str:
    found: str = (await api.data("query ($c: String!) { platform(by: {code: $c}) { id } }", c=code))["platform"]["id"]
    return found


async def committee_of(api: Api, code: str) -> dict[str, Any]:
    query = "query ($c: DivisionCode!) { division(code: $c) { committee { id name liaisonGroups { id name } } } }"
    found: dict[str, Any] = (await api.data(query, c=code))["division"]["committee"]
    return found


async def test_platform_opens_beneath_another_under_a_new_brand_and_closes(writing: Api) -> None:
    brand = (await writing.act(BRAND, input={"name": "沁事我商量", "umbrella": "有事来商量", "division": "140521"}))[
        "brand"
    ]
    assert (brand["umbrella"], brand["division"]) == ("有事来商量", {"code": "140521"})
    given = {**MICRO, "parent": await parent_of(writing), "brand": brand["id"], "openedOn": "2024-05-01"}
    opened = (await writing.act(OPEN, input=given))["platform"]
    assert opened == {
        "id": opened["id"], "code": "P140521-99", "tier": "MICRO", "parent": {"code": "P140521"},
        "brand": {"name": "沁事我商量"}, "openedOn": "2024-05-01", "closedOn": None,
    }  # fmt: skip
    assert (await writing.refusal(OPEN, input=given))["code"] == "PLATFORM_CODE_TAKEN"
    proposal = {"platform": opened["id"], "title": "路灯", "kind": "MICRO", "category": "ROADS"}
    topic = (await writing.act(PROPOSE, input=proposal))["topic"]["id"]
    refused = await writing.refusal(CLOSE, input={"platform": opened["id"]})
    assert (refused["code"], "1 topics" in refused["message"]) == ("PLATFORM_IN_USE", True)
    withdraw = "mutation ($i: WithdrawTopicInput!) { withdrawTopic(input: $i) { topic { id } errors { code } } }"
    await writing.act(withdraw, i={"topic": topic, "reason": "重复"})
    today = china_day(SystemClock().now()).isoformat()
    closed = (await writing.act(CLOSE, input={"platform": opened["id"], "closedOn": today}))["platform"]
    assert closed == {"code": "P140521-99", "closedOn": today}
    for mutation, values in ((CLOSE, {"platform": opened["id"]}), (PROPOSE, proposal)):
        assert (await writing.refusal(mutation, input=values))["code"] == "PLATFORM_CLOSED"


async def test_session_is_not_scheduled_at_a_closed_platform(story: Story) -> None:
    await story.list_()
    api = story.api
    given = {**MICRO, "parent": await parent_of(api), "openedOn": "2024-05-01"}
    opened = (await api.act(OPEN, input=given))["platform"]["id"]
    await api.act(CLOSE, input={"platform": opened, "closedOn": "2025-01-01"})
    values = {"platform": opened, "topics": [story.topic], "scheduledAt": "2097-05-01T09:00:00+08:00", "venue": "院"}
    assert (await api.refusal(SCHEDULE, input=values))["code"] == "PLATFORM_CLOSED"


async def test_platform_with_open_ones_beneath_it_stays(writing: Api) -> None:
    refused = await writing.refusal(CLOSE, input={"platform": await parent_of(writing)})
    assert refused["code"] == "PLATFORM_IN_USE"


async def test_member_is_seated_in_a_group_of_the_committee(writing: Api) -> None:
    own, other = await committee_of(writing, "140521"), await committee_of(writing, "140106")
    group = own["liaisonGroups"][0]
    seated = await writing.act(SEAT, input={**MEMBER, "committee": own["id"], "liaisonGroup": group["id"]})
    assert (seated["member"]["committee"], seated["member"]["liaisonGroup"]) == (
        {"name": own["name"]},
        {"name": group["name"]},
    )
    elsewhere = {**MEMBER, "committee": own["id"], "liaisonGroup": other["liaisonGroups"][0]["id"]}
    assert (await writing.refusal(SEAT, input=elsewhere))["code"] == "GROUP_OF_ANOTHER_COMMITTEE"
    assert (await writing.refusal(SEAT, input={**MEMBER, "committee": other["id"]}))["code"] == "FORBIDDEN"


async def test_channel_goes_out_of_use_and_into_use(writing: Api) -> None:
    for mutation, enabled in ((DISABLE, False), (ENABLE, True)):
        payload = await writing.act(mutation, input={"department": "qinshui-court"})
        assert payload["department"] == {"channel": {"enabled": enabled}}


async def test_center_has_its_activities_with_the_members_who_came(writing: Api) -> None:
    center = (await writing.act(CENTER, input=HALL))["practiceCenter"]
    assert center == {
        "id": center["id"], "name": "沁水县实践中心", "areas": ["协商议事厅"], "functions": [],
        "division": {"code": "140521", "practiceCenters": [{"name": "沁水县实践中心"}]},
    }  # fmt: skip
    committee = (await committee_of(writing, "140521"))["id"]
    member = (await writing.act(SEAT, input={**MEMBER, "committee": committee}))["member"]
    held = await writing.act(ACTIVITY, input={**TALK, "center": center["id"], "members": [member["id"]]})
    assert held["activity"] == {
        "id": held["activity"]["id"], "kind": "委员学堂", "heldOn": "2024-05-01", "headcount": 1,
        "center": {"name": "沁水县实践中心"}, "division": {"code": "140521"}, "members": [{"name": "委员 9999"}],
    }  # fmt: skip
    elsewhere = await writing.act(ACTIVITY, input={**TALK, "division": "140521201", "headcount": 40})
    assert (elsewhere["activity"]["center"], elsewhere["activity"]["headcount"]) == (None, 40)


@pytest.mark.parametrize(
    ("mutation", "values", "code"),
    [
        (OPEN, MICRO, "PARENT_UNFIT"),
        (OPEN, {**MICRO, "tier": "GENERAL", "parent": "P140521"}, "PARENT_UNFIT"),
        (OPEN, {**MICRO, "parent": "P140106"}, "PARENT_UNFIT"),
        (OPEN, {**MICRO, "tier": "GENERAL", "division": "140521"}, "GENERAL_PLATFORM_EXISTS"),
        (OPEN, {**MICRO, "parent": "P140521", "code": "小写"}, "INVALID_INPUT"),
        (OPEN, {**MICRO, "parent": "P140521", "name": " "}, "INVALID_INPUT"),
        (OPEN, {**MICRO, "parent": "P140521", "division": "140106"}, "FORBIDDEN"),
        (BRAND, {"name": " ", "division": "140521"}, "INVALID_INPUT"),
        (BRAND, {"name": "沁", "division": "140106"}, "FORBIDDEN"),
        (BRAND, {"name": "沁", "division": "140599"}, "NOT_FOUND"),
        (CENTER, {**HALL, "areas": []}, "INVALID_INPUT"),
        (CENTER, {**HALL, "division": "140106"}, "FORBIDDEN"),
        (ACTIVITY, TALK, "ACTIVITY_PLACE_INVALID"),
        (ACTIVITY, {**TALK, "division": "140521", "heldOn": "2199-01-01"}, "ACTIVITY_NOT_YET_HELD"),
        (ACTIVITY, {**TALK, "division": "140521", "headcount": -1}, "INVALID_INPUT"),
        (ACTIVITY, {**TALK, "division": "140106"}, "FORBIDDEN"),
        (DISABLE, {"department": "yingze-court"}, "FORBIDDEN"),
        (DISABLE, {"department": "no-such"}, "NOT_FOUND"),
    ],
)
async def test_refused_entry_leaves_the_registry_as_it_was(
    writing: Api, mutation: str, values: dict[str, Any], code: str
) -> None:
    before = await standing(writing)
    if "parent" in values:
        values = {**values, "parent": await parent_of(writing, values["parent"])}
    assert (await writing.refusal(mutation, input=values))["code"] == code
    assert await standing(writing) == before


@pytest.mark.parametrize(("role", "allowed"), [(Role.CADRE, False), (Role.APPROVER, False), (Role.SECRETARIAT, True)])
async def test_registry_is_the_secretariats(writing: Api, role: Role, allowed: bool) -> None:
    payload = (await writing.as_(role, "140521").data(BRAND, input={"name": "沁", "division": "140521"}))["launchBrand"]
    assert [error["code"] for error in payload["errors"]] == ([] if allowed else ["FORBIDDEN"])
