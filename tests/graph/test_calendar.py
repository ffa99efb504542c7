"""When a topic is scheduled after each verb that changes a session, and what its departments are told of that."""

from typing import Any

import pytest

from services.core.database import Database
from tests.graph.api import document
from tests.graph.story import CANCEL, LIST, OUTCOME, PROPOSE, RECORD, RESCHEDULE, RESOLVE, SCHEDULE, WITHDRAW, Story
from tests.graph.test_mutations import EVERYTHING, EVIDENCE, rows

EARLY, LATE, LATER = "2097-12-10T01:00:00+00:00", "2097-12-20T01:00:00+00:00", "2098-02-01T01:00:00+00:00"
ASKED = """query ($id: ID!, $from: DateTime!, $until: DateTime!) {
  topic(by: {id: $id}) { scheduledAt status }
  topics(filter: {within: "140521201", scheduled: {from: $from, until: $until}}, first: 100,
    orderBy: {scheduledAt: ASC}) {
    nodes { id scheduledAt } } }"""
TOLD = """SELECT department.code, event.type, event.data -> 'topic' ->> 'status',
  event.data -> 'topic' ->> 'scheduled_at', event.data ->> 'session_id' FROM delivery
JOIN event ON event.id = delivery.event_id JOIN department ON department.id = delivery.department_id
ORDER BY event.id, department.code"""
LAST = "SELECT type, data -> 'topic' ->> 'scheduled_at' FROM event ORDER BY id DESC LIMIT 1"


class Calendar(Story):
    """A listed topic and its sessions."""

    async def taken(self, at: str, *others: str) -> str:
        """Put a session into the calendar that takes the topic, and others; return its id."""
        topics = [self.topic, *others]
        values = {"platform": self.platform, "topics": topics, "scheduledAt": at, "venue": "协商议事室"}
        return str((await self.api.act(SCHEDULE, input=values))["session"]["id"])

    async def another_topic(self) -> str:
        values = {"platform": self.platform, "title": "水渠", "kind": "MICRO", "category": "WATER_POWER"}
        topic: str = (await self.api.act(PROPOSE, input=values))["topic"]["id"]
        await self.api.act(LIST, input={"topic": topic})
        return topic

    async def scheduled_at(self) -> str | None:
        """Return when the topic is scheduled; by that, and by nothing else, it is found in lists."""
        asked = {"id": self.topic, "from": "2097-01-01T00:00:00Z", "until": "2099-01-01T00:00:00Z"}
        found = await self.api.data(ASKED, **asked)
        at: str | None = found["topic"]["scheduledAt"]
        listed = [one["scheduledAt"] for one in found["topics"]["nodes"] if one["id"] == self.topic]
        assert listed == ([at] if at else [])
        orders = [one["scheduledAt"] for one in found["topics"]["nodes"]]
        assert orders == sorted(orders)
        return at


@pytest.fixture
async def calendar(story: Story) -> Calendar:
    made = Calendar(story.api)
    await made.begin()
    await made.involve("qinshui-court", "LEAD")
    await made.list_()
    return made


async def test_topic_is_scheduled_for_the_earliest_session_to_come(calendar: Calendar, writable_db: Database) -> None:
    api = calendar.api
    first, second = await calendar.taken(EARLY), await calendar.taken(LATE)
    assert await calendar.scheduled_at() == EARLY
    await api.act(RESCHEDULE, input={"session": second, "scheduledAt": LATER})
    assert await calendar.scheduled_at() == EARLY
    assert await rows(writable_db, LAST) == [("topic.rescheduled", EARLY)]
    await api.act(RESCHEDULE, input={"session": first, "postpone": True})
    assert await calendar.scheduled_at() == LATER
    await api.act(RESCHEDULE, input={"session": first, "scheduledAt": LATE})
    assert await calendar.scheduled_at() == LATE
    await api.act(CANCEL, input={"session": first, "reason": "下雨"})
    assert await calendar.scheduled_at() == LATER
    assert await rows(writable_db, LAST) == [("topic.cancelled", LATER)]
    await api.act(CANCEL, input={"session": second, "reason": "下雨"})
    assert await calendar.scheduled_at() is None


async def test_topic_is_scheduled_for_what_comes_once_a_session_was_held(
    calendar: Calendar, writable_db: Database
) -> None:
    await calendar.taken(LATE)
    await calendar.api.act(RECORD, input={"session": await calendar.taken(EARLY)})
    assert await calendar.scheduled_at() == LATE
    assert await rows(writable_db, LAST) == [("session.held", LATE)]


async def test_topic_without_a_session_to_come_is_told_of_without_a_time(
    calendar: Calendar, writable_db: Database
) -> None:
    api = calendar.api
    session = await calendar.taken(EARLY)
    await api.act(RECORD, input={"session": session})
    assert await calendar.scheduled_at() == EARLY
    assert await rows(writable_db, LAST) == [("session.held", None)]
    later = await calendar.taken(LATER)
    assert await rows(writable_db, LAST) == [("topic.scheduled", LATER)]
    await api.act(RESCHEDULE, input={"session": later, "postpone": True})
    assert await calendar.scheduled_at() == EARLY
    assert await rows(writable_db, LAST) == [("topic.rescheduled", None)]
    await api.act(CANCEL, input={"session": later, "reason": "下雨"})
    await api.act(OUTCOME, input={"topic": calendar.topic, "agreement": "补植"})
    assert await rows(writable_db, LAST) == [("outcome.recorded", None)]
    await api.act(RESOLVE, input={"topic": calendar.topic, "summary": "已补植", "evidence": EVIDENCE})
    assert await calendar.scheduled_at() == EARLY
    assert await rows(writable_db, LAST) == [("topic.resolved", None)]


async def test_postponed_topic_is_scheduled_for_nothing_and_stays_scheduled(calendar: Calendar) -> None:
    session = await calendar.taken(EARLY)
    await calendar.taken(LATE)
    for at in (EARLY, LATE):
        assert await calendar.scheduled_at() == at
        moved = await calendar.api.act(RESCHEDULE, input={"session": session, "postpone": True})
        session = (await calendar.api.data(SESSIONS, id=calendar.topic))["topic"]["sessions"]["nodes"][-1]["id"]
    assert moved["session"]["topics"] == [{"status": "SCHEDULED", "scheduledAt": None}]


SESSIONS = "query ($id: ID!) { topic(by: {id: $id}) { sessions { nodes { id status } } } }"


async def test_withdrawn_topic_takes_the_session_with_it_that_took_nothing_else(
    calendar: Calendar, writable_db: Database
) -> None:
    own = await calendar.taken(LATE)
    postponed = await calendar.taken(LATER)
    await calendar.api.act(RESCHEDULE, input={"session": postponed, "postpone": True})
    other = await calendar.another_topic()
    shared = await calendar.taken(EARLY, other)
    await calendar.api.act(WITHDRAW, input={"topic": calendar.topic, "reason": "已和解"})
    assert await calendar.scheduled_at() is None
    query = """query ($id: ID!, $other: ID!) {
      topic(by: {id: $id}) { sessions { nodes { id status } } trace { act } }
      other: topic(by: {id: $other}) { status scheduledAt } }"""
    found = await calendar.api.data(query, id=calendar.topic, other=other)
    states = {one["id"]: one["status"] for one in found["topic"]["sessions"]["nodes"]}
    assert states == {own: "CANCELLED", postponed: "CANCELLED", shared: "SCHEDULED"}
    assert found["other"] == {"status": "SCHEDULED", "scheduledAt": EARLY}
    acts = [one["act"] for one in found["topic"]["trace"]]
    assert acts[-3:] == ["topic.cancelled", "topic.cancelled", "topic.withdrawn"]
    assert (await rows(writable_db, TOLD))[-3:] == [
        ("qinshui-court", "topic.cancelled", "WITHDRAWN", None, own),
        ("qinshui-court", "topic.cancelled", "WITHDRAWN", None, postponed),
        ("qinshui-court", "topic.withdrawn", "WITHDRAWN", None, shared),
    ]
    held = await calendar.api.act(RECORD, input={"session": shared})
    assert held["session"]["topics"] == [{"status": "WITHDRAWN"}, {"status": "DELIBERATED"}]
    assert await calendar.scheduled_at() is None


async def test_last_topic_to_be_withdrawn_takes_a_shared_session_with_it(calendar: Calendar) -> None:
    other = await calendar.another_topic()
    await calendar.taken(EARLY, other)
    for topic, state in ((other, "SCHEDULED"), (calendar.topic, "CANCELLED")):
        await calendar.api.act(WITHDRAW, input={"topic": topic, "reason": "已和解"})
        found = await calendar.api.data(SESSIONS, id=calendar.topic)
        assert [one["status"] for one in found["topic"]["sessions"]["nodes"]] == [state]


async def test_withdrawn_topic_keeps_when_it_was_deliberated(calendar: Calendar, writable_db: Database) -> None:
    await calendar.api.act(RECORD, input={"session": await calendar.taken(EARLY)})
    await calendar.api.act(WITHDRAW, input={"topic": calendar.topic, "reason": "已和解"})
    assert await calendar.scheduled_at() == EARLY
    assert (await rows(writable_db, TOLD))[-1] == ("qinshui-court", "topic.withdrawn", "WITHDRAWN", None, None)


async def test_session_that_gets_another_venue_alone_keeps_its_time_and_state(
    calendar: Calendar, writable_db: Database
) -> None:
    session = await calendar.taken(EARLY)
    moved = (await calendar.api.act(RESCHEDULE, input={"session": session, "venue": "县法院"}))["session"]
    assert moved == {
        "status": "SCHEDULED",
        "scheduledAt": EARLY,
        "venue": "县法院",
        "topics": [{"status": "SCHEDULED", "scheduledAt": EARLY}],
    }
    said = "SELECT type, data ->> 'postponed', data ->> 'venue' FROM event ORDER BY id DESC LIMIT 1"
    assert await rows(writable_db, said) == [("topic.rescheduled", "false", "县法院")]
    await calendar.api.act(RESCHEDULE, input={"session": session, "postpone": True, "venue": "院里"})
    moved = (await calendar.api.act(RESCHEDULE, input={"session": session, "venue": "库房"}))["session"]
    assert (moved["status"], moved["venue"]) == ("POSTPONED", "库房")
    assert await rows(writable_db, said) == [("topic.rescheduled", "true", "库房")]
    traced = await calendar.api.data("query ($id: ID!) { topic(by: {id: $id}) { trace { act } } }", id=calendar.topic)
    acts = [one["act"] for one in traced["topic"]["trace"]]
    assert acts[-3:] == ["topic.moved", "topic.postponed", "topic.moved"]


@pytest.mark.parametrize(
    ("values", "code", "path"),
    [
        ({}, "NOTHING_RESCHEDULED", ["scheduledAt"]),
        ({"venue": None, "scheduledAt": None}, "NOTHING_RESCHEDULED", ["scheduledAt"]),
        ({"scheduledAt": LATE, "postpone": True}, "POSTPONED_WITH_TIME", ["postpone"]),
        ({"scheduledAt": "2024-12-20T09:00:00+08:00"}, "SESSION_PAST", ["scheduledAt"]),
        ({"venue": " "}, "INVALID_INPUT", ["venue"]),
    ],
)
async def test_session_is_not_rescheduled_to_nothing_or_into_the_past(
    calendar: Calendar, writable_db: Database, values: dict[str, Any], code: str, path: list[str]
) -> None:
    session = await calendar.taken(EARLY)
    before = await rows(writable_db, EVERYTHING)
    error = await calendar.api.refusal(RESCHEDULE, input={"session": session, **values})
    assert (error["code"], error["path"]) == (code, path)
    assert await rows(writable_db, EVERYTHING) == before


async def test_platform_is_not_closed_while_a_session_is_to_come(story: Story) -> None:
    query = "query ($id: ID!) { topic(by: {id: $id}) { status } }"
    assert (await story.api.data(query, id=story.topic))["topic"] == {"status": "PROPOSED"}
    parent = (await story.api.data('{ platform(by: {code: "P140521"}) { id } }'))["platform"]["id"]
    opened = await story.api.do(
        "openPlatform", "platform { id }", code="P140521-99", name="分平台", tier="MICRO", kind="VILLAGE",
        division="140521201204", parent=parent, openedOn="2024-05-01",
    )  # fmt: skip
    await story.list_()
    session = await story.api.do(
        "scheduleSession", "session { id }", platform=opened["id"], topics=[story.topic], scheduledAt=EARLY, venue="院",
    )  # fmt: skip
    error = await story.api.refusal(document("closePlatform", "platform { id }"), input={"platform": opened["id"]})
    assert (error["code"], error["path"]) == ("PLATFORM_IN_USE", ["platform"])
    await story.api.act(CANCEL, input={"session": session["id"], "reason": "下雨"})
    await story.api.do("closePlatform", "platform { id }", platform=opened["id"])
