"""Faults of the relay itself and of its ways to the servers."""

from collections.abc import Awaitable, Callable, Iterator
from typing import Any

from tests.faults.proxy import ANSWERED, SENT, Proxy
from tests.faults.schedule import Stage

DEATHS = 8
CUTS = 8


async def calm(stage: Stage) -> None:
    """Nothing but slow writers and writers that fail."""
    stage.fleet.start(3)
    await stage.traffic()


def deaths(*points: str) -> Callable[[Stage], Awaitable[None]]:
    """Relays that die at one of the points, each after so many batches."""

    async def faults(stage: Stage) -> None:
        def drawn() -> Iterator[dict[str, Any]]:
            for number in range(DEATHS):
                after, delay_s = stage.rng.randint(3, 20), stage.rng.uniform(0, 0.004)
                yield {"at": points[number % len(points)], "after": after, "delay_s": delay_s}

        stage.fleet.start(1 if len(points) == 1 else 2, drawn())
        while sum(stage.injected.values()) < DEATHS:
            await stage.traffic(20, 20)

    return faults


async def kills_and_stops(stage: Stage) -> None:
    """Three relays, killed, asked to end, and stopped for less or longer than a claim is held."""
    stage.fleet.start(3)
    await stage.traffic()
    for _ in range(10):
        slot = stage.rng.randrange(3)
        match stage.rng.randrange(5):
            case 0 | 1:
                stage.fleet.kill(slot)
            case 2:
                stage.fleet.retire(slot)
            case _:
                stage.fleet.stop(slot)
                await stage.some_time(0.3, 6)
                stage.fleet.resume(slot)
        await stage.traffic()


async def broker_cuts(stage: Stage) -> None:
    """The broker's answers, or what is sent to it, vanish between a publish and its confirm; then the connection."""
    proxy = await stage.lasting.enter_async_context(Proxy(stage.fleet.amqp_url))
    stage.fleet.amqp_url = proxy.url
    await cuts(stage, proxy, "broker")


async def database_cuts(stage: Stage) -> None:
    """The database's answers, also the one to a commit, or what is sent to it vanish; then the connections."""
    proxy = await stage.lasting.enter_async_context(Proxy(stage.fleet.database_url))
    stage.fleet.database_url = proxy.url
    await cuts(stage, proxy, "database")


async def cuts(stage: Stage, proxy: Proxy, server: str) -> None:
    """Two relays whose way to a server is cut again and again."""
    stage.fleet.start(2)
    await stage.traffic()
    for _ in range(CUTS):
        direction = stage.rng.choice([SENT, ANSWERED])
        await proxy.cut_between(direction, patience_s=3)
        stage.injected[f"{server} cut, {direction} bytes lost"] += 1
        await stage.traffic()
