"""Faults of the broker and of the database themselves."""

import asyncio
from collections.abc import Awaitable, Callable
from functools import partial

from tests.faults.alarm import ENOUGH
from tests.faults.ground import Ground
from tests.faults.relay_faults import broker_proxy, cut, strike
from tests.faults.schedule import Stage

TERMINATE = """
SELECT pg_terminate_backend(pid) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'
  AND hashtext(pid::text || '{salt}') % 2 = 0
"""
TOO_LITTLE = "1"


def servers(stage: Stage) -> Ground:
    """Return the schedule's servers, to be killed."""
    assert stage.place.servers is not None
    return stage.place.servers


async def broker_killed(stage: Stage) -> None:
    """The broker dies twice under two relays."""
    stage.fleet.start(2)
    for _ in range(2):
        await stage.traffic(500, 900)
        await kill_broker(stage)
    await stage.traffic()


async def kill_broker(stage: Stage) -> None:
    """The broker dies and is back after a while."""
    await servers(stage).kill_broker()
    stage.injected["broker killed"] += 1
    await stage.some_time(0, 2)
    await servers(stage).start_broker()


async def broker_stopped(stage: Stage) -> None:
    """The broker is restarted in order under two relays."""
    stage.fleet.start(2)
    await stage.traffic(500, 900)
    await servers(stage).stop_broker()
    stage.injected["broker stopped"] += 1
    await stage.some_time(0, 2)
    await servers(stage).start_broker()
    await stage.traffic()


async def broker_down_at_start(stage: Stage) -> None:
    """Relays start while there is no broker, and one of them is killed then."""
    await servers(stage).stop_broker()
    stage.injected["broker down at the start"] += 1
    stage.fleet.start(2)
    await stage.some_time(2, 4)
    stage.fleet.kill(0)
    await stage.some_time(0, 2)
    await servers(stage).start_broker()
    await stage.traffic()


async def database_killed(stage: Stage) -> None:
    """The database dies three times under two relays and all writers."""
    stage.fleet.start(2)
    for _ in range(3):
        await stage.traffic(300, 600)
        await kill_database(stage)
    await stage.traffic()


async def kill_database(stage: Stage) -> None:
    """The database dies and is back at once."""
    await servers(stage).kill_database()
    stage.injected["database killed"] += 1


async def sessions_terminated(stage: Stage) -> None:
    """About half of the database's sessions, of relays and of writers, end by an administrator's word."""
    stage.fleet.start(2)
    for _ in range(8):
        await stage.traffic()
        await terminate(stage)
    await stage.traffic()


async def terminate(stage: Stage) -> None:
    """End about half of the database's sessions."""
    await stage.world.run(TERMINATE.format(salt=stage.rng.random()))
    stage.injected["sessions terminated"] += 1


async def memory_alarm(stage: Stage) -> None:
    """The broker stops reading from its publishers, twice, for less or longer than a confirm is waited for."""
    stage.fleet.start(2)
    for _ in range(2):
        await stage.traffic(300, 600)
        await raise_alarm(stage)
    await stage.traffic()


async def raise_alarm(stage: Stage) -> None:
    """The broker is out of memory for a while."""
    await servers(stage).limit_memory(TOO_LITTLE)
    stage.injected["memory alarm"] += 1
    await stage.some_time(0, 6)
    await servers(stage).limit_memory(ENOUGH)


async def all_at_once(stage: Stage) -> None:
    """In a drawn order, each fault of a server or of the way to it falls together with one of a relay."""
    proxy = await broker_proxy(stage)
    stage.fleet.start(3)
    await stage.traffic()
    afflictions: list[Callable[[], Awaitable[None]]] = [
        partial(kill_broker, stage),
        partial(kill_database, stage),
        partial(raise_alarm, stage),
        *[partial(terminate, stage)] * 2,
        *[partial(cut, stage, proxy, "broker")] * 3,
    ]
    stage.rng.shuffle(afflictions)
    for affliction in afflictions:
        await asyncio.gather(affliction(), strike(stage, stage.rng.randrange(3)))
        await stage.traffic()
