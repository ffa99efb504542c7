from typing import Any
from uuid import UUID

from services.core.act import Act
from services.core.actor import Actor, Role
from services.core.clock import SystemClock
from services.core.database import Database
from services.core.ids import node_uuid
from services.trace.record import record
from tests.graph.story import ASSIGN, OUTCOME, PROPOSE, RECORD, Story

TRACE = """query ($id: ID!) { topic(by: {id: $id}) { trace { act actorRole summary subject {
  __typename id ... on Topic { number } ... on Session { status } ... on Outcome { agreement }
  ... on Commitment { task } ... on Department { code } } } } }"""
BRIEF = "query ($id: ID!) { topic(by: {id: $id}) { trace { act subject { ... on Topic { number } } } } }"


async def test_trace_of_a_topic_tells_its_acts_and_what_they_were_about(story: Story, statements: list[str]) -> None:
    await story.involve("qinshui-court", "LEAD")
    await story.list_()
    session = await story.schedule()
    await story.api.act(RECORD, input={"session": session["id"], "headcount": 3})
    outcome = (await story.api.act(OUTCOME, input={"topic": story.topic, "agreement": "补植"}))["outcome"]["id"]
    await story.api.act(ASSIGN, input={"outcome": outcome, "department": "qinshui-court", "task": "勘界"})
    statements.clear()
    found = (await story.api.data(TRACE, id=story.topic))["topic"]["trace"]
    assert len(statements) == 1
    told = [(entry["act"], entry["actorRole"], _about(entry["subject"])) for entry in found]
    staff = "SECRETARIAT"
    number = found[0]["subject"]["number"]
    assert told == [
        ("topic.proposed", staff, ("Topic", number)),
        ("topic.involved", staff, ("Department", "qinshui-court")),
        ("topic.listed", staff, ("Topic", number)),
        ("topic.scheduled", staff, ("Session", "HELD")),
        ("session.held", staff, ("Session", "HELD")),
        ("outcome.recorded", staff, ("Outcome", "补植")),
        ("commitment.assigned", staff, ("Commitment", "勘界")),
    ]
    assert found[2]["summary"] == "议题立项"
    assert found[5]["subject"]["id"] == outcome


def _about(subject: dict[str, Any]) -> tuple[Any, ...]:
    """Return what a subject is, by its type and its one own field."""
    return tuple(value for key, value in subject.items() if key != "id")


async def test_trace_is_seen_with_its_topic_and_a_subject_only_by_who_may_see_it(
    story: Story, writable_db: Database
) -> None:
    nobody = story.api.as_(Role.MEMBER, "1401", subject="nobody")
    assert (await nobody.data(BRIEF, id=story.topic))["topic"] is None
    await story.list_()
    values = {"platform": story.platform, "title": "又一件", "kind": "KEY", "category": "ROADS"}
    hidden = (await story.api.act(PROPOSE, input=values))["topic"]
    async with writable_db.write() as tx:
        for subject in (("topic", node_uuid("topic", hidden["id"])), ("plan", UUID(int=1)), None):
            await record(
                Act(tx, Actor("system:test"), SystemClock()), role=None, entry="test.done", summary="试",
                subject=subject, topic_id=node_uuid("topic", story.topic),
            )  # fmt: skip
    seen = [entry["subject"] for entry in (await nobody.data(BRIEF, id=story.topic))["topic"]["trace"]]
    assert [subject is None for subject in seen] == [False, False, True, True, True]
    seen = [entry["subject"] for entry in (await story.api.data(BRIEF, id=story.topic))["topic"]["trace"]]
    assert seen[2:] == [{"number": hidden["number"]}, None, None]
