import asyncio
import hashlib
import json
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from services.core.act import Act
from services.core.actor import Actor, Grant, Role
from services.core.clock import Clock, SystemClock
from services.core.errors import ConstraintViolated, DomainError, NotFound
from services.core.ids import new_id
from services.migrations.grants import Login
from services.notices.replies import Reply
from services.notices.retention import prune
from services.outcomes import involvements, resolution
from services.outcomes.commands import assign_commitment, record_outcome
from services.outcomes.receipts import take_in
from services.outcomes.withdrawal import withdraw_topic
from services.sessions.commands import cancel_session, reschedule_session, schedule_session
from services.sessions.enums import SessionForm
from services.sessions.held import record_session
from services.topics import commands as topics
from services.topics.enums import Category, InvolvementRole, TopicKind
from services.topics.evidence import EvidenceGiven
from services.topics.records import lock_topic
from services.trace.record import record
from tests.clock import SetClock
from tests.events.tools import until
from tests.world import ACTOR, World

COURT = "qinshui-court"
AT = datetime(2097, 5, 1, 1, 0, tzinfo=UTC)
LATER = datetime(2097, 6, 1, 1, 0, tzinfo=UTC)
CALENDAR: dict[str, Any] = {"scheduled_at": AT, "venue": " 协商议事室 ", "form": SessionForm.ON_SITE}
NOBODY: dict[str, Any] = {"convener": None, "liaison_group_id": None}
HELD: dict[str, Any] = {
    "held_at": LATER, "minutes": None, "headcount": 9, "headcount_is_lower_bound": False, "attendances": [],
    "opinions": [],
}  # fmt: skip


@dataclass
class Desk:
    """Where commands are given, each in a transaction of its own."""

    world: World
    actor: Actor = ACTOR
    clock: Clock = field(default_factory=SystemClock)

    async def do(self, command: Any, **values: Any) -> Any:
        async with self.world.db.write() as tx:
            return await command(Act(tx, self.actor, self.clock), **values)

    async def reply(self, event_type: str, verb: str, **data: str) -> bool:
        ((event_id,),) = await self.world.rows(f"SELECT id FROM event WHERE type = '{event_type}'")
        async with self.world.acting(Login.INTAKE) as db, db.write() as tx:
            reply = Reply(COURT, str(new_id()), event_id, verb, **data)  # type: ignore[arg-type]
            return await take_in(Act(tx, reply.sender, SystemClock()), reply)

    async def entries(self, columns: str = "act, actor_role, subject_kind, summary") -> list[tuple[Any, ...]]:
        return await self.world.rows(f"SELECT {columns} FROM trace_entry ORDER BY chain_id, sequence")


@pytest.fixture
def desk(world: World) -> Desk:
    return Desk(world)


async def proposed(desk: Desk) -> UUID:
    key: UUID = await desk.do(
        topics.propose_topic, platform_id=desk.world.topics[0].platform_id, title="林地", summary=None,
        kind=TopicKind.MICRO, category=Category.OTHER,
    )  # fmt: skip
    return key


async def test_every_act_of_a_topic_stands_in_its_trace(desk: Desk) -> None:
    platform = desk.world.topics[0].platform_id
    topic = await proposed(desk)
    of: dict[str, Any] = {"topic_id": topic}
    seen: dict[str, Any] = {**of, "expected_version": None}
    await desk.do(involvements.involve_department, **of, department=COURT, role=InvolvementRole.LEAD)
    await desk.do(topics.list_topic, **seen)
    await desk.do(involvements.involve_department, **of, department="qinshui-power", role=InvolvementRole.INFORMED)
    await desk.do(involvements.release_department, **of, department="qinshui-power", reason=None)
    first = await desk.do(schedule_session, platform_id=platform, topic_ids=[topic], **CALENDAR, **NOBODY)
    await desk.do(reschedule_session, session_id=first, postpone=True)
    await desk.do(reschedule_session, session_id=first, scheduled_at=LATER, venue=None)
    await desk.do(cancel_session, session_id=first, reason="下雨")
    second = await desk.do(schedule_session, platform_id=platform, topic_ids=[topic], **CALENDAR, **NOBODY)
    desk.clock = SetClock(LATER)
    await desk.do(record_session, session_id=second, **HELD)
    outcome = await desk.do(record_outcome, **seen, session_id=second, agreement="补植", reached_on=date(2097, 6, 1))
    await desk.do(assign_commitment, outcome_id=outcome, department=COURT, task="勘界", due_on=None)
    await desk.reply("commitment.assigned", "received")
    await desk.reply("commitment.assigned", "accepted")
    await desk.reply("commitment.assigned", "progress", note="在办")
    await desk.reply("commitment.assigned", "completed", evidence_url="https://example.org/1")
    await desk.do(
        resolution.resolve_topic, **seen, summary="已补植", evidence=[EvidenceGiven("https://example.org/2", "AB" * 32)]
    )
    await desk.do(topics.reopen_topic, **seen, reason="树苗枯死")
    await desk.do(withdraw_topic, **seen, reason="当事人和解")
    staff, department = "SECRETARIAT", "DEPARTMENT"
    assert await desk.entries() == [
        ("topic.proposed", staff, "topic", "提出议题:林地"),
        ("topic.involved", staff, "department", "确定责任单位:qinshui-court(主办)"),
        ("topic.listed", staff, "topic", "议题立项"),
        ("topic.involved", staff, "department", "确定责任单位:qinshui-power(知会)"),
        ("topic.released", staff, "department", "解除责任单位:qinshui-power"),
        ("topic.scheduled", staff, "session", "安排议事会:2097-05-01 09:00,协商议事室"),
        ("topic.postponed", staff, "session", "议事会延期,时间另定"),
        ("topic.rescheduled", staff, "session", "议事会改期:2097-06-01 09:00,协商议事室"),
        ("topic.cancelled", staff, "session", "取消议事会:2097-06-01 09:00,协商议事室"),
        ("topic.scheduled", staff, "session", "安排议事会:2097-05-01 09:00,协商议事室"),
        ("session.held", staff, "session", "召开议事会:2097-06-01 09:00,协商议事室"),
        ("outcome.recorded", staff, "outcome", "达成协商成果"),
        ("commitment.assigned", staff, "commitment", "交办落实事项:qinshui-court"),
        ("reply.received", department, "commitment", "qinshui-court已收到通知"),
        ("reply.accepted", department, "commitment", "qinshui-court已受理"),
        ("reply.progress", department, "commitment", "qinshui-court报告进展"),
        ("reply.completed", department, "commitment", "qinshui-court报告办理完毕"),
        ("topic.resolved", staff, "topic", "议题办结"),
        ("topic.reopened", staff, "topic", "重新办理议题"),
        ("topic.withdrawn", staff, "topic", "撤回议题"),
    ]
    actors = dict(await desk.entries("actor_role, actor"))
    assert actors == {staff: "secretariat", department: "department:qinshui-court"}
    assert [(row[0], row[1]) for row in await desk.entries("act, evidence") if row[1]] == [
        ("reply.completed", [{"url": "https://example.org/1", "sha256": None}]),
        ("topic.resolved", [{"url": "https://example.org/2", "sha256": "ab" * 32}]),
    ]


async def test_trace_names_the_role_in_which_somebody_acted(desk: Desk) -> None:
    desk.actor = Actor("wang", (Grant(Role.MEMBER, "14"), Grant(Role.SECRETARIAT, "1405"), Grant(Role.CADRE, "15")))
    await desk.do(topics.list_topic, topic_id=await proposed(desk), expected_version=None)
    assert await desk.entries("actor_role") == [("MEMBER",), ("SECRETARIAT",)]


async def test_reply_about_no_topic_and_one_that_was_taken_leave_no_entry(desk: Desk) -> None:
    await desk.world.announce(COURT)
    assert await desk.reply("topic.listed", "received")
    assert await desk.entries("act, subject_kind") == [("reply.received", "topic")]
    taken: Any = await desk.world.rows("SELECT event.id, message_id FROM event, inbox_message")
    ((event_id, message),) = taken
    async with desk.world.acting(Login.INTAKE) as db, db.write() as tx:
        again = Reply(COURT, message, event_id, "received")
        assert not await take_in(Act(tx, again.sender, SystemClock()), again)
    await desk.world.run("UPDATE event SET topic_id = NULL")
    assert await desk.reply("topic.listed", "accepted")
    assert len(await desk.entries()) == 1


async def test_refused_act_leaves_no_entry(desk: Desk) -> None:
    topic = desk.world.topics[0].id
    with pytest.raises(DomainError):
        await desk.do(resolution.resolve_topic, topic_id=topic, expected_version=None, summary="好", evidence=[])
    with pytest.raises(DomainError):
        await desk.do(topics.reopen_topic, topic_id=topic, expected_version=None, reason="好")
    with pytest.raises(DomainError):
        await desk.do(withdraw_topic, topic_id=topic, expected_version=7, reason="好")
    assert await desk.world.rows("SELECT count(*), (SELECT count(*) FROM trace_chain) FROM trace_entry") == [(0, 0)]


async def note(world: World, **of: Any) -> None:
    async with world.db.write() as tx:
        await record(Act(tx, ACTOR, SystemClock()), role=None, entry="test.done", summary="试", **of)


async def test_entries_of_two_writers_stand_one_after_the_other(world: World) -> None:
    first, second = [topic.id for topic in world.topics[:2]]
    await asyncio.gather(*(note(world, topic_id=one) for _ in range(8) for one in (first, second)))
    sequences = "SELECT topic_id, array_agg(sequence ORDER BY sequence) FROM trace_entry JOIN trace_chain "
    rows = await world.rows(f"{sequences} ON trace_chain.id = chain_id GROUP BY topic_id")
    assert dict(rows) == {one: [*range(1, 9)] for one in (first, second)}  # type: ignore[arg-type]
    linked = "SELECT last_sequence, last_hash = hash FROM trace_chain JOIN trace_entry ON chain_id = trace_chain.id"
    assert await world.rows(f"{linked} AND sequence = last_sequence") == [(8, True), (8, True)]
    broken = "SELECT count(*) FROM trace_entry AS this JOIN trace_entry AS last USING (chain_id)"
    same = "WHERE this.sequence = last.sequence + 1 AND this.previous_hash"
    assert await world.rows(f"{broken} {same} = last.hash") == [(14,)]
    assert await world.rows("SELECT DISTINCT actor, actor_role FROM trace_entry") == [("secretariat", "SYSTEM")]


async def test_first_entry_waits_for_who_holds_the_topic_and_lets_nobody_wait_meanwhile(world: World) -> None:
    topic = world.topics[0].id
    waiting = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"

    async def waits() -> bool:
        return await world.rows(waiting) == [(1,)]

    async with world.db.write() as tx:
        await lock_topic(tx, topic)
        other = asyncio.create_task(note(world, topic_id=topic))
        await until(waits)
        await record(Act(tx, ACTOR, SystemClock()), role=None, entry="test.first", summary="先", topic_id=topic)
    await other
    assert await world.rows("SELECT act FROM trace_entry ORDER BY sequence") == [("test.first",), ("test.done",)]


async def test_pruning_leaves_the_trace_alone(desk: Desk) -> None:
    await desk.do(topics.list_topic, topic_id=await proposed(desk), expected_version=None)
    async with desk.world.acting(Login.RELAY) as db:
        assert await prune(db, datetime.now(UTC) + timedelta(days=1)) == (0, 2)
    assert await desk.entries("act") == [("topic.proposed",), ("topic.listed",)]


async def test_chain_is_of_a_topic_or_of_a_matter_that_exists(world: World) -> None:
    with pytest.raises(NotFound):
        await note(world, topic_id=new_id())
    with pytest.raises(NotFound):
        await note(world, matter_id=new_id())
    matter = await world.raise_matter()
    for both in ({}, {"topic_id": world.topics[0].id, "matter_id": matter}):
        with pytest.raises(TypeError):
            await note(world, **both)
    assert await world.rows("SELECT count(*) FROM trace_chain") == [(0,)]
    await note(world, matter_id=matter)
    await note(world, matter_id=matter, subject=("matter", matter))
    assert await world.rows("SELECT matter_id, topic_id, last_sequence FROM trace_chain") == [(matter, None, 2)]


async def test_hash_is_that_of_the_documented_serialisation(world: World) -> None:
    topic = world.topics[0].id
    await note(world, topic_id=topic)
    await note(
        world, topic_id=topic, subject=("topic", topic), evidence=[EvidenceGiven("https://example.org/图", "0a" * 32)]
    )
    salts = "actor_salt, evidence_salt, summary_salt"
    columns = f"id::text, encode(previous_hash, 'hex'), encode(hash, 'hex'), at, {salts}"
    (first, second) = await world.rows(f"SELECT {columns} FROM trace_entry ORDER BY sequence")
    assert first[1] == "0" * 64
    assert second[1] == first[2]
    evidence = f'[{{"sha256":"{"0a" * 32}","url":"https://example.org/图"}}]'
    salted: Any = zip(second[4:], ("secretariat", evidence, "试"), strict=True)
    actor, evidence, summary = (hashlib.sha256(salt + words.encode()).hexdigest() for salt, words in salted)
    said = {
        "act": "test.done",
        "actor": actor,
        "actor_role": "SYSTEM",
        "at": second[3].strftime("%Y-%m-%dT%H:%M:%S.%fZ").replace(".000000", ""),  # type: ignore[attr-defined]
        "chain": f"topic_{topic}",
        "evidence": evidence,
        "form": 2,
        "id": second[0],
        "previous_hash": second[1],
        "sequence": 2,
        "subject": f"topic_{topic}",
        "summary": summary,
    }
    plain = json.dumps(said, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    assert second[2] == hashlib.sha256(plain.encode()).hexdigest()


@pytest.mark.parametrize(
    ("statement", "constraint"),
    [
        ("UPDATE trace_entry SET summary = '改'", "trace_is_append_only"),
        ("UPDATE trace_entry SET summary = summary", "trace_is_append_only"),
        ("DELETE FROM trace_entry", "trace_is_append_only"),
        ("TRUNCATE trace_entry", "trace_is_append_only"),
        ("DELETE FROM trace_chain", "trace_is_append_only"),
        ("TRUNCATE trace_chain, trace_entry", "trace_is_append_only"),
        ("UPDATE trace_chain SET last_sequence = 0", "trace_chain_goes_forward"),
        ("UPDATE trace_chain SET last_sequence = last_sequence + 2", "trace_chain_goes_forward"),
        ("UPDATE trace_chain SET last_hash = sha256('')", "trace_chain_goes_forward"),
        ("UPDATE trace_chain SET topic_id = NULL, matter_id = topic_id", "trace_chain_goes_forward"),
        ("UPDATE trace_chain SET id = topic_id, last_sequence = last_sequence + 1", "trace_chain_goes_forward"),
    ],
)
async def test_database_lets_nobody_change_the_trace(world: World, statement: str, constraint: str) -> None:
    await note(world, topic_id=world.topics[0].id)
    whole = "SELECT trace_entry::text, trace_chain::text FROM trace_entry, trace_chain"
    before = await world.rows(whole)
    with pytest.raises(ConstraintViolated) as refused:
        await world.run(statement)
    assert refused.value.constraint == constraint
    assert await world.rows(whole) == before
