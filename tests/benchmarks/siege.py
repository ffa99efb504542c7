"""Hostile minutes: what a well-behaved client waits for its answers while others do what they may.

64 anonymous clients ask for the dearest permitted request, 300 connections send or take a byte a second, and 100
WebSockets ask and read nothing, each from an address of its own. A client that has signed in asks for topics and pages
at a steady pace, before, meanwhile and afterwards. `make bench-hostile BENCH="--minutes 5"`.
"""

import asyncio
import json
import os
import resource
import sys
import tempfile
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import monotonic, perf_counter

import asyncpg

from graph.operations import Operations
from graph.schema import build_schema
from services.core.actor import Role
from services.core.limits import Limits
from services.core.tokens import GrantClaim, LocalIssuer
from tests import servers
from tests.benchmarks.attackers import Orders, request
from tests.benchmarks.database import Prepared, prepared
from tests.benchmarks.dearest import candidates
from tests.benchmarks.questions import PAGE, PAGE_VARIABLES, TOPIC
from tests.benchmarks.usage import used_us
from tests.serving import Served, serving

SEARCHES = 12
"""How many searches for a dear document there are."""
PACE_S = 0.05
"""How often the well-behaved client asks."""
MOST_TIMES = 3
"""How much longer than in quiet its slowest hundredth may take."""
SERVER_MIB, DATABASE_MIB = 1_024, 2_048
"""What the service, and PostgreSQL with its 512 MB of shared buffers, may occupy."""
HEADER = """| | answers | p50 ms | p90 ms | p99 ms | longest ms | not answered | service, cores | PostgreSQL, cores |
|---|---|---|---|---|---|---|---|---|"""
LOOK_S = 0.5
REST_S = 5.0
TOO_LONG_S = 60.0
KIB_IN_MIB = 1024


Connection = tuple[asyncio.StreamReader, asyncio.StreamWriter]


@dataclass
class Waits:
    """How long a client waited for each answer, in seconds, and what was none."""

    times: list[float] = field(default_factory=list)
    wrong: Counter[str] = field(default_factory=Counter)

    def at(self, share: float) -> float:
        """Return the milliseconds that a share of the answers took at most."""
        ordered = sorted(self.times)
        return 1000 * ordered[min(len(ordered) - 1, int(share * len(ordered)))]

    def row(self, name: str) -> str:
        """Return the figures as a row of docs/performance.md."""
        shown = " | ".join(f"{self.at(share):.1f}" for share in (0.5, 0.9, 0.99, 1))
        return f"| {name} | {len(self.times)} | {shown} | {sum(self.wrong.values())} |"


@dataclass
class Memory:
    """The most that two servers occupied, in MiB."""

    service: float = 0
    database: float = 0

    def look(self, service: int | None, database: int | None) -> None:
        """Take in what they occupy now."""
        if service is not None:
            self.service = max(self.service, status(service, "VmRSS"))
        if database is None:
            return
        family = [database, *children(database)]
        shared = max((status(pid, "RssShmem") for pid in family), default=0)
        self.database = max(self.database, shared + sum(status(pid, "RssAnon") for pid in family))


def status(pid: int, name: str) -> float:
    """Return what the kernel says that a process occupies, in MiB; 0 where it is gone."""
    with suppress(OSError):
        for line in Path(f"/proc/{pid}/status").read_text().splitlines():
            if line.startswith(f"{name}:"):
                return int(line.split()[1]) / KIB_IN_MIB
    return 0


def children(pid: int) -> list[int]:
    """Return the processes that one has begun."""
    with suppress(OSError):
        return [int(each) for each in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    return []


class Client:
    """A client that has signed in, from this machine's own address."""

    def __init__(self, port: int, token: str, numbers: list[str]) -> None:
        self._port = port
        topics = [json.dumps({"query": TOPIC, "variables": {"number": number}}) for number in numbers]
        self._bodies = [*topics, json.dumps({"query": PAGE, "variables": PAGE_VARIABLES})]
        self._head = (
            f"POST /graphql HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {token}\r\n"
            "Content-Type: application/json\r\nContent-Length: "
        )
        self._free: list[Connection] = []

    async def ask(self, seconds: float) -> Waits:
        """Ask at a steady pace, whether what was asked before is answered or not."""
        waits, began, asking = Waits(), perf_counter(), []
        for turn in range(int(seconds / PACE_S)):
            await asyncio.sleep(began + turn * PACE_S - perf_counter())
            asking.append(asyncio.create_task(self._one(self._bodies[turn % len(self._bodies)].encode(), waits)))
        await asyncio.gather(*asking)
        for _, writer in self._free:
            writer.close()
        self._free.clear()
        return waits

    async def _one(self, body: bytes, waits: Waits) -> None:
        """Ask once, again where the service had ended a connection that nobody used."""
        began = perf_counter()
        try:
            async with asyncio.timeout(TOO_LONG_S):
                try:
                    answer = await self._answer(body, self._free.pop() if self._free else await connected(self._port))
                except (OSError, EOFError):
                    answer = await self._answer(body, await connected(self._port))
            if b'"errors"' in answer:
                waits.wrong[answer.partition(b'"code":"')[2].partition(b'"')[0].decode()] += 1
        except (OSError, EOFError, TimeoutError) as error:
            waits.wrong[type(error).__name__] += 1
        waits.times.append(perf_counter() - began)

    async def _answer(self, body: bytes, connection: Connection) -> bytes:
        reader, writer = connection
        writer.write(f"{self._head}{len(body)}\r\n\r\n".encode() + body)
        answer = await answered(reader)
        self._free.append(connection)
        return answer


async def connected(port: int) -> Connection:
    """Return a connection to the service."""
    return await asyncio.open_connection("127.0.0.1", port, limit=1 << 20)


async def answered(reader: asyncio.StreamReader) -> bytes:
    """Return the body of an answer."""
    head = (await reader.readuntil(b"\r\n\r\n")).lower()
    return await reader.readexactly(int(head.partition(b"content-length: ")[2].partition(b"\r")[0]))


async def dearest(port: int) -> Orders:
    """Return the documents that take longest and say most, among those that the search found; each is asked twice."""
    schema = build_schema().core
    found = candidates(schema, Operations(schema, Limits()), SEARCHES)
    asked: list[tuple[float, int, int, str]] = []
    for price, text in found:
        for _ in range(2):
            reader, writer = await connected(port)
            began = perf_counter()
            writer.write(request(text))
            answer = await answered(reader)
            took = perf_counter() - began
            writer.close()
        asked.append((took, len(answer), price, text))
        print(f"{price:10} price  {took:7.3f} s  {len(answer):10} bytes  {text[:60]}", flush=True)
    took, _, price, dear = max(asked)
    wide = max(asked, key=lambda one: one[1])[3]
    print(f"the dearest permitted request: {took:.2f} s alone, price {price} of {Limits().cost}:\n{dear}", flush=True)
    return Orders(port, 0, dear, wide)


@asynccontextmanager
async def watched(memory: Memory, service: int | None, database: int | None) -> AsyncIterator[None]:
    """Keep the most that the servers occupy while the block lasts."""

    async def watch() -> None:
        while True:
            memory.look(service, database)
            await asyncio.sleep(LOOK_S)

    task = asyncio.create_task(watch())
    try:
        yield
    finally:
        task.cancel()


async def besieged(orders: Orders, client: Client, seconds: float) -> tuple[Waits, dict[str, int]]:
    """Return what a client waited while the attackers did as they were told, and what became of these."""
    ordered = replace(orders, seconds=seconds + REST_S)
    attack = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.benchmarks.attackers", ordered.written(),
        stdout=asyncio.subprocess.PIPE, start_new_session=True,
    )  # fmt: skip
    await asyncio.sleep(REST_S)  # all of them are there by then
    waits = await client.ask(seconds)
    told, _ = await attack.communicate()
    ends: dict[str, int] = json.loads(told)
    return waits, ends


async def numbers_of(url: str) -> list[str]:
    """Return the numbers of some topics that everybody sees."""
    connection = await asyncpg.connect(url)
    try:
        asked = "SELECT number FROM topic WHERE listed_at IS NOT NULL ORDER BY md5(number) LIMIT 9"
        return [row["number"] for row in await connection.fetch(asked)]
    finally:
        await connection.close()


def token_of(key: Path) -> str:
    """Return the token of a member."""
    issuer = LocalIssuer.load(key, audience="shangliang")
    grants = [GrantClaim(role=Role.MEMBER, within="140106")]
    return issuer.sign("well-behaved", grants, now=datetime.now(UTC), lifetime=timedelta(hours=9))


class Siege:
    """The service, its database, and what they take while somebody asks."""

    def __init__(self, service: Served, database: Prepared, client: Client) -> None:
        self._processes = {"service": service.process.pid, "PostgreSQL": database.process}
        self._client = client
        self.memory = Memory()
        self.told: list[str] = []
        """What became of requests."""

    async def hold(self, name: str, seconds: float, orders: Orders | None = None) -> Waits:
        """Return what the client waited for, with attackers or without; print a row."""
        ends: dict[str, int] = {}
        before, began = self._used(), perf_counter()
        async with watched(self.memory, *self._processes.values()):
            if orders is None:
                waits = await self._client.ask(seconds)
            else:
                waits, ends = await besieged(orders, self._client, seconds)
        took_us = 1e6 * (perf_counter() - began)
        used = " | ".join(f"{(self._used()[one] - before[one]) / took_us:.2f}" for one in before)
        print(f"{waits.row(name)} {used} |", flush=True)
        self.told += [f"{count:8} {name}: {wrong}" for wrong, count in waits.wrong.items()]
        self.told += [f"{count:8} {end}" for end, count in ends.items()]
        return waits

    def _used(self) -> dict[str, int]:
        return {name: used_us(process) for name, process in self._processes.items()}


async def run(database: Prepared, minutes: float, directory: Path) -> list[str]:
    """Print the figures; return what was not held."""
    key, seconds = directory / "signing.pem", 60 * minutes
    token = token_of(key)
    with (directory / "service.log").open("wb") as log:
        async with serving(database.url, key, log.fileno()) as service:
            client = Client(service.port, token, await numbers_of(database.url))
            siege = Siege(service, database, client)
            orders = await dearest(service.port)
            await client.ask(REST_S)
            print(HEADER)
            before = await siege.hold("quiet", seconds)
            waits = await siege.hold("hostile", seconds, orders)
            await asyncio.sleep(REST_S)
            after = await siege.hold("quiet again", seconds)
    print(*siege.told, sep="\n")
    memory = siege.memory
    print(f"memory at most: service {memory.service:.0f} MiB of {SERVER_MIB}, "
          f"PostgreSQL {memory.database:.0f} MiB of {DATABASE_MIB}")  # fmt: skip
    return broken(before, waits, after, memory)


def broken(before: Waits, waits: Waits, after: Waits, memory: Memory) -> list[str]:
    """Return which bounds were broken."""
    found = [
        f"the p99 {when} is {one.at(0.99) / before.at(0.99):.1f} times the quiet one, {MOST_TIMES} are allowed"
        for when, one in (("in hostile minutes", waits), ("afterwards", after))
        if one.at(0.99) > MOST_TIMES * before.at(0.99)
    ]
    found += [f"{sum(one.wrong.values())} requests were not answered" for one in (before, waits, after) if one.wrong]
    if memory.service > SERVER_MIB:
        found.append(f"the service took {memory.service:.0f} MiB")
    if memory.database > DATABASE_MIB:
        found.append(f"PostgreSQL took {memory.database:.0f} MiB")
    return found


def besiege(minutes: float, keep: Path | None) -> int:
    """Measure, and return the program's exit code: 1 where a bound is broken."""
    print(f"{os.cpu_count()} cores for the service, PostgreSQL, one process of attackers and one of the client "
          "that is measured, which share them", flush=True)  # fmt: skip
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    began = monotonic()
    with prepared(1, keep, print) as database, tempfile.TemporaryDirectory(prefix="shangliang-bench-") as directory:
        os.environ[servers.DIRECTORY] = directory
        os.environ[servers.DATABASE] = database.url
        asyncio.run(servers.let_in())
        faults = asyncio.run(run(database, minutes, Path(directory)))
    for fault in faults:
        print(f"broken: {fault}")
    print(f"{'broken' if faults else 'held'} after {monotonic() - began:.0f} s")
    return 1 if faults else 0
