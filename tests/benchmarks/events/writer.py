"""Announces events at a steady pace from a process of its own, and prints when each was committed.

Run as a program by the benchmark, so that neither the relay nor the reader waits for it.
"""

import asyncio
import sys
import time
from collections.abc import Sequence
from uuid import UUID

import orjson
from sqlalchemy import select

from deploy.composition import REFUSALS
from services.core.clock import SystemClock
from services.core.database import Database
from services.core.settings import Settings
from services.departments.models import Department
from services.notices.announce import Addressee, announce
from services.topics.events import TopicListed
from services.topics.models import Topic
from services.topics.records import about
from tests.world import ACTOR, NOW

CONNECTIONS = 8


class Writer:
    """Announces in turn to departments and about topics."""

    def __init__(self, db: Database, departments: Sequence[UUID], topics: Sequence[Topic]) -> None:
        self._db = db
        self._departments = departments
        self._topics = topics
        self.committed: dict[str, float] = {}

    async def announce(self, number: int) -> None:
        """Commit one event and note when that was done."""
        topic = self._topics[number % len(self._topics)]
        told = Addressee(self._departments[number % len(self._departments)], "SUPPORT")
        async with self._db.write() as tx:
            event = await announce(
                tx, about(TopicListed, topic, listed_at=NOW), [told], actor=ACTOR, clock=SystemClock()
            )
        self.committed[str(event)] = time.time()

    async def keep_pace(self, per_second: float, seconds: float) -> None:
        """Begin so many a second, whatever becomes of those before."""
        began, loop = asyncio.get_running_loop().time(), asyncio.get_running_loop()
        async with asyncio.TaskGroup() as tasks:
            for number in range(int(per_second * seconds)):
                await asyncio.sleep(began + number / per_second - loop.time())
                tasks.create_task(self.announce(number))


async def main(prefix: str, per_second: float, seconds: float) -> None:
    """Announce to the departments whose codes have a prefix."""
    url = Settings().database_url
    assert url is not None
    db = await Database.open(url, refusals=REFUSALS, read_connections=1, write_connections=CONNECTIONS)
    async with db.write() as tx:
        departments = (await tx.execute(select(Department.id).where(Department.code.startswith(prefix)))).scalars()  # type: ignore[attr-defined, call-overload]
        topics = (await tx.execute(select(Topic).order_by(Topic.number))).scalars()
    writer = Writer(db, list(departments), list(topics))
    await asyncio.gather(*(writer.announce(number) for number in range(CONNECTIONS)))  # connections are made
    writer.committed.clear()
    await writer.keep_pace(per_second, seconds)
    await db.close()
    sys.stdout.buffer.write(orjson.dumps(writer.committed))


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], float(sys.argv[2]), float(sys.argv[3])))
