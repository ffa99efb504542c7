"""A service over a PostgreSQL server of its own with two streaming replicas."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from time import monotonic
from typing import Any
from urllib.parse import urlsplit

import asyncpg
import httpx
from prometheus_client.parser import text_string_to_metric_families

from deploy import local
from deploy.servers.directory import free_port
from deploy.servers.postgres import EmbeddedPostgres
from services.core.actor import Role
from services.core.tokens import GrantClaim, LocalIssuer
from services.migrations.grants import Login
from services.migrations.run import migrate
from tests.live.busy.ground import fresh_directory, unbounded
from tests.servers import login_url, open_as
from tests.serving import Served, serving
from tests.standbys import standby_of
from tests.world import World, build

SETTINGS = {
    "wal_level": "replica",
    "max_wal_senders": "8",
    "wal_keep_size": "256MB",
    "hot_standby": "on",
    "fsync": "off",
    "full_page_writes": "off",
}
PATIENCE_S = 60.0
POSITION = "Shangliang-Position"
PROPOSE = """mutation ($input: ProposeTopicInput!) { proposeTopic(input: $input) {
  topic { id title } errors { code message retryAfter } } }"""
TITLES = "query ($id: ID!) { topic(by: { id: $id }) { title } }"
COUNTY = '{ division(code: "140521") { name } }'
NAMES = ("one", "two")
"""Of the replicas, as the primary calls them."""
NUMBERS = count(1)


@dataclass(frozen=True)
class Told:
    """How a request was answered."""

    status: int
    body: Any
    position: str | None

    @property
    def payload(self) -> Any:
        """What the one field gave."""
        (value,) = self.body["data"].values()
        return value

    @property
    def done(self) -> bool:
        if self.status != 200 or "errors" in self.body:
            return False
        return not (isinstance(self.payload, dict) and self.payload.get("errors"))


@dataclass
class Cluster:
    """A service, its database's primary, and two replicas."""

    primary: EmbeddedPostgres
    replicas: list[EmbeddedPostgres]
    url: str
    """That leads to whichever of them takes writes."""
    world: World
    served: Served
    metrics_port: int
    token: str
    http: httpx.AsyncClient

    async def ask(self, query: str, position: str | None = None, **variables: Any) -> Told:
        """Ask, at or after a position where one is given."""
        headers = {"Authorization": f"Bearer {self.token}", **({POSITION: position} if position else {})}
        answer = await self.http.post(self.served.http, json={"query": query, "variables": variables}, headers=headers)
        return Told(answer.status_code, answer.json(), answer.headers.get(POSITION))

    async def propose(self, title: str = "", position: str | None = None) -> Told:
        """Propose a topic; the same title is the same mutation, repeated by its key."""
        title = title or f"议题{next(NUMBERS)}"
        values = {
            "platform": f"platform_{self.world.topics[0].platform_id}", "title": title, "summary": "下水道堵塞",
            "kind": "MICRO", "category": "OTHER", "idempotencyKey": title,
        }  # fmt: skip
        return await self.ask(PROPOSE, position, input=values)

    async def title(self, topic: str, position: str | None = None) -> str | None:
        """Return the title of a topic; None where the answer has no such topic."""
        told = await self.ask(TITLES, position, id=topic)
        assert told.done, told
        return None if told.payload is None else str(told.payload["title"])

    async def reads(self) -> dict[str, float]:
        """Return how many reads each server has answered, by its place."""
        return await self._metric("shangliang_reads_total", "server")

    async def left_out(self) -> set[str]:
        """Return the places of the replicas that are left out."""
        found = await self._metric("shangliang_replica_left_out", "replica")
        return {replica for replica, number in found.items() if number}

    async def _metric(self, name: str, label: str) -> dict[str, float]:
        text = (await self.http.get(f"http://127.0.0.1:{self.metrics_port}/metrics")).text
        samples = [one for family in text_string_to_metric_families(text) for one in family.samples]
        return {one.labels[label]: one.value for one in samples if one.name == name}

    async def until_left_out(self, *servers: EmbeddedPostgres) -> float:
        """Wait until just these replicas are left out; return after how many seconds."""
        began = monotonic()

        async def are() -> bool:
            return await self.left_out() == {place_of(one) for one in servers}

        await until(are)
        return monotonic() - began

    async def ready(self) -> tuple[int, Any]:
        """Return what `/readyz` tells."""
        answer = await self.http.get(f"{self.served.address}/readyz")
        return answer.status_code, answer.json()


def place_of(server: EmbeddedPostgres) -> str:
    """Return what a server is called in metrics."""
    return f"127.0.0.1:{server.port}"


async def until(condition: Callable[[], Awaitable[bool]]) -> None:
    """Wait until a condition holds."""
    async with asyncio.timeout(PATIENCE_S):
        while not await condition():  # noqa: ASYNC110 -- waits for other processes
            await asyncio.sleep(0.02)


async def rows(server: EmbeddedPostgres, statement: str) -> list[tuple[object, ...]]:
    """Return the rows of a statement that a server's superuser runs."""
    connection = await asyncpg.connect(server.url)
    try:
        return [tuple(row) for row in await connection.fetch(statement)]
    finally:
        await connection.close()


async def run(server: EmbeddedPostgres, script: str) -> None:
    """Run statements as a server's superuser."""
    connection = await asyncpg.connect(server.url)
    try:
        await connection.execute(script)
    finally:
        await connection.close()


async def execute(server: EmbeddedPostgres, statement: str) -> Any:
    """Return the one value of a statement that a server's superuser runs; None where it gives none."""
    found = await rows(server, statement)
    return found[0][0] if found else None


def leading_to_any(servers: list[EmbeddedPostgres]) -> str:
    """Return the address of whichever of the servers takes writes."""
    source = urlsplit(servers[0].url)
    hosts, ports = ",".join("127.0.0.1" for _ in servers), ",".join(str(one.port) for one in servers)
    asked = f"host={hosts}&port={ports}&target_session_attrs=primary"
    return f"postgresql://{source.username}:{source.password}@{source.path}?{asked}"


@asynccontextmanager
async def replicated(key: Path, issuer: LocalIssuer, **settings: str) -> AsyncIterator[Cluster]:
    """Start a primary, two replicas and a service over them; all are gone afterwards."""
    primary = EmbeddedPostgres(fresh_directory(), settings=SETTINGS)
    servers = [primary]
    await asyncio.to_thread(primary.start)
    try:
        addresses = local.embedded(primary)
        await migrate(primary.url, passwords=addresses.passwords, key=addresses.rights_key)
        db = await open_as(primary.url)
        try:
            world = await build(db, primary.url)
        finally:
            await db.close()
        servers += [
            await asyncio.to_thread(standby_of, primary.url, name, fresh_directory(), SETTINGS) for name in NAMES
        ]
        url, metrics_port = leading_to_any(servers), free_port()
        grants = [GrantClaim(role=role, within="140521") for role in (Role.CADRE, Role.SECRETARIAT)]
        token = issuer.sign("cadre", grants, now=datetime.now(UTC), lifetime=timedelta(hours=1))
        replicas = " ".join(login_url(one.url, Login.READ) for one in servers[1:])
        given = {"replica_database_urls": replicas, "metrics_port": str(metrics_port), **settings}
        async with serving(url, key, **given) as served, unbounded() as http:
            made = Cluster(primary, servers[1:], url, world, served, metrics_port, token, http)
            await made.until_left_out()
            yield made
    finally:
        for one in reversed(servers):
            with suppress(FileNotFoundError):
                await asyncio.to_thread(one.remove)
