"""Lead departments hear of sessions without minutes, by the relay's upkeep."""

import asyncio
from datetime import UTC, datetime

import pytest

from events.metrics import RelayMetrics
from events.upkeep import keep_deadlines
from services.core.act import Act
from services.core.actor import Actor
from services.core.clock import SystemClock
from services.core.policy import Policy
from services.departments.commands import disable_channel, enable_channel
from services.migrations.grants import Login
from services.sessions.deadlines import tell_overdue
from services.topics.records import lock_topic
from tests.events.test_deadlines import Noon
from tests.events.tools import PATIENCE_S, until
from tests.servers import open_as
from tests.world import ACTOR, World

COURT, FORESTRY, POWER = "qinshui-court", "qinshui-forestry", "qinshui-power"
HELD_AT = datetime(2026, 6, 10, 1, tzinfo=UTC)
TOLD = """
SELECT department.code, topic.number, (event.data ->> 'held_at')::timestamptz, event.actor
FROM delivery JOIN event ON event.id = delivery.event_id JOIN department ON department.id = delivery.department_id
JOIN topic ON topic.id = event.topic_id
WHERE event.type = 'session.overdue' ORDER BY event.id
"""
BY = "system:deadlines"


async def held(world: World, *leads: str, minutes: str | None = None) -> None:
    """Have a session held on as many topics as there are leads; forestry only supports each."""
    written = "NULL" if minutes is None else f"'{minutes}'"
    platform, place = world.topics[0].platform_id, world.topics[0].division_number
    ((session,),) = await world.rows(
        "INSERT INTO session (id, platform_id, division_number, status, scheduled_at, held_at, venue, form, "
        f"headcount_is_lower_bound, minutes) VALUES (gen_random_uuid(), '{platform}', {place}, 'HELD', '{HELD_AT}', "
        f"'{HELD_AT}', '议事室', 'ON_SITE', false, {written}) RETURNING id"
    )
    for position, (topic, lead) in enumerate(zip(world.topics, leads, strict=False), start=1):
        await world.run(f"INSERT INTO session_topic VALUES ('{session}', '{topic.id}', {position})")
        for code, role in ((lead, "LEAD"), (FORESTRY, "SUPPORT")):
            await world.run(
                "INSERT INTO involvement (id, topic_id, department_id, role, since) SELECT gen_random_uuid(), "
                f"'{topic.id}', id, '{role}', now() FROM department WHERE code = '{code}'"
            )


async def told_on(world: World, day: int, days: int = 7) -> int:
    async with world.acting(Login.RELAY) as db, db.write() as tx:
        return await tell_overdue(Act(tx, Actor.system("deadlines"), Noon(day), Policy(minutes_days=days)))


async def test_lead_of_each_topic_is_told_once(world: World) -> None:
    await held(world, COURT, POWER)
    assert [await told_on(world, day) for day in (16, 17, 18, 19, 30)] == [0, 0, 2, 0, 0]
    first, second = (topic.number for topic in world.topics[:2])
    assert sorted(await world.rows(TOLD)) == [(COURT, first, HELD_AT, BY), (POWER, second, HELD_AT, BY)]


async def test_days_are_those_of_the_setting(world: World) -> None:
    await held(world, COURT)
    assert [await told_on(world, day, days=1) for day in (11, 12)] == [0, 1]


@pytest.mark.parametrize("minutes", [None, "会议记录"])
async def test_session_with_minutes_is_not_told(world: World, minutes: str | None) -> None:
    await held(world, COURT, minutes=minutes)
    assert await told_on(world, 25) == (minutes is None)


@pytest.mark.parametrize(
    ("status", "told"), [("DELIBERATED", 1), ("IMPLEMENTING", 1), ("RESOLVED", 0), ("WITHDRAWN", 0)]
)
async def test_only_open_topics_are_told_of(world: World, status: str, told: int) -> None:
    await held(world, COURT)
    ended = {"RESOLVED": ", resolved_at = now(), resolution = '已补植'", "WITHDRAWN": ", withdrawn_at = now()"}
    await world.run(f"UPDATE topic SET status = '{status}'{ended.get(status, '')}")
    assert await told_on(world, 25) == told


async def test_department_hears_of_it_when_its_channel_is_enabled(world: World) -> None:
    await held(world, COURT)
    async with world.db.write() as tx:
        await disable_channel(Act(tx, ACTOR, Noon(1)), department=COURT)
    assert await told_on(world, 20) == 0
    async with world.db.write() as tx:
        await enable_channel(Act(tx, ACTOR, Noon(1)), department=COURT)
    assert await told_on(world, 21) == 1


async def test_what_nobody_noticed_for_long_is_not_told(world: World) -> None:
    await held(world, COURT)
    await world.run("UPDATE session SET held_at = held_at - interval '60 days'")
    assert await told_on(world, 18) == 0
    assert await told_on(world, 17) == 1


async def test_topic_that_a_command_holds_is_left_for_the_next_time(world: World) -> None:
    await held(world, COURT, POWER)
    async with world.db.write() as tx:
        await lock_topic(tx, world.topics[0].id)
        assert await told_on(world, 20) == 1
    assert await told_on(world, 20) == 1
    assert len(await world.rows(TOLD)) == 2


async def test_two_relays_at_once_tell_it_once(world: World) -> None:
    await held(world, COURT, POWER, COURT)
    assert sum(await asyncio.gather(*(told_on(world, 20) for _ in range(4)))) == 3
    assert len(await world.rows(TOLD)) == 3


async def test_upkeep_tells_and_counts(world: World) -> None:
    await held(world, COURT, POWER)
    stop, metrics = asyncio.Event(), RelayMetrics()

    async def counted() -> bool:
        return metrics.registry.get_sample_value("shangliang_sessions_overdue_total") == 2

    async with world.acting(Login.RELAY) as db:
        upkeep = keep_deadlines(db, policy=Policy(), clock=Noon(20), metrics=metrics, stop=stop, every_s=0.1)
        running = asyncio.create_task(upkeep)
        await until(counted)
        stop.set()
        await asyncio.wait_for(running, PATIENCE_S)


async def test_nobody_is_told_of_the_demonstration(writable_seeded_url: str) -> None:
    db = await open_as(writable_seeded_url, Login.RELAY)
    async with db.write() as tx:
        assert await tell_overdue(Act(tx, Actor.system("deadlines"), SystemClock(), Policy(minutes_days=7))) == 0
    await db.close()
