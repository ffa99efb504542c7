"""What many silent subscribers cost the service, and how soon all of them hear of one change.

Run by `make bench-subscribers`; takes about a minute. The clients share the machine with the service and speak the
protocol with as little work as they can, so that the figures are the service's.
"""

import argparse
import asyncio
import json
import os
import resource
import shutil
import sys
import tempfile
import time
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from statistics import median, quantiles
from uuid import UUID

import asyncpg
from sqlalchemy import text

from deploy.servers.postgres import EmbeddedPostgres
from services.core.database import Database
from services.core.tokens import LocalIssuer
from services.migrations.tables import REFUSALS
from tests import servers
from tests.live.place import Place, Places
from tests.live.several import callers_of, processor_s, workers
from tests.servers import migrate
from tests.serving import Served, serving
from tests.world import build

SUBSCRIBERS, WORKERS = 10_000, 2
START_S = 5.0
"""What the workers behind the first may take to start."""
IDLE_S = 10.0
CHANGES = 10
LIMIT_S = 900.0
SPARE_FILES = 500
"""What a process opens beside its connections."""
STREET = "140521001"
MOST_S = 1.0
"""Within which all should have heard."""
COUNTED = """
SELECT query, calls FROM pg_stat_statements
WHERE userid IN ('shangliang_read'::regrole, 'shangliang_write'::regrole)
    AND dbid = (SELECT oid FROM pg_database WHERE datname = current_database())"""
FEED = "position"
"""What the statements name that follow the feed, whether anything has changed or not."""


class Crowd:
    """The process with the subscribers."""

    def __init__(self, process: Process) -> None:
        self._process = process

    async def join(self, number: int) -> None:
        """Bring so many subscribers in."""
        self._say(f"join {number}")
        assert await self._hear() == "joined"

    async def heard(self, place: Place, topic: UUID) -> list[float]:
        """Commit one change; return after how many seconds from its commit on each subscriber has heard of it."""
        self._say("hear")
        assert await self._hear() == "listening"
        await place.list_(topic)
        committed = time.monotonic()
        return sorted(at - committed for at in json.loads(await self._hear()))

    def _say(self, line: str) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(f"{line}\n".encode())

    async def _hear(self) -> str:
        assert self._process.stdout is not None
        line = await self._process.stdout.readline()
        assert line, "the subscribers have ended"
        return line.decode().strip()


@asynccontextmanager
async def crowd(served: Served) -> AsyncIterator[Crowd]:
    """Give a process for subscribers of the service."""
    command = (sys.executable, "-m", "tests.benchmarks.crowd", str(served.port), STREET)
    process = await asyncio.create_subprocess_exec(*command, stdin=PIPE, stdout=PIPE, limit=1 << 24)
    try:
        yield Crowd(process)
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


def say(line: str) -> None:
    """Print one line at once."""
    print(line, flush=True)


def resident_mib(process: int) -> float:
    """Return the memory that a process occupies."""
    pages = int(Path(f"/proc/{process}/statm").read_text().split()[1])
    return pages * resource.getpagesize() / 2**20


async def statements(url: str) -> Mapping[str, int]:
    """Return how often the service has sent each statement; nothing where the server does not count them."""
    connection = await asyncpg.connect(url)
    try:
        return {row["query"]: row["calls"] for row in await connection.fetch(COUNTED)}
    except asyncpg.UndefinedTableError:
        return {}
    finally:
        await connection.close()


def reads(before: Mapping[str, int], after: Mapping[str, int]) -> dict[str, int]:
    """Return how often statements were sent in between, less those that follow the feed."""
    gained = {query: calls - before.get(query, 0) for query, calls in after.items()}
    return {query: calls for query, calls in gained.items() if calls and FEED not in query}


async def measure(served: Served, place: Place, number: int) -> None:
    """Print the figures."""
    processes = sorted(workers(served)) or [served.process.pid]
    url = place.world.url

    def memory() -> float:
        return sum(resident_mib(pid) for pid in processes)

    def used() -> float:
        return sum(processor_s(pid) for pid in processes)

    async with crowd(served) as one, crowd(served) as all_:
        await one.join(1)
        await one.heard(place, await place.propose())
        without, began, before = memory(), time.monotonic(), used()
        await all_.join(number)
        took, spent = time.monotonic() - began, used() - before
        held = [len(callers_of(pid)) for pid in processes]
        say(f"{number} subscribers came in {took:.1f} s, {1000 * spent / number:.2f} ms of processor time each, to")
        say(f"{len(processes)} processes: {', '.join(map(str, held))} connections")
        each = 1024 * (memory() - without) / number
        say(f"memory {without:.0f} MiB before, {memory():.0f} MiB with them: {each:.1f} KiB each")
        before = used()
        await asyncio.sleep(IDLE_S)
        say(f"processor while nothing happens: {100 * (used() - before) / IDLE_S:.1f} % of one core")
        topics = [await place.propose() for _ in range(CHANGES)]
        await asyncio.sleep(2.0)
        before, counted = used(), await statements(url)
        heard = [await all_.heard(place, topic) for topic in topics]
        each_change = 1000 * (used() - before) / CHANGES
        sent = reads(counted, await statements(url))
    tell(heard, number)
    say(f"{each_change:.0f} ms of processor time of the service for a change; load average {os.getloadavg()[0]:.1f}")
    say(f"statements for a change, but those that follow the feed: {sum(sent.values()) / CHANGES:.1f}")
    for query, calls in sent.items():
        say(f"  {calls / CHANGES:.1f} of {' '.join(query.split())[:90]}")


def tell(heard: list[list[float]], number: int) -> None:
    """Print how soon subscribers heard of changes."""
    missing = sum(number - len(times) for times in heard)
    every = [1000 * at for times in heard for at in times]
    last = [1000 * times[-1] for times in heard]
    p50, p99 = median(every), quantiles(every, n=100)[98]
    say(f"from commit to receipt: p50 {p50:.0f} ms, p99 {p99:.0f} ms, worst {max(every):.0f} ms, {missing} missed")
    say(f"the last of {number} has heard after {median(last):.0f} ms (median of {len(heard)} changes)")
    within = sum(at <= 1000 * MOST_S for at in last)
    say(f"all have heard within {MOST_S:.0f} s of {within} of {len(heard)} changes")


@contextmanager
def database_server() -> Iterator[None]:
    """Use the server that the settings name, else a private one."""
    directory = Path(tempfile.mkdtemp(prefix="shangliang-bench-"))
    directory.chmod(0o711)
    os.environ[servers.DIRECTORY] = str(directory)
    given = os.environ.get("SHANGLIANG_DATABASE_URL")
    counting = {"shared_preload_libraries": "pg_stat_statements"}
    private = None if given else EmbeddedPostgres(directory / "postgres", database="postgres", settings=counting)
    if private is not None:
        private.start()
        given = private.url
    os.environ[servers.DATABASE] = str(given)
    try:
        yield
    finally:
        if private is not None:
            private.remove()
        shutil.rmtree(directory, ignore_errors=True)


async def run(number: int, processes: int) -> None:
    """Measure on a database of its own."""
    name = servers.run_name()
    url = await servers.create_database(name)
    await migrate(url)
    db = await Database.open(url, refusals=REFUSALS, read_connections=2)
    async with db.write() as tx:
        if await tx.scalar(text("SELECT current_setting('shared_preload_libraries') LIKE '%pg_stat_statements%'")):
            await tx.execute(text("CREATE EXTENSION pg_stat_statements"))
    place = await Places(await build(db, url)).new(STREET)
    key = Path(os.environ[servers.DIRECTORY]) / "signing.pem"
    LocalIssuer.load(key, audience="shangliang")
    free = {"caller_connections": "0", "caller_streams": "0"}  # all come from one address
    try:
        async with asyncio.timeout(LIMIT_S), serving(url, key, workers=str(processes), **free) as service:
            while processes > 1 and len(workers(service)) < processes:  # noqa: ASYNC110 -- waits for processes
                await asyncio.sleep(0.1)
            await asyncio.sleep(START_S)
            await measure(service, place, number)
    finally:
        await db.close()
        await servers.drop_databases(name)


def allow_files(number: int) -> None:
    """Let this process and those that it starts open so many files."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    try:
        resource.setrlimit(resource.RLIMIT_NOFILE, (max(most, number), max(most, number)))
    except ValueError:
        sys.exit(f"{number} open files are needed, {most} are allowed here: raise `ulimit -Hn`.")


def main() -> None:
    """Measure so many subscribers as the command line says."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--subscribers", type=int, default=SUBSCRIBERS)
    options.add_argument("--workers", type=int, default=WORKERS)
    given = options.parse_args()
    allow_files(given.subscribers + SPARE_FILES)
    with database_server():
        asyncio.run(run(given.subscribers, given.workers))


if __name__ == "__main__":
    main()
