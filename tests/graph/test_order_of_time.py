"""What has happened is not still to come, and nothing comes before what it follows from."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from services.core.clock import SystemClock, china_day
from services.core.database import Database
from tests.graph.aftermath import EVERYTHING, Aftermath
from tests.graph.api import document
from tests.graph.test_mutations import rows

NOW = datetime.now(UTC)
TODAY = china_day(SystemClock().now())
DAY = timedelta(days=1)
PLACES = """
SELECT (SELECT count(*) FROM platform), (SELECT count(*) FROM brand), (SELECT count(*) FROM practice_center),
       (SELECT count(*) FROM activity), (SELECT count(*) FROM annual_plan), (SELECT count(*) FROM duty_assessment),
       (SELECT count(closed_on) FROM platform)"""
MICRO = {"code": "P140521-99", "name": "新微平台", "tier": "MICRO", "kind": "VILLAGE", "division": "140521201204"}


def iso(at: date) -> str:
    return at.isoformat()


OF_THE_STORY: dict[str, tuple[str, str, dict[str, Any], str, str]] = {
    "session held tomorrow": (
        "recordSession", "session", {"session": "$later", "heldAt": iso(NOW + DAY)}, "NOT_YET_HAPPENED", "heldAt",
    ),
    "session held in a hundred years": (
        "recordSession", "session", {"session": "$later", "heldAt": "2099-01-01T00:00:00Z"}, "NOT_YET_HAPPENED",
        "heldAt",
    ),
    "session held before its topic was proposed": (
        "recordSession", "session", {"session": "$later", "heldAt": iso(NOW - DAY)}, "TOO_EARLY", "heldAt",
    ),
    "session scheduled for yesterday": (
        "scheduleSession", "session",
        {"platform": "$platform", "topics": ["$topic"], "scheduledAt": iso(NOW - DAY), "venue": "院"},
        "SESSION_PAST", "scheduledAt",
    ),
    "session moved to yesterday": (
        "rescheduleSession", "session", {"session": "$later", "scheduledAt": iso(NOW - DAY)}, "SESSION_PAST",
        "scheduledAt",
    ),
    "outcome of tomorrow": (
        "recordOutcome", "outcome", {"topic": "$topic", "agreement": "补植", "reachedOn": iso(TODAY + DAY)},
        "NOT_YET_HAPPENED", "reachedOn",
    ),
    "outcome reached before its session was held": (
        "recordOutcome", "outcome",
        {"topic": "$topic", "session": "$session", "agreement": "补植", "reachedOn": iso(TODAY - DAY)},
        "TOO_EARLY", "reachedOn",
    ),
    "outcome reached before any session was held": (
        "recordOutcome", "outcome", {"topic": "$topic", "agreement": "补植", "reachedOn": iso(TODAY - DAY)},
        "TOO_EARLY", "reachedOn",
    ),
    "commitment due before it is assigned": (
        "assignCommitment", "commitment",
        {"outcome": "$outcome", "department": "qinshui-court", "task": "勘界", "dueOn": iso(TODAY - DAY)},
        "TOO_EARLY", "dueOn",
    ),
    "document handed in tomorrow": (
        "convertOutcome", "conversion",
        {"outcome": "$outcome", "kind": "PROPOSAL", "title": "提案", "submittedOn": iso(TODAY + DAY)},
        "NOT_YET_HAPPENED", "submittedOn",
    ),
    "document handed in before its outcome": (
        "convertOutcome", "conversion",
        {"outcome": "$outcome", "kind": "PROPOSAL", "title": "提案", "submittedOn": iso(TODAY - DAY)},
        "TOO_EARLY", "submittedOn",
    ),
    "document handed in before its opinion": (
        "convertOpinion", "conversion",
        {"opinion": "$opinion", "kind": "PROPOSAL", "title": "提案", "submittedOn": iso(TODAY - DAY)},
        "TOO_EARLY", "submittedOn",
    ),
}  # fmt: skip


async def test_story_is_told_in_the_order_of_time(agreed: Aftermath, writable_db: Database) -> None:
    held = agreed.session
    agreed.later = (await agreed.schedule("2097-06-01T09:00:00+08:00"))["id"]  # type: ignore[attr-defined]
    agreed.session = held
    before = await rows(writable_db, EVERYTHING)
    for verb, thing, values, code, path in OF_THE_STORY.values():
        error = await agreed.api.refusal(document(verb, f"{thing} {{ id }}"), input=agreed.filled(values))
        assert (error["code"], error["path"]) == (code, [path]), values
        assert error["message"].endswith(".")
        assert await rows(writable_db, EVERYTHING) == before


async def test_what_is_of_today_is_taken(agreed: Aftermath) -> None:
    now = datetime.now(UTC)
    held = (await agreed.schedule(iso(now)))["id"]
    session = await agreed.api.do("recordSession", "session { heldAt }", session=held, heldAt=iso(now))
    assert datetime.fromisoformat(session["heldAt"]) == now
    today = {"agreement": "补植", "reachedOn": iso(TODAY), "session": held}
    outcome = await agreed.api.do("recordOutcome", "outcome { id reachedOn }", topic=agreed.topic, **today)
    assert outcome["reachedOn"] == iso(TODAY)
    due = {"outcome": outcome["id"], "department": "qinshui-court", "task": "勘界", "dueOn": iso(TODAY)}
    assert (await agreed.api.do("assignCommitment", "commitment { dueOn }", **due))["dueOn"] == iso(TODAY)
    submitted = {"outcome": outcome["id"], "kind": "PROPOSAL", "title": "提案", "submittedOn": iso(TODAY)}
    converted = await agreed.api.do("convertOutcome", "conversion { submittedOn }", **submitted)
    assert converted["submittedOn"] == iso(TODAY)


async def test_session_is_held_before_the_time_that_it_was_scheduled_for(agreed: Aftermath) -> None:
    later = (await agreed.schedule("2097-06-01T09:00:00+08:00"))["id"]
    session = await agreed.api.do("recordSession", "session { status heldAt scheduledAt }", session=later)
    assert (session["status"], session["scheduledAt"]) == ("HELD", "2097-06-01T01:00:00+00:00")
    assert datetime.fromisoformat(session["heldAt"]) <= datetime.now(UTC)


OF_PLACES: dict[str, tuple[str, str, Callable[[Any], dict[str, Any]], str, str]] = {
    "platform opened tomorrow": (
        "openPlatform", "platform", lambda k: {**MICRO, "parent": k["parent"], "openedOn": iso(TODAY + DAY)},
        "NOT_YET_HAPPENED", "openedOn",
    ),
    "platform opened before the one above it": (
        "openPlatform", "platform", lambda k: {**MICRO, "parent": k["parent"], "openedOn": "2001-01-01"},
        "TOO_EARLY", "openedOn",
    ),
    "platform closed before what was done there": (
        "closePlatform", "platform", lambda k: {"platform": k["used"], "closedOn": iso(TODAY - 2 * DAY)},
        "TOO_EARLY", "closedOn",
    ),
    "brand launched tomorrow": (
        "launchBrand", "brand", lambda _: {"name": "商量", "division": "140521", "launchedOn": iso(TODAY + DAY)},
        "NOT_YET_HAPPENED", "launchedOn",
    ),
    "center opened tomorrow": (
        "openPracticeCenter", "practiceCenter",
        lambda _: {"name": "二号", "division": "140521", "areas": ["书屋"], "openedOn": iso(TODAY + DAY)},
        "NOT_YET_HAPPENED", "openedOn",
    ),
    "activity of tomorrow": (
        "recordActivity", "activity",
        lambda _: {"kind": "讲座", "title": "一", "division": "140521", "heldOn": iso(TODAY + DAY)},
        "ACTIVITY_NOT_YET_HELD", "heldOn",
    ),
    "activity at a center before it opened": (
        "recordActivity", "activity",
        lambda k: {"kind": "讲座", "title": "一", "center": k["center"], "heldOn": "2001-01-01"},
        "TOO_EARLY", "heldOn",
    ),
    "plan of a year that is over": (
        "draftPlan", "plan", lambda k: {"platform": k["parent"], "year": TODAY.year - 1}, "YEAR_OVER", "year",
    ),
    "assessment of a year to come": (
        "assessMember", "dutyAssessment", lambda k: {"member": k["member"], "year": TODAY.year + 1},
        "YEAR_IN_FUTURE", "year",
    ),
}  # fmt: skip


async def test_places_and_what_is_done_there_keep_the_order_of_time(
    aftermath: Aftermath, writable_db: Database
) -> None:
    api = aftermath.api
    query = """{ platform(by: {code: "P140521"}) { id }
      division(code: "140521") { committee { members(first: 1) { nodes { id } } } } }"""
    found = await api.data(query)
    known = {"parent": found["platform"]["id"]}
    known["member"] = found["division"]["committee"]["members"]["nodes"][0]["id"]
    center = {"name": "一号", "division": "140521", "areas": ["书屋"], "openedOn": "2024-05-01"}
    known["center"] = (await api.do("openPracticeCenter", "practiceCenter { id }", **center))["id"]
    for code, name in (("P140521-97", "empty"), ("P140521-98", "used")):
        micro = {**MICRO, "code": code, "parent": known["parent"], "openedOn": "2024-05-01"}
        known[name] = (await api.do("openPlatform", "platform { id }", **micro))["id"]
    proposed = {"platform": known["used"], "title": "路灯", "kind": "MICRO", "category": "ROADS"}
    topic = await api.do("proposeTopic", "topic { id }", **proposed)
    await api.do("withdrawTopic", "topic { id }", topic=topic["id"], reason="已修")
    before = await rows(writable_db, PLACES)
    for verb, thing, values, code, path in OF_PLACES.values():
        asked = f"{thing} {{ {'points' if thing == 'dutyAssessment' else 'id'} }}"
        error = await api.refusal(document(verb, asked), input=values(known))
        assert (error["code"], error["path"]) == (code, [path]), verb
        assert await rows(writable_db, PLACES) == before
    closed = await api.do("closePlatform", "platform { closedOn }", platform=known["used"], closedOn=iso(TODAY))
    assert closed == {"closedOn": iso(TODAY)}


@pytest.mark.parametrize("ahead_s", [0, 5])
async def test_clock_of_a_client_may_be_a_little_ahead(aftermath: Aftermath, ahead_s: int) -> None:
    at = datetime.now(UTC) + timedelta(seconds=ahead_s)
    assert (await aftermath.hold(heldAt=at.isoformat()))["session"]["opinions"] == []
