"""One schedule: writers write, relays relay, departments read, faults fall; then all is drained and judged."""

import asyncio
import random
import time
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from services.core.ids import node_id
from tests.events.tools import declare, until
from tests.faults.fleet import Fleet
from tests.faults.ground import Place
from tests.faults.ledger import Delivery, Verdict, judge
from tests.faults.readers import Readers
from tests.faults.report import Row, row
from tests.faults.workload import Habits, Workload
from tests.servers import open_as
from tests.world import World, build

CODES = tuple(
    f"qinshui-{name}" for name in ("court", "power", "water", "roads", "forestry", "schools", "health", "police")
)
TOPICS = 12
PATIENCE_S = 120.0

DELIVERIES = """
SELECT delivery.event_id, department.code, lane.topic_id, delivery.sequence, delivery.replays,
       delivery.status = 'SKIPPED'
FROM delivery JOIN department ON department.id = delivery.department_id JOIN lane ON lane.id = delivery.lane_id
"""
UNSETTLED = "SELECT count(*) FROM delivery WHERE status IN ('PENDING', 'PARKED')"


@dataclass(slots=True)
class Stage:
    """What a schedule's faults can reach."""

    place: Place
    world: World
    rng: random.Random
    fleet: Fleet
    readers: Readers
    injected: Counter[str]
    lasting: AsyncExitStack
    """What is open until all is drained."""

    async def some_time(self, least_s: float, most_s: float) -> None:
        """Let a drawn time pass."""
        await asyncio.sleep(self.rng.uniform(least_s, most_s))

    async def traffic(self, least: int = 60, most: int = 180) -> None:
        """Return when a drawn number of messages more was received: a fault is one among many messages."""
        wanted = len(self.readers.arrivals) + self.rng.randint(least, most)

        async def received() -> bool:
            return len(self.readers.arrivals) >= wanted

        await until(received, PATIENCE_S)

    def code(self) -> str:
        """Draw a department."""
        return self.rng.choice(self.readers.codes)


@dataclass(frozen=True, slots=True)
class Kind:
    """What befalls a schedule. `faults` returns when all of it is over."""

    faults: Callable[[Stage], Awaitable[None]]
    habits: Habits = field(default_factory=Habits)
    events: int = 1000
    """How many are committed at least."""


@asynccontextmanager
async def staged(place: Place, seed: int, directory: Path) -> AsyncIterator[Stage]:
    """Lend a stage on which nothing runs yet."""
    db = await open_as(place.database_url)
    world = await build(db, place.database_url, codes=CODES, topics=TOPICS)
    await declare(db, place.broker)
    injected = Counter[str]()
    fleet = Fleet(place.database_url, place.broker.url, directory, injected)
    readers = Readers(place.broker.url, CODES)
    try:
        async with AsyncExitStack() as lasting:
            yield Stage(place, world, random.Random(seed), fleet, readers, injected, lasting)  # noqa: S311 -- repeatable
    finally:
        await fleet.end()
        await readers.end()
        await db.close()


async def play(name: str, kind: Kind, seed: int, place: Place, directory: Path) -> tuple[Row, Verdict]:
    """Play a schedule to its end; return its row and its verdict. Raises TimeoutError where it does not drain."""
    begun = time.monotonic()
    async with staged(place, seed, directory) as stage:
        workload = Workload(stage.world, kind.habits, seed, received=lambda: len(stage.readers.arrivals))
        stage.readers.start()
        await under_faults(kind, stage, workload)
        await until(lambda: settled(stage), PATIENCE_S)
        await stage.fleet.end()
        await stage.readers.read_all()
        assert not stage.fleet.crashes, stage.fleet.crashes
        verdict = judge(await deliveries(stage.world), stage.readers.arrivals, workload.told)
    return row(name, seed, verdict, stage.injected, time.monotonic() - begun), verdict


async def under_faults(kind: Kind, stage: Stage, workload: Workload) -> None:
    """Write until all faults are over and enough was committed."""
    writing = asyncio.create_task(workload.run())
    try:
        await kind.faults(stage)
        stage.fleet.calm()
        while workload.events < kind.events and not writing.done():  # noqa: ASYNC110 -- writers do not tell
            await asyncio.sleep(0.1)
    finally:
        workload.enough()
        await writing


async def settled(stage: Stage) -> bool:
    """Tell whether no row waits."""
    return await stage.world.rows(UNSETTLED) == [(0,)]


async def deliveries(world: World) -> list[Delivery]:
    """Return all that was committed."""
    return [
        Delivery(
            str(event), str(code), node_id("topic", str(topic)), int(str(sequence)), int(str(replays)), bool(skipped)
        )
        for event, code, topic, sequence, replays, skipped in await world.rows(DELIVERIES)
    ]
