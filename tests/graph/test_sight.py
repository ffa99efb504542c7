"""What rights open beside what is published, for each role: docs/concepts.md has the table."""

from typing import Any

import pytest

from services.core.actor import Role
from tests.graph.api import Api
from tests.graph.story import RECORD, Story

CHANNEL = """{ department(code: "qinshui-court") { notices { totalCount }
  channel { enabled pending parked oldestPendingAt } } }"""
NAMES = "query ($topic: ID!) { topic(by: {id: $topic}) { sessions { nodes { attendances { nodes { role name } } } } } }"


def caller(api: Api, who: str) -> Api:
    """Return a client of somebody: a role over the county, or a department's."""
    role, _, department = who.partition(" of ")
    if who == "anonymous":
        return api.anonymous()
    return api.as_(Role(role), None if department else "140521", department or None, subject=who)


@pytest.fixture
async def listed(story: Story) -> Story:
    """The court was told that the topic is listed, which waits to be sent."""
    await story.involve("qinshui-court", "LEAD")
    await story.list_()
    return story


async def test_what_waits_on_a_channel_is_seen_by_those_who_see_its_notices(listed: Story) -> None:
    async def seen(who: str) -> Any:
        return (await caller(listed.api, who).data(CHANNEL))["department"]

    for who in ("SECRETARIAT", "OPERATOR", "AUDITOR", "DEPARTMENT of qinshui-court"):
        found = await seen(who)
        assert found["channel"].pop("oldestPendingAt") is not None
        assert found == {"notices": {"totalCount": 1}, "channel": {"enabled": True, "pending": 1, "parked": 0}}, who
    nothing = {"enabled": True, "pending": None, "parked": None, "oldestPendingAt": None}
    for who in ("anonymous", "RESIDENT", "MEMBER", "CADRE", "APPROVER", "DEPARTMENT of qinshui-power"):
        assert await seen(who) == {"notices": {"totalCount": 0}, "channel": nothing}, who


async def test_names_of_attendees_are_seen_by_staff_and_those_who_check_it(listed: Story) -> None:
    await listed.schedule()
    attendances = [{"role": "RESIDENT", "name": "2号楼居民"}]
    await listed.api.act(RECORD, input={"session": listed.session, "attendances": attendances})
    for who, name in (
        *((who, "2号楼居民") for who in ("CADRE", "SECRETARIAT", "APPROVER", "AUDITOR")),
        *((who, None) for who in ("anonymous", "RESIDENT", "MEMBER", "OPERATOR", "DEPARTMENT of qinshui-court")),
    ):
        (session,) = (await caller(listed.api, who).data(NAMES, topic=listed.topic))["topic"]["sessions"]["nodes"]
        assert session["attendances"]["nodes"] == [{"role": "RESIDENT", "name": name}], who
