"""What commits wait for: verbs a second by writers who ask the database itself, with and without what they share.

`python -m tests.benchmarks.writes.locks`, on a durable server. Writers call the verbs' functions (`peers/writes.sql`),
so that next to nothing but PostgreSQL takes time. The same is done with notifications within the transaction, without
the triggers that keep tallies, and without either: what is then left is the bound.
"""

import argparse
import asyncio
import random
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from statistics import median
from time import perf_counter

import asyncpg
import orjson
import uvloop

from services.core.bell import Bell
from services.core.ids import node_id
from services.migrations.grants import Login
from services.notices.announce import FEED_CHANNEL, WAKE_CHANNEL
from tests.benchmarks.__main__ import machine, say
from tests.benchmarks.database import prepared
from tests.benchmarks.writes.ground import FUNCTIONS, Ground, Platform, copied
from tests.benchmarks.writes.preparing import TOPIC, Connection, Preparing
from tests.benchmarks.writes.verbs import Request, Task, minutes, resolutions
from tests.tables import table

OTHER_PROVINCES = (10_000_000_000, 20_000_000_000)
"""What is added to the numbers of divisions to have them once more in two other provinces."""
DIVISIONS = """
INSERT INTO division (number, upper, code, name, level, kind, parent_number)
SELECT number + $1, upper + $1, (left(code, 2)::int + $2)::text || substr(code, 3), name, level, kind,
    parent_number + $1
FROM division WHERE number / 10000000000 = 14 ORDER BY number
"""
SILENT = """
CREATE SCHEMA silent;
GRANT USAGE ON SCHEMA silent TO shangliang_write;
CREATE FUNCTION silent.pg_notify(text, text) RETURNS void LANGUAGE sql AS ''
"""
TRIGGERS = """
SELECT format('ALTER TABLE %s {} TRIGGER %I', tgrelid::regclass, tgname) FROM pg_trigger
WHERE tgname ~ '^keep_.*tally$'
"""
WAITS = """
SELECT coalesce(wait_event_type || ': ' || wait_event, 'runs') FROM pg_stat_activity
WHERE datname = current_database() AND usename = 'shangliang_write' AND state = 'active' AND query !~ 'pg_notify'
"""
SAMPLED_S = 0.02
CHANNELS = (FEED_CHANNEL, WAKE_CHANNEL)


async def listings(preparing: Preparing, number: int, spread: bool) -> list[Task]:
    """Topics that were proposed are listed."""
    things = preparing.things(number, spread=spread)
    await preparing.topics(things, "PROPOSED", listed=False)
    return [[Request("listTopic", {"topic": node_id("topic", one.id(TOPIC))})] for one in things]


VERBS: dict[str, Callable[[Preparing, int, bool], Awaitable[list[Task]]]] = {
    "list": listings,
    "record": minutes,
    "resolve": resolutions,
}
PLACES = ("one county", "one province", "three provinces")


@dataclass(frozen=True, slots=True)
class Variant:
    """What of a commit is done."""

    name: str
    tallies: bool = True
    notifies: bool = False
    rings: bool = True
    """Whether it is notified after the commit, as the service does."""


VARIANTS = (
    Variant("as the service"),
    Variant("notifying within", notifies=True, rings=False),
    Variant("without tallies", tallies=False),
    Variant("without either", tallies=False, rings=False),
)


@dataclass(frozen=True, slots=True)
class Seen:
    """What came of one run."""

    per_second: float
    commit_ms: float
    waits: Counter[str]


def statement(request: Request) -> tuple[str, list[object]]:
    """Return a request as a call of its function."""
    name = "".join(f"_{one.lower()}" if one.isupper() else one for one in request.mutation)
    parts, values = list[str](), list[object]()
    for key, value in request.input.items():
        values.append(value if isinstance(value, str) else orjson.dumps(value).decode())
        kind = {"heldAt": "::text::timestamptz", "attendances": "::jsonb", "evidence": "::jsonb"}.get(key, "::text")
        parts.append(f"{''.join(f'_{one.lower()}' if one.isupper() else one for one in key)} => ${len(values)}{kind}")
    return f"SELECT peer.{name}({', '.join(parts)})", values


class Locks:
    """Runs verbs in a copy of the province."""

    def __init__(self, ground: Ground, owner: Connection, seconds: float) -> None:
        self._ground = ground
        self._owner = owner
        self._seconds = seconds
        self._bell = Bell(ground.login(Login.WRITE))

    async def close(self) -> None:
        """Send what was rung."""
        await self._bell.close()

    async def enlarge(self) -> None:
        """Have two more provinces, in which functions may act too, and a way to notify nobody."""
        await self._owner.execute("SET session_replication_role = replica")
        for more in OTHER_PROVINCES:
            await self._owner.execute(DIVISIONS, more, more // 10_000_000_000)
        await self._owner.execute("SET session_replication_role = origin")
        await self._owner.execute(SILENT)
        text = FUNCTIONS.read_text()
        start = text.index("CREATE FUNCTION hidden.locked")
        await self._owner.execute(
            text[start:]
            .replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION")
            .replace("150000000000", "170000000000")
            .replace(":subject", "user:benchmark")
        )

    def among(self, place: str) -> Sequence[Platform]:
        """Return the platforms of a place: those of one county, or one of each county."""
        platforms = self._ground.among(spread=place != PLACES[0])
        if place != PLACES[2]:
            return platforms
        return [
            Platform(one.id, one.division_number + (0, *OTHER_PROVINCES)[n % 3], one.department_ids, one.departments)
            for n, one in enumerate(platforms)
        ]

    async def run(self, verb: str, place: str, variant: Variant, writers: int, rate: float) -> Seen:
        """Return what writers came to who do a verb in a place."""
        number = max(64, round(rate * self._seconds * 1.5))
        tasks = await VERBS[verb](_In(self._owner, self._ground, self.among(place)), number, True)  # noqa: FBT003 -- as verbs are called
        random.Random(number).shuffle(tasks)  # noqa: S311 -- an order
        async with self._without_tallies(skip=variant.tallies), self._sampled() as waits:
            began = perf_counter()
            commits = await asyncio.gather(
                *(self._write(tasks, variant, until=began + self._seconds) for _ in range(writers))
            )
            took = perf_counter() - began
        every = [one for some in commits for one in some]
        return Seen(len(every) / took, median(every) * 1e3, waits)

    async def _write(self, tasks: list[Task], variant: Variant, until: float) -> list[float]:
        """Do tasks until the time or they have run out; return how many seconds each commit took."""
        settings = {} if variant.notifies else {"search_path": "silent, pg_catalog, public"}
        connection = await asyncpg.connect(
            self._ground.login(Login.WRITE), server_settings={"jit": "off", "timezone": "UTC", **settings}
        )
        took = list[float]()
        try:
            while tasks and perf_counter() < until:
                (request,) = tasks.pop()
                transaction = connection.transaction()
                await transaction.start()
                sql, values = statement(request)
                await connection.execute(sql, *values)
                began = perf_counter()
                await transaction.commit()
                took.append(perf_counter() - began)
                if variant.rings:
                    self._bell.ring(CHANNELS)
        finally:
            await connection.close()
        return took

    @asynccontextmanager
    async def _without_tallies(self, *, skip: bool) -> AsyncIterator[None]:
        if skip:
            yield
            return
        await self._alter("DISABLE")
        try:
            yield
        finally:
            await self._alter("ENABLE")

    async def _alter(self, what: str) -> None:
        for row in await self._owner.fetch(TRIGGERS.format(what)):
            await self._owner.execute(row[0])

    @asynccontextmanager
    async def _sampled(self) -> AsyncIterator[Counter[str]]:
        """Count meanwhile what writers wait for."""
        waits = Counter[str]()

        async def sample() -> None:
            connection = await asyncpg.connect(self._ground.url)
            try:
                while True:
                    waits.update(row[0] for row in await connection.fetch(WAITS))
                    await asyncio.sleep(SAMPLED_S)
            finally:
                await connection.close(timeout=1)

        sampling = asyncio.create_task(sample())
        try:
            yield waits
        finally:
            sampling.cancel()
            await asyncio.wait([sampling])


class _In(Preparing):
    """Makes things at some platforms."""

    def __init__(self, connection: Connection, ground: Ground, platforms: Sequence[Platform]) -> None:
        super().__init__(connection, ground)
        self._platforms = platforms

    def among(self, *, spread: bool) -> Sequence[Platform]:  # noqa: ARG002 -- the place says it
        return self._platforms


async def measure(ground: Ground, asked: argparse.Namespace) -> str:
    """Return the tables of all rounds' medians."""
    owner = await asyncpg.connect(ground.url, server_settings={"timezone": "UTC"})
    try:
        locks = Locks(ground, owner, asked.seconds)
        await locks.enlarge()
        cells = list(product(asked.only, PLACES, asked.writers))
        seen = dict[tuple[tuple[str, str, int], str], list[Seen]]()
        for number in range(asked.rounds):
            say(f"round {number + 1} of {asked.rounds}")
            for cell in cells:
                for variant in VARIANTS:
                    verb, place, writers = cell
                    one = await locks.run(verb, place, variant, writers, asked.rate)
                    seen.setdefault((cell, variant.name), []).append(one)
        await locks.close()
    finally:
        await owner.close()
    return tables(cells, seen)


def tables(cells: Sequence[tuple[str, str, int]], seen: dict[tuple[tuple[str, str, int], str], list[Seen]]) -> str:
    """Return verbs a second of each variant with the median commit, and what writers mostly waited for as it is."""
    rows, waited = [], []
    for cell in cells:
        found = [seen[cell, variant.name] for variant in VARIANTS]
        rates = [
            f"{median(one.per_second for one in runs):,.0f} ({median(one.commit_ms for one in runs):.1f} ms)"
            for runs in found
        ]
        rows.append([*map(str, cell), *rates])
        waits = sum((one.waits for one in found[0]), Counter[str]())
        most = [f"{what} {number / waits.total():.0%}" for what, number in waits.most_common(4)]
        waited.append([*map(str, cell), "; ".join(most)])
    head = ["verb", "where", "writers"]
    return (
        table([*head, *(one.name for one in VARIANTS)], rows) + "\n\n" + table([*head, "state of who writes"], waited)
    )


def main() -> None:
    """Run what the command line asks for."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.writes.locks", description=__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=3)
    parser.add_argument("--rate", type=float, default=1500, help="tasks that are prepared for each second")
    parser.add_argument("--writers", type=int, nargs="+", default=[1, 8, 32])
    parser.add_argument("--only", nargs="+", choices=list(VERBS), default=list(VERBS))
    parser.add_argument("--keep", type=Path, metavar="DIRECTORY", help="where the province stays for the next run")
    asked = parser.parse_args()
    with prepared(1, asked.keep, say) as database, copied(database, "shangliang_locks") as ground:
        say(f"{machine(database)}; {asked.rounds} rounds of {asked.seconds:g} s.")
        say(uvloop.run(measure(ground, asked)))


if __name__ == "__main__":
    main()
