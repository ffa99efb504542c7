import asyncio
from datetime import UTC, date, datetime
from typing import Any

import pytest
from sqlalchemy import text

from events.metrics import RelayMetrics
from events.upkeep import keep_deadlines
from services.core.act import Act
from services.core.actor import Actor
from services.core.clock import SystemClock
from services.core.policy import Policy
from services.departments.commands import disable_channel, enable_channel
from services.migrations.grants import Login
from services.outcomes.commands import assign_commitment, record_outcome
from services.outcomes.deadlines import tell_due
from services.outcomes.resolution import LeftOpen, resolve_topic
from services.outcomes.withdrawal import withdraw_topic
from services.topics.commands import reopen_topic
from services.topics.evidence import EvidenceGiven
from services.topics.records import lock_topic
from tests.events.tools import PATIENCE_S, relay, take, until
from tests.servers import BrokerAddress, open_as
from tests.world import ACTOR, World

COURT, POWER = "qinshui-court", "qinshui-power"
DUE = date(2026, 6, 10)
TOLD = """
SELECT department.code, event.data ->> 'task', event.data ->> 'due_on', event.data -> 'overdue', event.actor
FROM delivery JOIN event ON event.id = delivery.event_id JOIN department ON department.id = delivery.department_id
WHERE event.type = 'commitment.due' ORDER BY event.id
"""
BY = "system:deadlines"


class Noon:
    """Noon in China of a day of June 2026."""

    def __init__(self, day: int) -> None:
        self._now = datetime(2026, 6, day, 4, tzinfo=UTC)

    def now(self) -> datetime:
        return self._now


OF_TOPIC = text("SELECT id FROM commitment WHERE topic_id = :topic")


async def assign(world: World, *codes: str, topic: int = 0, due_on: date | None = DUE) -> None:
    """Let an outcome of a topic have a commitment of each department."""
    await world.run(f"UPDATE topic SET status = 'DELIBERATED' WHERE id = '{world.topics[topic].id}'")
    facts: dict[str, Any] = {"session_id": None, "agreement": "补植", "reached_on": None, "expected_version": None}
    async with world.db.write() as tx:
        outcome = await record_outcome(Act(tx, ACTOR, Noon(1)), topic_id=world.topics[topic].id, **facts)
        for code in codes:
            await assign_commitment(
                Act(tx, ACTOR, Noon(1)),
                outcome_id=outcome,
                department=code,
                task="勘界",
                due_on=due_on,
            )


async def told_on(world: World, day: int, days: int = 7) -> int:
    async with world.acting(Login.RELAY) as db, db.write() as tx:
        return await tell_due(Act(tx, Actor.system("deadlines"), Noon(day), Policy(due_days=days)))


async def test_department_is_told_once_before_the_day_and_once_after_it(world: World) -> None:
    await assign(world, COURT)
    assert [await told_on(world, day) for day in (1, 2)] == [0, 0]
    assert [await told_on(world, day) for day in (3, 3, 9, 10)] == [1, 0, 0, 0]
    assert [await told_on(world, day) for day in (11, 11, 30)] == [1, 0, 0]
    due = DUE.isoformat()
    assert await world.rows(TOLD) == [(COURT, "勘界", due, False, BY), (COURT, "勘界", due, True, BY)]


async def test_days_are_those_of_the_setting(world: World) -> None:
    await assign(world, COURT)
    assert await told_on(world, 9, days=0) == 0
    assert await told_on(world, 10, days=0) == 1


async def test_department_that_was_not_told_in_time_is_told_only_that_it_is_late(world: World) -> None:
    await assign(world, COURT, POWER)
    assert [await told_on(world, 12), await told_on(world, 12)] == [2, 0]
    assert {row[3] for row in await world.rows(TOLD)} == {True}


async def test_another_due_date_is_told_anew(world: World) -> None:
    await assign(world, COURT)
    assert [await told_on(world, 3), await told_on(world, 11)] == [1, 1]
    await world.run("UPDATE commitment SET due_on = '2026-06-20'")
    assert [await told_on(world, day) for day in (12, 13, 20, 21, 22)] == [0, 1, 0, 1, 0]
    await world.run("UPDATE commitment SET due_on = NULL")
    assert await told_on(world, 30) == 0


@pytest.mark.parametrize(
    ("status", "told"),
    [("ACCEPTED", 1), ("IN_PROGRESS", 1), ("DISPUTED", 1), ("DECLINED", 0), ("DONE", 0), ("VERIFIED", 0)],
)
async def test_only_what_is_still_to_be_done_is_told(world: World, status: str, told: int) -> None:
    await assign(world, COURT)
    await world.run(f"UPDATE commitment SET status = '{status}'")
    assert await told_on(world, 12) == told


async def test_nobody_is_told_while_the_topic_is_resolved_or_withdrawn(world: World) -> None:
    await assign(world, COURT)
    await assign(world, COURT, topic=1)
    resolved, withdrawn = (topic.id for topic in world.topics[:2])
    async with world.db.write() as tx:
        proof = [EvidenceGiven("https://example.org/1.jpg")]
        left_open = [LeftOpen(await tx.scalar(OF_TOPIC, {"topic": resolved}), "勘界排期在下月")]
        facts: dict[str, Any] = {"summary": "已补植", "evidence": proof, "expected_version": None}
        await resolve_topic(Act(tx, ACTOR, Noon(1)), **facts, topic_id=resolved, left_open=left_open)
        await withdraw_topic(Act(tx, ACTOR, Noon(1)), topic_id=withdrawn, reason="已和解", expected_version=None)
    assert await told_on(world, 12) == 0
    async with world.db.write() as tx:
        await reopen_topic(Act(tx, ACTOR, Noon(1)), topic_id=resolved, reason="补偿未到位", expected_version=None)
    assert await told_on(world, 12) == 1


async def test_department_hears_of_it_when_its_channel_is_enabled(world: World) -> None:
    await assign(world, COURT)
    async with world.db.write() as tx:
        await disable_channel(Act(tx, ACTOR, Noon(1)), department=COURT)
    assert [await told_on(world, day) for day in (5, 12)] == [0, 0]
    async with world.db.write() as tx:
        await enable_channel(Act(tx, ACTOR, Noon(1)), department=COURT)
    assert await told_on(world, 13) == 1


async def test_two_relays_at_once_tell_it_once(world: World) -> None:
    for topic in range(3):
        await assign(world, COURT, POWER, topic=topic)
    async with world.acting(Login.RELAY) as db, db.write() as tx:
        assert await tell_due(Act(tx, Actor.system("deadlines"), Noon(5), Policy(due_days=7))) == 6
        assert await told_on(world, 5) == 0  # at once: what another holds is left to it
    assert await told_on(world, 5) == 0
    counts = await asyncio.gather(*(told_on(world, 12) for _ in range(4)))
    assert sum(counts) == 6
    assert len(await world.rows(TOLD)) == 12


async def test_topic_that_a_command_holds_is_left_for_the_next_time(world: World) -> None:
    await assign(world, COURT)
    await assign(world, COURT, topic=1)
    async with world.db.write() as tx:
        await lock_topic(tx, world.topics[0].id)
        assert await told_on(world, 5) == 1
    assert await told_on(world, 5) == 1


async def test_relay_tells_and_counts(world: World, declared: BrokerAddress) -> None:
    await assign(world, COURT, POWER)
    await assign(world, COURT, topic=1, due_on=None)
    stop, metrics = asyncio.Event(), RelayMetrics()

    async def counted() -> bool:
        return metrics.registry.get_sample_value("shangliang_commitments_due_total") == 2

    async with relay(world.db, world.url, declared.url), world.acting(Login.RELAY) as db:
        running = asyncio.create_task(
            keep_deadlines(db, policy=Policy(), clock=Noon(5), metrics=metrics, stop=stop, every_s=0.1)
        )
        await until(counted)
        stop.set()
        await asyncio.wait_for(running, PATIENCE_S)
        assigned, due = await take(declared.url, POWER, 2)
    assert [assigned["type"], due["type"]] == [f"cn.shangliang.commitment.{end}.v1" for end in ("assigned", "due")]
    assert due["data"]["commitment_id"] == assigned["data"]["commitment_id"]
    assert due["sequence"] > assigned["sequence"]


async def test_nobody_is_told_of_the_demonstration(writable_seeded_url: str) -> None:
    db = await open_as(writable_seeded_url, Login.RELAY)
    async with db.write() as tx:
        assert await tell_due(Act(tx, Actor.system("deadlines"), SystemClock(), Policy(due_days=365))) == 0
    await db.close()
