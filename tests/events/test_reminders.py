import asyncio
from datetime import timedelta

from structlog.testing import capture_logs

from events.metrics import RelayMetrics
from events.upkeep import keep_reminders
from services.core.act import Act
from services.core.actor import Actor
from services.core.clock import SystemClock
from services.core.policy import Policy
from services.migrations.grants import Login
from services.notices.reminders import alert, remind
from tests.events.tools import PATIENCE_S, until
from tests.world import World

COURT, POWER = "qinshui-court", "qinshui-power"
REMINDERS = """
SELECT event.data ->> 'event_id', event.data ->> 'event_type', event.data ->> 'topic_number', department.code
FROM delivery JOIN event ON event.id = delivery.event_id JOIN department ON department.id = delivery.department_id
WHERE event.type = 'notice.reminder' ORDER BY event.id
"""


async def confirmed(world: World, event_id: str, hours: int, also: str = "") -> None:
    """Let the broker have taken an event's notices that long ago."""
    await world.run(
        f"UPDATE delivery SET status = 'CONFIRMED', confirmed_at = now() - interval '{hours} hours' {also} "
        f"WHERE event_id = '{event_id}'"
    )


async def looked(world: World, **hours: int) -> tuple[int, int]:
    """Remind and alert once; return of how many notices."""
    async with world.acting(Login.RELAY) as db, db.write() as tx:
        act = Act(tx, Actor.system("reminders"), SystemClock(), Policy(receipt_hours=hours))
        alerted = await alert(act)
        return len(await remind(act)), len(alerted)


async def test_department_is_reminded_once_of_what_it_did_not_answer_in_time(world: World) -> None:
    late, young = await world.announce(COURT), await world.announce(COURT, topic=1)
    answered, disabled = await world.announce(COURT, topic=2), await world.announce(POWER)
    await world.announce(COURT)  # waits still
    await confirmed(world, late, 73)
    await confirmed(world, young, 71)
    await confirmed(world, answered, 100, ", receipt = 'RECEIVED', receipt_at = now()")
    await confirmed(world, disabled, 100)
    await world.run(
        "UPDATE department_channel SET enabled = false FROM department "
        f"WHERE department.id = department_id AND code = '{POWER}'"
    )
    assert await looked(world) == (1, 0)
    assert await looked(world) == (0, 0)
    assert await world.rows(REMINDERS) == [(late, "topic.listed", world.topics[0].number, COURT)]


async def test_hours_are_those_of_the_type(world: World) -> None:
    event_id = await world.announce(COURT)
    await confirmed(world, event_id, 25)
    assert await looked(world) == (0, 0)
    await world.run("UPDATE event SET type = 'topic.scheduled'")
    assert await looked(world, **{"topic.scheduled": 26}) == (0, 0)
    assert await looked(world) == (1, 0)


async def test_operators_are_told_once_when_the_reminder_was_not_answered_either(world: World) -> None:
    event_id = await world.announce(COURT)
    await confirmed(world, event_id, 200)
    assert await looked(world) == (1, 0)
    await world.run("UPDATE delivery SET reminded_at = now() - interval '71 hours' WHERE reminded_at IS NOT NULL")
    assert await looked(world) == (0, 0)
    await world.run("UPDATE delivery SET reminded_at = now() - interval '73 hours' WHERE reminded_at IS NOT NULL")
    assert await looked(world) == (0, 1)
    assert await looked(world) == (0, 0)


async def test_nobody_is_reminded_of_a_reminder(world: World) -> None:
    await confirmed(world, await world.announce(COURT), 100)
    assert await looked(world) == (1, 0)
    ((reminder,),) = await world.rows("SELECT id::text FROM event WHERE type = 'notice.reminder'")
    await confirmed(world, str(reminder), 1000)
    assert await looked(world) == (0, 0)


async def test_relay_reminds_alerts_and_counts(world: World) -> None:
    late, hopeless = await world.announce(COURT), await world.announce(COURT, topic=1)
    ago = SystemClock().now() - timedelta(hours=73)
    await confirmed(world, late, 73)
    await confirmed(world, hopeless, 200, f", reminded_at = '{ago.isoformat()}'")
    stop, metrics = asyncio.Event(), RelayMetrics()

    async def counted() -> bool:
        names = ("shangliang_reminders_total", "shangliang_unanswered_total")
        return [metrics.registry.get_sample_value(name) for name in names] == [1, 1]

    async with world.acting(Login.RELAY) as db:
        with capture_logs() as logs:
            running = asyncio.create_task(
                keep_reminders(db, policy=Policy(), clock=SystemClock(), metrics=metrics, stop=stop, every_s=0.1)
            )
            await until(counted)
            stop.set()
            await asyncio.wait_for(running, PATIENCE_S)
    ((notice,),) = await world.rows(f"SELECT id::text FROM delivery WHERE event_id = '{hopeless}'")
    assert logs == [
        {"event": "not answered", "log_level": "error", "department": COURT, "notice": notice, "type": "topic.listed"}
    ]
