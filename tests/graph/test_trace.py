import hashlib
from typing import Any
from uuid import UUID

import orjson

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
SEALED = """query ($id: ID!) { topic(by: {id: $id}) { trace { id at act actorRole subject { id } summary seal {
  chain sequence form hash previousHash actorCommitment evidenceCommitment summaryCommitment summarySalt
  lastSequence lastHash } } } }"""
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


def recomputed(entry: dict[str, Any]) -> str:
    """Return the hash of what an entry says, by the rules of docs/trace.md and by nothing of the code."""
    seal = entry["seal"]
    second, _, fraction = entry["at"].removesuffix("+00:00").partition(".")
    at = f"{second}.{fraction:0<6}Z" if fraction else f"{second}Z"
    said = {
        "act": entry["act"], "actor": seal["actorCommitment"], "actor_role": entry["actorRole"], "at": at,
        "chain": seal["chain"], "evidence": seal["evidenceCommitment"], "form": seal["form"],
        "id": entry["id"].removeprefix("traceentry_"), "previous_hash": seal["previousHash"],
        "sequence": seal["sequence"], "subject": entry["subject"] and entry["subject"]["id"],
        "summary": seal["summaryCommitment"],
    }  # fmt: skip
    return hashlib.sha256(orjson.dumps(said, option=orjson.OPT_SORT_KEYS)).hexdigest()


async def test_seals_let_staff_verify_a_topics_trace(story: Story, statements: list[str]) -> None:
    await story.involve("qinshui-court", "LEAD")
    await story.list_()
    statements.clear()
    found = (await story.api.as_(Role.AUDITOR, "14").data(SEALED, id=story.topic))["topic"]["trace"]
    assert len(statements) == 1
    seals = [entry["seal"] for entry in found]
    assert [seal["sequence"] for seal in seals] == [1, 2, 3]
    assert {seal["chain"] for seal in seals} == {story.topic}
    assert [seal["hash"] for seal in seals] == [recomputed(entry) for entry in found]
    assert [seal["previousHash"] for seal in seals] == ["0" * 64, seals[0]["hash"], seals[1]["hash"]]
    assert {(seal["lastSequence"], seal["lastHash"]) for seal in seals} == {(3, seals[2]["hash"])}
    for entry in found:
        words = bytes.fromhex(entry["seal"]["summarySalt"]) + entry["summary"].encode()
        assert hashlib.sha256(words).hexdigest() == entry["seal"]["summaryCommitment"]


async def test_seals_are_for_those_who_see_what_is_not_published(story: Story) -> None:
    await story.list_()
    elsewhere = story.api.as_(Role.AUDITOR, "140106")
    for client in (story.api.anonymous(), story.api.as_(Role.MEMBER, "140521"), elsewhere):
        found = (await client.data(SEALED, id=story.topic))["topic"]["trace"]
        assert [entry["seal"] for entry in found] == [None, None]


async def test_words_in_place_of_a_summary_cannot_be_held_against_it(story: Story) -> None:
    entry = (await story.api.data(SEALED, id=story.topic))["topic"]["trace"][0]
    given = {"traceEntry": entry["id"], "reason": "涉及个人", "publishedSummary": "改写"}
    await story.api.do("redactTraceEntry", "traceEntry { id }", **given)
    found = (await story.api.data(SEALED, id=story.topic))["topic"]["trace"][0]
    assert (found["summary"], found["seal"]["summarySalt"]) == ("改写", None)
    assert found["seal"]["hash"] == recomputed(found) == entry["seal"]["hash"]
