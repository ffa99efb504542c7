"""What two standbys cost the primary's writers, as each way of committing waits for them, and what verbs write."""

import asyncio
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import TypeAlias

import asyncpg

from deploy.servers.postgres import EmbeddedPostgres
from services.seeds.load import Connection
from tests.benchmarks.database import SETTINGS, Prepared, Say
from tests.benchmarks.report import number
from tests.benchmarks.scale.nation import TABLES
from tests.benchmarks.writes.contenders import SERVICE, Writer, writing
from tests.benchmarks.writes.ground import token
from tests.benchmarks.writes.measure import Bench, in_database
from tests.benchmarks.writes.verbs import VERBS, Verb
from tests.standbys import standby_of
from tests.tables import table

REPLICATED = {**SETTINGS, "wal_level": "replica", "max_wal_senders": "10"}
STANDBYS = 2
TASKS = 240
"""Of a verb in a run."""
BORN = ("event", "delivery", "lane", "idempotency_key", "trace_entry")
"""Tables of which each verb writes rows, and the seeds few or none."""


@dataclass(frozen=True, slots=True)
class Mode:
    """What a commit waits for."""

    title: str
    names: str = ""
    commit: str = "on"


ALONE = Mode("no standby")
MODES = (
    Mode("asynchronous"),
    Mode("on, one of two has it on disk", "ANY 1 (*)"),
    Mode("remote_apply, one of two shows it", "ANY 1 (*)", "remote_apply"),
)


@contextmanager
def standby(primary_url: str, directory: Path) -> Iterator[EmbeddedPostgres]:
    """Lend a standby of a server, which follows it."""
    server = standby_of(primary_url, directory.name, directory, REPLICATED)
    try:
        yield server
    finally:
        server.remove()


async def _wait_for(connection: Connection, mode: Mode) -> None:
    await connection.execute(f"ALTER SYSTEM SET synchronous_standby_names = '{mode.names}'")
    await connection.execute(f"ALTER SYSTEM SET synchronous_commit = '{mode.commit}'")
    await connection.execute("SELECT pg_reload_conf()")
    await asyncio.sleep(1)


async def _reset(connection: Connection) -> None:
    await connection.execute("ALTER SYSTEM RESET synchronous_standby_names")
    await connection.execute("ALTER SYSTEM RESET synchronous_commit")
    await connection.execute("SELECT pg_reload_conf()")


async def _written(connection: Connection) -> int:
    """Return how many bytes of the log of transactions there have been."""
    found: int = await connection.fetchval("SELECT pg_wal_lsn_diff(pg_current_wal_insert_lsn(), '0/0')::bigint")
    return found


@dataclass(frozen=True, slots=True)
class Run:
    """Milliseconds, verbs a second, and bytes of the log for each verb."""

    p50: float
    per_second: float
    written: float


Found: TypeAlias = dict[tuple[str, str, int], list[Run]]
"""By mode, verb and connections."""


def _run(bench: Bench, writer: Writer, verb: Verb, connections: int) -> Run:
    tasks = bench.prepare(writer, verb, TASKS, spread=True)
    before = in_database(writer.ground.url, _written)
    counted = bench.run(writer, bench.job(writer, tasks, connections, 60.0))
    written = in_database(writer.ground.url, _written) - before
    return Run(counted.p50_us / 1000, counted.per_second, written / counted.verbs)


def measure(
    database: Prepared,
    directory: Path,
    say: Say,
    *,
    rounds: int,
    connections: Sequence[int],
) -> str:
    """Return the tables. Standbys come once the primary has been measured alone."""
    found: Found = defaultdict(list)
    with ExitStack() as stack:
        key = directory / "key.pem"
        bearer = token(key)
        writer = stack.enter_context(writing(SERVICE, database, directory, key))
        bench = Bench([writer], database, directory, bearer)
        bench.warm(VERBS)

        def go(mode: Mode) -> None:
            in_database(database.url, lambda connection: _wait_for(connection, mode))
            for verb in VERBS:
                for one in connections:
                    found[mode.title, verb.name, one].append(_run(bench, writer, verb, one))

        for round_ in range(1, rounds + 1):
            say(f"alone, round {round_} of {rounds}")
            go(ALONE)
        try:
            for index in range(STANDBYS):
                stack.enter_context(standby(database.url, directory / f"standby-{index}"))
            for round_ in range(1, rounds + 1):
                say(f"with standbys, round {round_} of {rounds}")
                for mode in MODES:
                    go(mode)
        finally:
            in_database(database.url, _reset)
        born = in_database(writer.ground.url, _born)
    return "\n\n".join([_text(found, connections), born])


def _text(found: Found, connections: Sequence[int]) -> str:
    modes = (ALONE, *MODES)
    rows = []
    for verb in VERBS:
        for one in connections:
            runs = [found[mode.title, verb.name, one] for mode in modes]
            cells = [
                f"{number(median(run.p50 for run in of))} ms, {number(median(run.per_second for run in of))}/s"
                for of in runs
            ]
            written = median(run.written for of in runs for run in of)
            rows.append([verb.name, str(one), *cells, f"{written:,.0f}"])
    return table(["verb", "connections", *(mode.title for mode in modes), "bytes of WAL a verb"], rows)


async def _born(connection: Connection) -> str:
    await connection.execute("ANALYZE")
    found = {one["name"]: one for one in await connection.fetch(TABLES)}
    rows = []
    for name in BORN:
        one: asyncpg.Record = found[name]
        size = (one["heap"] + one["indexes"]) / one["rows"]
        rows.append([name, f"{one['rows']:,}", f"{size:,.0f}"])
    return table(["table", "rows", "bytes a row, with indexes"], rows)
