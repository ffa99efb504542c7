"""Writers that commit events about several topics to several departments, as the commands do, all at once."""

import asyncio
import random
from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy.exc import DBAPIError

from services.core.act import Act
from services.core.clock import SystemClock
from services.core.errors import Unavailable
from services.notices.announce import Addressee, announce
from services.topics.events import TopicListed
from services.topics.records import about
from tests.faults.ledger import Key
from tests.world import ACTOR, NOW, World

AGAIN_S = 0.2
MOST_WAITING = 2_000
"""Writers wait while the relays are further behind."""


class RolledBack(Exception):
    """A command that fails after it announced its events."""


@dataclass(frozen=True, slots=True)
class Habits:
    """What writers do how often."""

    writers: int = 4
    slow: float = 0.05
    rolled_back: float = 0.05
    most_events: int = 3
    longest_s: float = 0.6
    rest_s: float = 0.01


class Workload:
    """Writers of one schedule. What they were told is committed is noted."""

    def __init__(self, world: World, habits: Habits, seed: int, *, received: Callable[[], int]) -> None:
        self._world = world
        self._habits = habits
        self._seed = seed
        self._received = received
        self._enough = asyncio.Event()
        self.told: list[Key] = []
        self.events = 0

    async def run(self) -> None:
        """Write until told that it is enough."""
        async with asyncio.TaskGroup() as writers:
            for number in range(self._habits.writers):
                writers.create_task(self._write(random.Random(f"{self._seed} {number}")))  # noqa: S311 -- repeatable

    def enough(self) -> None:
        """Each writer ends what it is at."""
        self._enough.set()

    async def _write(self, rng: random.Random) -> None:
        """Commit one transaction after another."""
        while not self._enough.is_set():
            try:
                committed = await self._commit(rng)
            except RolledBack:
                continue
            except (Unavailable, DBAPIError, OSError):
                # Whether it was committed is not known where the connection broke at the commit: the rows tell.
                await asyncio.sleep(AGAIN_S)
                continue
            self.told += committed
            self.events += len({event for event, _ in committed})
            await asyncio.sleep(rng.expovariate(1 / self._habits.rest_s))
            while len(self.told) - self._received() > MOST_WAITING and not self._enough.is_set():  # noqa: ASYNC110 -- messages come by themselves
                await asyncio.sleep(AGAIN_S)

    async def _commit(self, rng: random.Random) -> list[Key]:
        """Commit a few events about one topic; return whom they are for. Raises RolledBack now and then."""
        topic, told = rng.choice(self._world.topics), []
        slow, rolled_back = rng.random() < self._habits.slow, rng.random() < self._habits.rolled_back
        async with self._world.db.write() as tx:
            for _ in range(rng.randint(1, self._habits.most_events)):
                codes = rng.sample(sorted(self._world.departments), rng.randint(1, 4))
                addressees = [Addressee(self._world.departments[code].id, "SUPPORT") for code in codes]
                event = about(TopicListed, topic, listed_at=NOW)
                event_id = await announce(Act(tx, ACTOR, SystemClock()), event, addressees)
                told += [(str(event_id), code) for code in codes]
            if slow:
                await asyncio.sleep(rng.uniform(0.05, self._habits.longest_s))
            if rolled_back:
                raise RolledBack
        return told
