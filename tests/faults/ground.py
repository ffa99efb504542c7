"""Servers that may be killed, kept up from one schedule to the next; each schedule gets a database and a vhost."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path

import asyncpg

from deploy import local
from deploy.servers.postgres import EmbeddedPostgres
from deploy.servers.rabbitmq import PrivateRabbitMQ
from services.migrations.run import migrate
from tests.faults.alarm import set_memory_limit
from tests.servers import BrokerAddress, create_vhost, delete_vhost

TEMPLATE = "migrated"
NUMBERS = count(1)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a schedule plays. Its servers are at hand where they are the schedules' own."""

    database_url: str
    broker: BrokerAddress
    servers: "Ground | None" = None


class Ground:
    """A durable PostgreSQL and a RabbitMQ of a directory."""

    def __init__(self, directory: Path) -> None:
        self._rabbitmq_directory = directory / "rabbitmq"
        self.postgres = EmbeddedPostgres(directory / "postgres", database=TEMPLATE)
        self.rabbitmq = PrivateRabbitMQ(self._rabbitmq_directory)

    async def start(self) -> None:
        """Both answer, and a database with every table is there to be copied."""
        await asyncio.to_thread(self.rabbitmq.start)
        await asyncio.to_thread(self.postgres.start)
        addresses = local.embedded(self.postgres)
        await migrate(self.postgres.url, passwords=addresses.passwords, key=addresses.rights_key)
        await asyncio.to_thread(self.rabbitmq.wait_ready)

    async def remove(self) -> None:
        """Nothing is left of them."""
        await asyncio.to_thread(self.rabbitmq.remove)
        await asyncio.to_thread(self.postgres.remove)

    async def kill_database(self) -> None:
        """The database is dead and comes back from its log."""
        await asyncio.to_thread(self.postgres.kill)
        await asyncio.to_thread(self.postgres.start)

    async def kill_broker(self) -> None:
        """The broker is dead, with nothing flushed."""
        await asyncio.to_thread(self.rabbitmq.kill)

    async def stop_broker(self) -> None:
        """The broker has shut down in order."""
        await asyncio.to_thread(self.rabbitmq.stop)

    async def start_broker(self) -> None:
        """The broker is back with what it had confirmed."""
        await asyncio.to_thread(self.rabbitmq.start)
        await asyncio.to_thread(self.rabbitmq.wait_ready)

    async def limit_memory(self, limit: str) -> None:
        """The broker has another limit of memory; one below what it uses is an alarm."""
        await asyncio.to_thread(set_memory_limit, self.rabbitmq, self._rabbitmq_directory, limit)

    @asynccontextmanager
    async def place(self) -> AsyncIterator[Place]:
        """Lend a database and a vhost."""
        name, on = f"schedule_{next(NUMBERS)}", BrokerAddress(self.rabbitmq.url, self.rabbitmq.api_url)
        await self._execute(f"CREATE DATABASE {name} TEMPLATE {TEMPLATE}")
        yield Place(self.postgres.url_of(name), await create_vhost(name, on), self)
        await delete_vhost(name, on)
        await self._execute(f"DROP DATABASE {name} WITH (FORCE)")

    async def _execute(self, statement: str) -> None:
        connection = await asyncpg.connect(self.postgres.url_of("postgres"))
        try:
            await connection.execute(statement)
        finally:
            await connection.close()
