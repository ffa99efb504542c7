"""Faults of the relay itself and of its ways to the servers."""

from collections.abc import Awaitable, Callable, Iterator
from typing import Any

from tests.faults.proxy import ANSWERED, SENT, Proxy
from tests.faults.schedule import Stage

TIMES = 8

Faults = Callable[[Stage], Awaitable[None]]


async def none(stage: Stage) -> None:
    """Nothing but the writers befalls three relays."""
    stage.fleet.start(3)
    await stage.traffic()


def deaths(*points: str, relays: int = 2, times: int = TIMES) -> Faults:
    """Relays that die at the points, one after the other, each after so many batches."""

    async def faults(stage: Stage) -> None:
        def drawn() -> Iterator[dict[str, Any]]:
            for number in range(times):
                after, delay_s = stage.rng.randint(3, 20), stage.rng.uniform(0, 0.004)
                yield {"at": points[number % len(points)], "after": after, "delay_s": delay_s}

        stage.fleet.start(relays, drawn())
        while sum(stage.injected.values()) < times:
            await stage.traffic(20, 20)

    return faults


async def kills_and_stops(stage: Stage) -> None:
    """Three relays, killed, asked to end, and stopped for less or longer than a claim is held."""
    stage.fleet.start(3)
    await stage.traffic()
    for _ in range(10):
        await strike(stage, stage.rng.randrange(3))
        await stage.traffic()


async def strike(stage: Stage, slot: int) -> None:
    """Kill, end or stop one relay."""
    match stage.rng.randrange(5):
        case 0 | 1:
            stage.fleet.kill(slot)
        case 2:
            stage.fleet.retire(slot)
        case _:
            stage.fleet.stop(slot)
            await stage.some_time(0.3, 6)
            stage.fleet.resume(slot)


def broker_cuts(times: int = TIMES) -> Faults:
    """Two relays whose way to the broker is cut again and again, between a publish and its confirm."""

    async def faults(stage: Stage) -> None:
        proxy = await broker_proxy(stage)
        stage.fleet.start(2)
        await stage.traffic()
        for _ in range(times):
            await cut(stage, proxy, "broker")
            await stage.traffic()

    return faults


async def broker_proxy(stage: Stage) -> Proxy:
    """Lead the relays to the broker by a proxy."""
    proxy = await stage.lasting.enter_async_context(Proxy(stage.fleet.amqp_url))
    stage.fleet.amqp_url = proxy.url
    return proxy


async def database_cuts(stage: Stage) -> None:
    """Two relays whose way to the database is cut again and again, also between a commit and its answer."""
    proxy = await stage.lasting.enter_async_context(Proxy(stage.fleet.database_url))
    stage.fleet.database_url = proxy.url
    stage.fleet.start(2)
    await stage.traffic()
    for _ in range(TIMES):
        await cut(stage, proxy, "database")
        await stage.traffic()


async def cut(stage: Stage, proxy: Proxy, server: str) -> None:
    """What is sent to a server, or what it answers, vanishes, and then the connections end."""
    direction = stage.rng.choice([SENT, ANSWERED])
    await proxy.cut_between(direction, patience_s=3)
    stage.injected[f"{server} cut, {direction} bytes lost"] += 1
