import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import httpx
import pytest
from structlog.testing import capture_logs

from events.names import inbox
from events.upkeep import keep_retention, keep_topology
from services.core.act import Act
from services.core.clock import SystemClock
from services.core.policy import Policy
from services.departments.commands import disable_channel, enable_channel, register_department
from services.departments.enums import DepartmentKind
from services.migrations.grants import Login
from services.notices.retention import prune
from services.notices.rules import NOT_REMINDED_OF
from tests.events.test_topology import names
from tests.events.tools import PATIENCE_S, delete_queue, relay, take, until
from tests.servers import LIMITS, BrokerAddress
from tests.world import ACTOR, World

COURT, POWER = "qinshui-court", "qinshui-power"
NOW = datetime(2026, 6, 1, tzinfo=UTC)


@asynccontextmanager
async def upkeep(world: World, amqp: BrokerAddress, every_s: float = 60.0) -> AsyncIterator[None]:
    """Keep the topology until the block ends; it must end by itself then."""
    stop = asyncio.Event()
    running = asyncio.create_task(
        keep_topology(
            world.db,
            database_url=world.url,
            amqp_url=amqp.url,
            api_url=amqp.api_url,
            limits=LIMITS,
            stop=stop,
            every_s=every_s,
        )
    )
    try:
        yield
    finally:
        stop.set()
        await asyncio.wait_for(running, PATIENCE_S)


async def has_queue(amqp: BrokerAddress, code: str) -> bool:
    return inbox(code) in await names(amqp, "queues")


async def register(world: World, code: str, *, enabled: bool = True) -> None:
    async with world.db.write() as tx:
        await register_department(
            Act(tx, ACTOR, SystemClock()), code=code, name="档案馆", kind=DepartmentKind.OTHER,
            division="140521", enabled=enabled,
        )  # fmt: skip


async def test_department_that_is_registered_later_gets_its_queues_at_once(world: World, amqp: BrokerAddress) -> None:
    async with upkeep(world, amqp), upkeep(world, amqp):
        await until(lambda: has_queue(amqp, POWER))
        await register(world, "qinshui-archive")
        await until(lambda: has_queue(amqp, "qinshui-archive"), 5)
        await register(world, "qinshui-museum", enabled=False)
        async with world.db.write() as tx:
            await enable_channel(Act(tx, ACTOR, SystemClock()), department="qinshui-museum")
        await until(lambda: has_queue(amqp, "qinshui-museum"), 5)


async def test_what_was_taken_away_by_hand_comes_back(world: World, amqp: BrokerAddress) -> None:
    async with upkeep(world, amqp, every_s=2):
        await until(lambda: has_queue(amqp, COURT))
        await delete_queue(amqp.url, inbox(COURT))
        await until(lambda: has_queue(amqp, COURT), 10)


async def test_failing_api_is_a_warning_without_its_password_and_a_retry(world: World, amqp: BrokerAddress) -> None:
    api_url = httpx.URL(amqp.api_url)
    wrong = str(api_url.copy_with(password=f"secret-{uuid4().hex}"))
    stop = asyncio.Event()
    with capture_logs() as logs:
        running = asyncio.create_task(
            keep_topology(world.db, database_url=world.url, amqp_url=amqp.url, api_url=wrong, limits=LIMITS, stop=stop)
        )
        await asyncio.sleep(3)
        stop.set()
        await asyncio.wait_for(running, PATIENCE_S)
    (entry,) = logs
    assert (entry["event"], entry["what"]) == ("unavailable", "topology")
    assert "401" in entry["error"]
    assert "secret-" not in str(entry)


async def test_notices_wait_while_a_channel_is_disabled_and_go_when_it_is_enabled(
    world: World, declared: BrokerAddress
) -> None:
    async with world.db.write() as tx:
        await disable_channel(Act(tx, ACTOR, SystemClock()), department=COURT)
    event = await world.announce(COURT, POWER)
    async with relay(world.db, world.url, declared.url):
        await take(declared.url, POWER, 1)
        await until(lambda: one_pending(world))
        async with world.db.write() as tx:
            await enable_channel(Act(tx, ACTOR, SystemClock()), department=COURT)
        assert [one["id"] for one in await take(declared.url, COURT, 1)] == [event]


async def one_pending(world: World) -> bool:
    return await world.rows("SELECT count(*) FROM delivery WHERE status = 'PENDING'") == [(1,)]


async def age(world: World, event: str, days: int, values: str) -> None:
    """Let an event have occurred that many days ago, and its notices have come to something the same day."""
    then = (NOW - timedelta(days=days)).isoformat()
    await world.run(f"UPDATE event SET occurred_at = '{then}' WHERE id = '{event}'")
    await world.run(f"UPDATE delivery SET {values.replace('THEN', repr(then))} WHERE event_id = '{event}'")


CONFIRMED = "status = 'CONFIRMED', confirmed_at = THEN"
SKIPPED = "status = 'SKIPPED', skipped_at = THEN, skip_reason = '重复'"
OLD = {
    "pending": ("status = 'PENDING'", True),
    "parked": ("status = 'PARKED'", True),
    "unanswered": (CONFIRMED, True),
    "accepted": (f"{CONFIRMED}, receipt = 'ACCEPTED', receipt_at = THEN", True),
    "in progress": (f"{CONFIRMED}, receipt = 'IN_PROGRESS', receipt_at = THEN", True),
    "confirmed lately": ("status = 'CONFIRMED', confirmed_at = now(), receipt = 'RECEIVED', receipt_at = now()", True),
    "skipped lately": ("status = 'SKIPPED', skipped_at = now(), skip_reason = '重复'", True),
    "received": (f"{CONFIRMED}, receipt = 'RECEIVED', receipt_at = THEN", False),
    "declined": (f"{CONFIRMED}, receipt = 'DECLINED', receipt_at = THEN", False),
    "completed": (f"{CONFIRMED}, receipt = 'COMPLETED', receipt_at = THEN", False),
    "skipped": (SKIPPED, False),
}


async def test_retention_takes_what_is_old_and_done_with(world: World) -> None:
    events = {}
    for name, (values, _kept) in OLD.items():
        events[name] = await world.announce(COURT, POWER)
        await age(world, events[name], 91, values)
    events["young"] = await world.announce(COURT)
    await age(world, events["young"], 89, SKIPPED)
    events["told nobody"] = await world.announce()
    await age(world, events["told nobody"], 91, "role = role")
    kept = [name for name, (_values, stays) in OLD.items() if stays] + ["young"]
    assert await pruned(world, NOW - timedelta(days=90), batch=3) == (8, 5)
    left = {str(row[0]) for row in await world.rows("SELECT id FROM event")}
    assert left == {events[name] for name in kept}
    assert await world.rows("SELECT count(*) FROM delivery") == [(2 * (len(kept) - 1) + 1,)]
    assert await pruned(world, NOW - timedelta(days=90)) == (0, 0)
    sequences = "SELECT last_sequence FROM lane JOIN department ON department.id = department_id WHERE code = "
    assert await world.rows(f"{sequences}'{COURT}'") == [(12,)]


async def pruned(world: World, before: datetime, **batch: int) -> tuple[int, int]:
    """Prune with a relay's rights."""
    async with world.acting(Login.RELAY) as db:
        return await prune(db, before, **batch)


@pytest.mark.parametrize("type_", sorted(NOT_REMINDED_OF))
async def test_notice_that_asks_for_no_answer_is_done_with_once_it_is_sent(world: World, type_: str) -> None:
    waiting, parked, sent, accepted, lately = [await world.announce(COURT) for _ in range(5)]
    await world.run(f"UPDATE event SET type = '{type_}'")
    for event, values in (
        (waiting, "status = 'PENDING'"),
        (parked, "status = 'PARKED'"),
        (sent, CONFIRMED),
        (accepted, OLD["accepted"][0]),
        (lately, "status = 'CONFIRMED', confirmed_at = now()"),
    ):
        await age(world, event, 91, values)
    assert await pruned(world, NOW - timedelta(days=90)) == (2, 2)
    assert {str(row[0]) for row in await world.rows("SELECT id FROM event")} == {waiting, parked, lately}


async def test_event_stays_while_one_department_is_not_done_with_it(world: World) -> None:
    event = await world.announce(COURT, POWER)
    await age(world, event, 91, SKIPPED)
    await world.run("UPDATE delivery SET status = 'PARKED', skipped_at = NULL, skip_reason = NULL WHERE id = "
                    "(SELECT id FROM delivery LIMIT 1)")  # fmt: skip
    assert await pruned(world, NOW - timedelta(days=90)) == (1, 0)
    assert await world.rows("SELECT status FROM delivery") == [("PARKED",)]


async def test_retention_is_kept_every_now_and_then(world: World) -> None:
    await age(world, await world.announce(COURT), 500, SKIPPED)
    stop = asyncio.Event()
    policy = Policy(retention_days=30)
    async with world.acting(Login.RELAY) as db:
        keeping = keep_retention(db, policy=policy, clock=SystemClock(), stop=stop, every_s=0.2)
        running = asyncio.create_task(keeping)
        await until(lambda: emptied(world))
        stop.set()
        await asyncio.wait_for(running, PATIENCE_S)


async def emptied(world: World) -> bool:
    return await world.rows("SELECT count(*) FROM event") == [(0,)]
