"""Faults of single queues, and what operators do about rows that do not go."""

from contextlib import suppress
from datetime import timedelta
from uuid import UUID

import aio_pika

from events.names import EVENTS, inbox
from services.core.act import Act
from services.core.clock import SystemClock
from services.core.errors import Unavailable
from services.notices.commands import replay_notices, retry_notice, skip_notice
from services.notices.errors import NothingToReplay
from tests.events.tools import clear_policy, declare, delete_queue, set_policy, until
from tests.faults.schedule import TOPICS, Stage
from tests.world import ACTOR

PASSED = """
SELECT count(*) FROM delivery AS later JOIN delivery AS held ON later.lane_id = held.lane_id
WHERE held.id = '{notice}' AND later.sequence > held.sequence AND later.status <> 'PENDING'
"""
HEAL = "UPDATE event SET traceparent = NULL WHERE id = (SELECT event_id FROM delivery WHERE id = '{notice}')"


async def binding_missing(stage: Stage) -> None:
    """The way from the exchange to a department's queue is gone for a while, under two relays."""
    stage.fleet.start(2)
    for _ in range(2):
        await stage.traffic()
        code = stage.code()
        await unbind(stage, code)
        stage.injected["binding missing"] += 1
        await paused(stage, code)
        await stage.traffic()
        await declare(stage.world.db, stage.place.broker)
    await stage.traffic()


async def unbind(stage: Stage, code: str) -> None:
    """Take the binding of a department away."""
    connection = await aio_pika.connect(stage.place.broker.url)
    async with connection:
        channel = await connection.channel()
        await (await channel.get_queue(inbox(code))).unbind(EVENTS, f"{code}.#")


async def queue_full(stage: Stage) -> None:
    """A department does not read, its queue refuses what is more than a few, and later it reads again."""
    stage.fleet.start(2)
    for _ in range(2):
        await stage.traffic()
        code = stage.code()
        await stage.readers.hold(code)
        await set_policy(
            stage.place.broker, inbox(code),
            **{"overflow": "reject-publish", "max-length": 5, "delivery-limit": 20},
        )  # fmt: skip
        stage.injected["queue full"] += 1
        await paused(stage, code)
        await stage.traffic()
        await clear_policy(stage.place.broker)
        stage.readers.go_on(code)
    await stage.traffic()


async def queue_deleted(stage: Stage) -> None:
    """A department's queue is deleted with what is in it; an operator replays, then the queue is made again.

    With one relay: once it has found the queue missing, nothing that it published before is still to be written.
    """
    stage.fleet.start(1)
    await stage.traffic()
    code = stage.code()
    await delete_queue(stage.place.broker.url, inbox(code))
    stage.injected["queue deleted"] += 1
    await paused(stage, code)
    await stage.traffic()
    async with stage.world.db.write() as tx:
        await replay_notices(Act(tx, ACTOR, SystemClock()), department=code)
    stage.injected["replay"] += 1
    await declare(stage.world.db, stage.place.broker)
    await stage.traffic()


async def paused(stage: Stage, code: str) -> None:
    """Return when the relay leaves a department alone."""
    statement = (
        "SELECT 1 FROM department_channel JOIN department ON department.id = department_id "
        f"WHERE code = '{code}' AND paused_until > now()"
    )

    async def left_alone() -> bool:
        return bool(await stage.world.rows(statement))

    await until(left_alone)


async def poison(stage: Stage) -> None:
    """A message that the broker cannot take, among hundreds: parked, and only its lane waits, for an operator."""
    stage.fleet.start(2)
    remedies = [skipped, healed, retried_in_vain]
    stage.rng.shuffle(remedies)
    for remedy in remedies:
        await stage.traffic()
        event = await stage.world.announce(stage.code(), topic=stage.rng.randrange(TOPICS), poison=True)
        stage.injected["poison"] += 1
        notice = await parked(stage, event)
        await stage.traffic()
        assert await stage.world.rows(PASSED.format(notice=notice)) == [(0,)]
        await remedy(stage, notice)
    await stage.traffic()


async def parked(stage: Stage, event: str) -> UUID:
    """Return the notice of an event when it is parked."""
    statement = f"SELECT id FROM delivery WHERE status = 'PARKED' AND event_id = '{event}'"

    async def found() -> bool:
        return bool(await stage.world.rows(statement))

    await until(found)
    ((notice,),) = await stage.world.rows(statement)
    return UUID(str(notice))


async def skipped(stage: Stage, notice: UUID) -> None:
    """The lane goes on without it."""
    async with stage.world.db.write() as tx:
        await skip_notice(Act(tx, ACTOR, SystemClock()), notice_id=notice, reason="无法发送")
    stage.injected["skipped"] += 1


async def healed(stage: Stage, notice: UUID) -> None:
    """What was wrong is put right, and it is sent."""
    await stage.world.run(HEAL.format(notice=notice))
    await retried(stage, notice)


async def retried(stage: Stage, notice: UUID) -> None:
    """It is tried once more."""
    async with stage.world.db.write() as tx:
        await retry_notice(Act(tx, ACTOR, SystemClock()), notice_id=notice)
    stage.injected["retried"] += 1


async def retried_in_vain(stage: Stage, notice: UUID) -> None:
    """It is parked again, and skipped then."""
    await retried(stage, notice)
    ((event,),) = await stage.world.rows(f"SELECT event_id FROM delivery WHERE id = '{notice}'")
    await skipped(stage, await parked(stage, str(event)))


async def replayed(stage: Stage) -> None:
    """Operators have what was just delivered sent again, department by department, while relays are killed."""
    stage.fleet.start(2)
    for _ in range(8):
        await stage.traffic()
        await replay_lately(stage, stage.code())
        if stage.rng.random() < 0.5:
            await stage.some_time(0, 0.3)
            stage.fleet.kill(stage.rng.randrange(2))
    await stage.traffic()


async def replay_lately(stage: Stage, code: str) -> None:
    """An operator has what was just delivered to a department sent again."""
    since = SystemClock().now() - timedelta(seconds=stage.rng.uniform(0.5, 3))
    with suppress(Unavailable, NothingToReplay):  # relays hold some of it, or nothing was delivered
        async with stage.world.db.write() as tx:
            await replay_notices(Act(tx, ACTOR, SystemClock()), department=code, since=since)
        stage.injected["replay"] += 1
