"""Faults of a department's consumers: it reads with the kit, in processes that die."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.events.tools import account
from tests.faults.department import Department, kill
from tests.faults.ledger import arrival
from tests.faults.queue_faults import replay_lately
from tests.faults.schedule import Stage

DEATHS = 8
PREFETCH = 10
CONSUMER = "consumer"
DIED, KILLED = "consumer died before its acknowledgement", "consumer killed"


def consumers_die(count: int, *, replays: bool = False) -> Callable[[Stage], Awaitable[None]]:
    """So many consumers of one inbox: the first is killed, or dies at the worst point, and another comes.

    Of several the broker lets one read, and another once that one is gone.
    """

    async def faults(stage: Stage) -> None:
        stage.fleet.start(2)
        code, department = await on_the_kit(stage)
        running = [await started(stage, department) for _ in range(count)]
        for left in reversed(range(DEATHS)):
            await stage.traffic()
            if replays:
                await replay_lately(stage, code)
                await stage.some_time(0, 0.5)
            await end(stage, running.pop(0))
            running.append(await started(stage, department, dies=left >= count))
        await stage.traffic()
        for process in running:
            await end(stage, process)
        note(stage, department, code)
        stage.readers.go_on(code)
        await stage.traffic()

    return faults


async def on_the_kit(stage: Stage) -> tuple[str, Department]:
    """Draw a department that from now on reads by consumers of the kit; return its code too."""
    code = stage.code()
    await stage.readers.hold(code)
    directory = Path(stage.lasting.enter_context(TemporaryDirectory()))
    return code, Department(await account(stage.place.broker, code), directory, prefetch=PREFETCH)


async def started(stage: Stage, department: Department, *, dies: bool = True) -> asyncio.subprocess.Process:
    """Start a consumer that may die by itself, between its store and the acknowledgement of an event."""
    dies_after = stage.rng.choice([0, stage.rng.randint(1, 15)]) if dies else 0
    return await stage.lasting.enter_async_context(department.consuming(CONSUMER, dies_after=dies_after))


async def end(stage: Stage, process: asyncio.subprocess.Process) -> None:
    """Kill a consumer, unless it has died."""
    stage.injected[KILLED if process.returncode is None else DIED] += 1
    await kill(process)


def note(stage: Stage, department: Department, code: str) -> None:
    """Note what the handler was given: again only what was in hand at a death, never what was in the store."""
    handled = [arrival(code, body) for body in department.handled(CONSUMER)]
    again = len(handled) - len({(one.event, one.replay) for one in handled})
    dropped = len(department.came(CONSUMER)) - len(handled)
    assert again <= stage.injected[KILLED]
    assert dropped >= stage.injected[DIED]
    stage.readers.arrivals += handled
