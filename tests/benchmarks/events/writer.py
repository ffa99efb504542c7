"""Announces events at a steady pace from a process of its own, and prints when each was committed.

Run as a program by the benchmark, so that neither the relay nor the reader waits for it. It writes the rows that
`announce` writes, in one statement: so many commands a second would leave less of the machine to what is measured.
"""

import asyncio
import sys
import time
from collections.abc import Sequence
from uuid import UUID

import asyncpg
import orjson

from services.core.ids import new_id
from services.core.settings import Settings
from services.notices.announce import WAKE_CHANNEL
from services.topics.events import TopicListed

CONNECTIONS = 4

ANNOUNCE = f"""
WITH told AS (
    INSERT INTO event (id, type, topic_id, division_number, subject, occurred_at, data)
    SELECT $1, '{TopicListed.type}', topic.id, topic.division_number, topic.number, now(), $5::jsonb
    FROM topic WHERE topic.id = $3 RETURNING id
), taken AS (
    INSERT INTO lane (department_id, topic_id, last_sequence) VALUES ($4, $3, 1)
    ON CONFLICT ON CONSTRAINT uq_lane_department_id_topic_id DO UPDATE SET last_sequence = lane.last_sequence + 1
    RETURNING department_id, id, last_sequence
)
INSERT INTO delivery (id, event_id, department_id, lane_id, sequence, role, status, attempts, replays)
SELECT $2, told.id, taken.department_id, taken.id, taken.last_sequence, 'SUPPORT', 'PENDING', 0, 0
FROM told CROSS JOIN taken
RETURNING pg_notify('{WAKE_CHANNEL}', '')
"""
DEPARTMENTS = "SELECT id FROM department WHERE starts_with(code, $1)"
TOPICS = "SELECT id, json_build_object('topic', json_build_object('number', number, 'title', title))::text FROM topic"


class Writer:
    """Announces in turn to departments and about topics."""

    def __init__(
        self, pool: "asyncpg.Pool[asyncpg.Record]", departments: Sequence[UUID], topics: Sequence[asyncpg.Record]
    ) -> None:
        self._pool = pool
        self._departments = departments
        self._topics = topics
        self.committed: dict[str, float] = {}

    async def announce(self, number: int) -> None:
        """Commit one event and note when that was done."""
        event = new_id()
        topic, data = self._topics[number % len(self._topics)]
        await self._pool.execute(
            ANNOUNCE, event, new_id(), topic, self._departments[number % len(self._departments)], data
        )
        self.committed[str(event)] = time.time()

    async def keep_pace(self, per_second: float, seconds: float) -> None:
        """Begin so many a second, whatever becomes of those before."""
        loop = asyncio.get_running_loop()
        began = loop.time()
        async with asyncio.TaskGroup() as tasks:
            for number in range(int(per_second * seconds)):
                await asyncio.sleep(began + number / per_second - loop.time())
                tasks.create_task(self.announce(number))


async def main(prefix: str, per_second: float, seconds: float) -> None:
    """Announce to the departments whose codes have a prefix."""
    async with asyncpg.create_pool(Settings().database_url, min_size=CONNECTIONS, max_size=CONNECTIONS) as pool:
        departments = [row[0] for row in await pool.fetch(DEPARTMENTS, prefix)]
        writer = Writer(pool, departments, await pool.fetch(TOPICS))
        await asyncio.gather(*(writer.announce(number) for number in range(CONNECTIONS)))  # statements are prepared
        writer.committed.clear()
        await writer.keep_pace(per_second, seconds)
    sys.stdout.buffer.write(orjson.dumps(writer.committed))


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], float(sys.argv[2]), float(sys.argv[3])))
