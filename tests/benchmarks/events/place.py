"""Where events are measured: a database and a broker of its own, with many departments, topics and lanes."""

import asyncio
import tempfile
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

import aio_pika
import asyncpg
from aio_pika.abc import AbstractConnection

from deploy.servers.postgres import EmbeddedPostgres
from deploy.servers.rabbitmq import PrivateRabbitMQ
from events.names import inbox
from events.topology import apply_topology
from services.core.database import Database
from services.core.limits import AgencyLimits
from services.departments.enums import DepartmentKind
from services.departments.models import Department, DepartmentChannel
from services.migrations.tables import REFUSALS
from services.notices.channels import Channel
from services.topics.enums import Category, TopicKind, TopicStatus
from services.topics.models import Topic
from tests.benchmarks.database import SETTINGS, Say
from tests.servers import migrate
from tests.world import NOW, build

LANES = """
INSERT INTO lane (department_id, topic_id, last_sequence) SELECT unnest($1::uuid[]), unnest($2::uuid[]), 0
ON CONFLICT ON CONSTRAINT uq_lane_department_id_topic_id DO UPDATE SET last_sequence = lane.last_sequence
RETURNING id, department_id, topic_id, last_sequence
"""


@dataclass(slots=True)
class Lane:
    """A department's notices about a topic; `last` is the number of the last one."""

    id: int
    department: Department
    topic: Topic
    last: int


@dataclass(frozen=True, slots=True)
class Place:
    """The servers with their rows and queues."""

    database_url: str
    amqp_url: str
    departments: Sequence[Department]
    topics: Sequence[Topic]
    rows: "asyncpg.Connection[asyncpg.Record]"
    broker: AbstractConnection

    async def lanes(self, departments: int, topics: int) -> list[Lane]:
        """Return the lanes of so many departments with so many topics each."""
        known: dict[UUID, Department] = {one.id: one for one in self.departments[:departments]}
        about: dict[UUID, Topic] = {one.id: one for one in self.topics[:topics]}
        pairs = [(department, topic) for department in known for topic in about]
        rows = await self.rows.fetch(LANES, [one for one, _ in pairs], [one for _, one in pairs])
        return [Lane(row[0], known[row[1]], about[row[2]], row[3]) for row in rows]

    async def empty(self, departments: int) -> int:
        """Return how many messages the inboxes of so many departments had; they are gone."""
        channel = await self.broker.channel()
        taken = 0
        for one in self.departments[:departments]:
            queue = await channel.get_queue(inbox(one.code), ensure=False)
            taken += int((await queue.purge()).message_count or 0)
        await channel.close()
        return taken


@asynccontextmanager
async def place(departments: int, topics: int, say: Say) -> AsyncIterator[Place]:
    """Lend a durable database and broker of their own with so many departments, each with its queues, and topics."""
    with tempfile.TemporaryDirectory(prefix="shangliang-bench-") as directory:
        base = Path(directory)
        base.chmod(0o711)  # noqa: ASYNC240 -- nothing else runs yet. A server that may not run as root gets through
        postgres, rabbitmq = EmbeddedPostgres(base / "postgres", settings=SETTINGS), PrivateRabbitMQ(base / "rabbitmq")
        try:
            await asyncio.to_thread(rabbitmq.start)
            await asyncio.to_thread(postgres.start)
            await migrate(postgres.url)
            await asyncio.to_thread(rabbitmq.wait_ready)
            made = await _rows(postgres.url, departments, topics)
            say(f"making the queues of {departments:,} departments")
            channels = [Channel(one.code, one.name) for one in made[0]]
            await apply_topology(channels, amqp_url=rabbitmq.url, api_url=rabbitmq.api_url, limits=AgencyLimits())
            rows = await asyncpg.connect(postgres.url)
            broker = await aio_pika.connect(rabbitmq.url)
            yield Place(postgres.url, rabbitmq.url, *made, rows, broker)
            await broker.close()
            await rows.close()
        finally:
            await asyncio.to_thread(rabbitmq.remove)
            await asyncio.to_thread(postgres.remove)


async def _rows(url: str, departments: int, topics: int) -> tuple[list[Department], list[Topic]]:
    """Write departments with their channels, and topics of one county."""
    db = await Database.open(url, refusals=REFUSALS, read_connections=1)
    world = await build(db, url)
    county, platform = world.topics[0].division_number, world.topics[0].platform_id
    told = [
        Department(code=f"department-{n:04}", name=f"部门{n}", kind=DepartmentKind.OTHER, division_number=county)
        for n in range(departments)
    ]
    about = [
        Topic(
            number=f"T140521-2025-{n:04}", title="林地", kind=TopicKind.MICRO, category=Category.OTHER,
            status=TopicStatus.LISTED, platform_id=platform, division_number=county, proposed_at=NOW, listed_at=NOW,
        )
        for n in range(topics)
    ]  # fmt: skip
    async with db.write() as tx:
        tx.add_all([*told, *about])
        await tx.flush()
        tx.add_all([DepartmentChannel(department_id=one.id) for one in told])
    await db.close()
    return told, about
