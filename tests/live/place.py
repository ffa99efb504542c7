"""A street where topics change."""

import asyncio
import random
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import asyncpg

from services.core.act import Act
from services.core.clock import SystemClock
from services.core.scope import subtree
from services.divisions.enums import DivisionLevel
from services.divisions.models import Division
from services.notices.feed import assign_positions
from services.outcomes.withdrawal import withdraw_topic
from services.platforms.enums import PlatformKind, PlatformTier
from services.platforms.models import Platform
from services.topics.commands import list_topic, propose_topic
from services.topics.enums import Category, TopicKind
from tests.servers import as_owner
from tests.world import ACTOR, World

AT_ONCE = 8


LOCKED = """
SELECT count(*) FROM pg_stat_activity
WHERE datname = current_database() AND wait_event_type = 'Lock' AND query NOT LIKE '%position%'"""
"""How many statements wait for a lock, but for those that follow the feed."""


@dataclass
class Places:
    """A county."""

    world: World

    async def until(self, question: str, number: int) -> None:
        """Wait until a question about the server gives a number.

        It has a connection of its own: a transaction would see of `pg_stat_activity` what it saw first.
        """
        connection = await asyncpg.connect(self.world.url)
        try:
            async with asyncio.timeout(8):
                while await connection.fetchval(question) != number:  # noqa: ASYNC110 -- waits for the server
                    await asyncio.sleep(0.02)
        finally:
            await connection.close()

    async def new(self, code: str) -> "Place":
        """Add a street with a platform."""
        scope = subtree(code)
        general = self.world.topics[0].platform_id
        street = Division(
            number=scope.lower, upper=scope.upper, code=code, name=code, level=DivisionLevel.TOWNSHIP,
            parent_number=140521000000,
        )  # fmt: skip
        platform = Platform(
            code=f"P{code}", name=code, tier=PlatformTier.SUB, kind=PlatformKind.TOWNSHIP, parent_id=general,
            division_number=scope.lower,
        )  # fmt: skip
        async with as_owner(self.world.url) as tx:
            tx.add(street)
            await tx.flush()
            tx.add(platform)
        return Place(self.world, code, platform.id)


@dataclass
class Place:
    """A street's platform and what happens there, each act in a transaction of its own."""

    world: World
    code: str
    platform_id: UUID

    async def propose(self, title: str = "下水道堵塞", summary: str | None = None) -> UUID:
        return await self.propose_many(1, title, summary)

    async def propose_many(self, number: int, title: str, summary: str | None = None) -> UUID:
        """Propose topics in one transaction; return the last one's id."""
        async with self.world.db.write() as tx:
            act = Act(tx, ACTOR, SystemClock())
            for _ in range(number):
                topic_id = await propose_topic(
                    act, platform_id=self.platform_id, title=title, summary=summary, kind=TopicKind.MICRO,
                    category=Category.OTHER,
                )  # fmt: skip
        return topic_id

    async def list_(self, topic_id: UUID, *, pause_s: float = 0.0) -> None:
        async with self.world.db.write() as tx:
            await list_topic(Act(tx, ACTOR, SystemClock()), topic_id=topic_id, expected_version=None)
            await asyncio.sleep(pause_s)

    async def withdraw(self, topic_id: UUID, *, pause_s: float = 0.0) -> None:
        async with self.world.db.write() as tx:
            await withdraw_topic(Act(tx, ACTOR, SystemClock()), topic_id=topic_id, reason="合并", expected_version=None)
            await asyncio.sleep(pause_s)

    async def stir(self, topics: int) -> None:
        """Propose, list and withdraw topics, several at once; each commit comes some time after its event was made."""
        chance = random.Random(self.code)  # noqa: S311 -- pauses, no secrets
        at_once = asyncio.Semaphore(AT_ONCE)

        async def course() -> None:
            async with at_once:
                topic = await self.propose()
                await self.list_(topic, pause_s=chance.random() * 0.05)
                await self.withdraw(topic, pause_s=chance.random() * 0.05)

        await asyncio.gather(*(course() for _ in range(topics)))

    async def placed_events(self) -> list[tuple[str, str]]:
        """Return the ids and types of the street's events in the order of the feed, once all have a place."""
        scope = subtree(self.code)
        while True:
            async with self.world.db.write() as tx:
                if not await assign_positions(tx):
                    break
        rows: list[Any] = await self.world.rows(
            f"SELECT 'event_' || id, type FROM event WHERE division_number = {scope.lower} ORDER BY position"
        )
        return [(str(key), str(kind)) for key, kind in rows]
