"""A service over a PostgreSQL server of its own, to which things happen, and clients who note how they are answered."""

import asyncio
import logging
import os
import signal
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from time import monotonic
from typing import Any

import asyncpg
import httpx

from deploy import local
from deploy.servers import processes
from deploy.servers.place import find_place
from deploy.servers.postgres import EmbeddedPostgres
from services.core.actor import Role
from services.core.deadline import DEADLINE_S
from services.core.tokens import GrantClaim, LocalIssuer
from services.migrations.run import migrate
from tests.servers import DIRECTORY, VOLATILE, open_as
from tests.serving import Served, serving
from tests.world import World, build

MARGIN_S = 20.0
"""How much later than its deadline an answer may come on a machine that does other things."""
WELL_S = 2.0
"""Within what all is well again once the server is; on such a machine,"""
PATIENCE_S = 30.0
"""within this."""
PROPOSE = """mutation ($input: ProposeTopicInput!) { proposeTopic(input: $input) {
  topic { title } errors { code message retryAfter } } }"""
RAISE = "mutation ($input: RaiseMatterInput!) { raiseMatter(input: $input) { errors { code message retryAfter } } }"
REGISTER = """mutation ($input: RegisterDepartmentInput!) { registerDepartment(input: $input) {
  errors { code message retryAfter } } }"""
COUNTY = '{ division(code: "140521") { name } }'
NAMES = count(1)

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Told:
    """How a request was answered, and after how many seconds."""

    status: int
    body: Any
    seconds: float

    @property
    def errors(self) -> list[Mapping[str, Any]]:
        """The errors of the request, or of its one mutation, by what a client goes by."""
        found = [one["extensions"] | {"message": one["message"]} for one in self.body.get("errors", ())]
        for payload in (self.body.get("data") or {}).values():
            if isinstance(payload, dict):
                found += payload.get("errors", ())
        return found

    @property
    def done(self) -> bool:
        return self.status == 200 and not self.errors

    def check(self, within_s: float = DEADLINE_S) -> "Told":
        """Hold that it was answered in time: well, or by UNAVAILABLE and when to come back."""
        assert self.seconds < within_s + MARGIN_S, self
        if not self.done:
            assert {one["code"] for one in self.errors} == {"UNAVAILABLE"}, self
            assert all(one["retryAfter"] >= 1 for one in self.errors), self
        return self


@dataclass
class Ground:
    """A service and its database's server."""

    server: EmbeddedPostgres
    directory: Path
    world: World
    served: Served
    token: str
    http: httpx.AsyncClient
    proposed: dict[str, dict[str, Any]] = field(default_factory=dict)
    """The inputs of mutations, by title."""

    async def ask(self, query: str, /, token: str | None = None, **variables: Any) -> Told:
        """Ask."""
        began, headers = monotonic(), {"Authorization": f"Bearer {token or self.token}"}
        asked = {"query": query, "variables": variables}
        answer = await self.http.post(self.served.http, json=asked, headers=headers)
        return Told(answer.status_code, answer.json(), monotonic() - began)

    async def read(self) -> Told:
        return await self.ask(COUNTY)

    async def read_anew(self, token: str | None = None) -> Told:
        """Ask a short question whose statement was never seen before."""
        return await self.ask(f'{{ division(code: "140521") {{ name{next(NAMES)}: name }} }}', token)

    async def propose(self, title: str = "", summary: str = "下水道堵塞") -> Told:
        """Propose a topic; the same title is the same mutation, repeated by its key."""
        title = title or f"议题{next(NAMES)}"
        platform = f"platform_{self.world.topics[0].platform_id}"
        values = {
            "platform": platform, "title": title, "summary": summary, "kind": "MICRO", "category": "OTHER",
            "idempotencyKey": title,
        }  # fmt: skip
        return await self.ask(PROPOSE, input=self.proposed.setdefault(title, values))

    async def register(self) -> Told:
        """Register a department, which has nothing to do with topics."""
        code = f"office-{next(NAMES)}"
        return await self.ask(REGISTER, input={"code": code, "name": code, "kind": "OTHER", "division": "140521"})

    async def raise_matter(self) -> Told:
        """Raise a matter."""
        values = {
            "platform": f"platform_{self.world.topics[0].platform_id}", "title": "漏水", "description": "管道漏水",
            "category": "OTHER",
        }  # fmt: skip
        return await self.ask(RAISE, input=values)

    async def topics(self) -> dict[str, int]:
        """Return how many topics there are of each title that was proposed."""
        found = await self.world.rows("SELECT title, count(*) FROM topic GROUP BY title")
        return {str(title): int(str(number)) for title, number in found if title in self.proposed}

    async def well_after_s(self) -> float:
        """Return after how long a query and a mutation succeed, tried again and again."""
        began = monotonic()
        for way in (self.read, self.propose):
            while not (await way()).done:
                assert monotonic() - began < PATIENCE_S
        return monotonic() - began

    async def repeat(self) -> None:
        """Repeat every mutation, and hold that each has taken effect exactly once."""
        for title in self.proposed:
            assert (await self.propose(title)).done
        assert await self.topics() == dict.fromkeys(self.proposed, 1)


@contextmanager
def paused(directory: Path) -> Iterator[None]:
    """Stop every process of a directory's server; at the end they go on."""
    stopped: list[int] = []
    try:
        for _ in range(2):  # what was begun meanwhile too
            for pid in processes.working_in(find_place(directory)):
                if pid not in stopped:
                    with suppress(ProcessLookupError):
                        os.kill(pid, signal.SIGSTOP)
                        stopped.append(pid)
        yield
    finally:
        for pid in reversed(stopped):
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGCONT)


async def keep_asking(ways: list[Callable[[], Awaitable[Told]]], *, for_s: float, every_s: float) -> list[Told]:
    """Ask in turn, without waiting for answers, for so long; return all answers."""
    asked: list[asyncio.Task[Told]] = []
    began = monotonic()
    while monotonic() - began < for_s:
        asked.append(asyncio.ensure_future(ways[len(asked) % len(ways)]()))
        await asyncio.sleep(every_s)
    return await asyncio.gather(*asked)


def measured(text: str) -> None:
    """Tell a figure to whoever asks for it, by `-o log_cli=true -o log_cli_level=INFO`."""
    log.info("%s", text)


def slowest(answers: Iterable[Told]) -> str:
    """Return the longest that an answer took, for whoever measures."""
    return f"slowest {max(one.seconds for one in answers):.2f} s"


@asynccontextmanager
async def as_superuser(ground: "Ground") -> AsyncIterator["asyncpg.Connection[asyncpg.Record]"]:
    """Lend a connection of its own to the database."""
    connection = await asyncpg.connect(ground.server.url)
    try:
        yield connection
    finally:
        await connection.close()


def unbounded() -> httpx.AsyncClient:
    """Return a client of as many connections as it takes."""
    return httpx.AsyncClient(timeout=60, limits=httpx.Limits(max_connections=None, max_keepalive_connections=None))


def fresh_directory() -> Path:
    """Return where a server of one's own may be made among the run's files."""
    worker = os.environ.get("PYTEST_XDIST_WORKER", "main")
    return Path(os.environ[DIRECTORY]) / f"own-{worker}-{next(NAMES)}"


@asynccontextmanager
async def ground(
    directory: Path,
    key: Path,
    issuer: LocalIssuer,
    database: Mapping[str, str] | None = None,
    *,
    moved: Callable[[Path], None] | None = None,
    **settings: str,
) -> AsyncIterator[Ground]:
    """Start a server in the directory and a service over it; both are gone afterwards.

    `moved` changes the server's files while it is stopped.
    """
    server = EmbeddedPostgres(directory, settings={**VOLATILE, **(database or {})})
    await asyncio.to_thread(server.start)
    try:
        if moved is not None:
            await asyncio.to_thread(server.stop)
            await asyncio.to_thread(moved, directory)
            await asyncio.to_thread(server.start)
        addresses = local.embedded(server)
        await migrate(server.url, passwords=addresses.passwords, key=addresses.rights_key)
        db = await open_as(server.url)
        try:
            world = await build(db, server.url)
            grants = [GrantClaim(role=role, within="140521") for role in (Role.CADRE, Role.SECRETARIAT)]
            token = issuer.sign("cadre", grants, now=datetime.now(UTC), lifetime=timedelta(hours=1))
            async with serving(server.url, key, **settings) as served, unbounded() as http:
                yield Ground(server, directory, world, served, token, http)
        finally:
            await db.close()
    finally:
        await asyncio.to_thread(server.remove)
