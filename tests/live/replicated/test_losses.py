"""What becomes of reads and writes when a replica or the primary is lost."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic

import pytest

from deploy.servers.postgres import EmbeddedPostgres
from services.core.database import Database
from services.core.tokens import LocalIssuer
from services.migrations.grants import Login
from tests.live.busy.ground import measured, paused
from tests.live.replicated.cluster import (
    COUNTY,
    Cluster,
    Told,
    execute,
    place_of,
    replicated,
    rows,
    run,
    until,
)
from tests.servers import login_url
from tests.standbys import primary_of

SYNCHRONOUS = "ALTER SYSTEM SET synchronous_standby_names = 'ANY 1 (one, two)'"
ENDED = "SELECT sum(confl_lock)::int FROM pg_stat_database_conflicts"
LONG = "SELECT pg_sleep(2)::text || count(*) FROM division"
WAITED_FOR = "SELECT count(*) = 2 FROM pg_stat_replication WHERE sync_state = 'quorum'"

pytestmark = pytest.mark.timeout(240)


@dataclass
class Asking:
    """Reads that are asked again and again, and how they were answered."""

    answers: list[Told] = field(default_factory=list)
    slowest_s: float = 0.0

    async def ask(self, own: Cluster) -> None:
        while True:
            began = monotonic()
            self.answers.append(await own.ask(COUNTY))
            self.slowest_s = max(self.slowest_s, monotonic() - began)
            await asyncio.sleep(0.002)

    def __str__(self) -> str:
        return f"{len(self.answers)} reads, slowest {self.slowest_s:.2f} s"

    @property
    def failed(self) -> list[Told]:
        return [one for one in self.answers if not one.done]


@asynccontextmanager
async def asking(own: Cluster, at_once: int = 4) -> AsyncIterator[Asking]:
    """Ask beside a block."""
    made = Asking()
    tasks = [asyncio.create_task(made.ask(own)) for _ in range(at_once)]
    try:
        yield made
    finally:
        for task in tasks:
            task.cancel()
        for result in await asyncio.gather(*tasks, return_exceptions=True):
            assert isinstance(result, asyncio.CancelledError), result


async def test_lost_replicas_fail_no_read(key: Path, issuer: LocalIssuer) -> None:
    async with replicated(key, issuer) as own:
        first, second = own.replicas
        async with asking(own) as asked:
            await asyncio.sleep(1)
            await asyncio.to_thread(first.kill)
            killed_s = await own.until_left_out(first)
            await asyncio.sleep(1)
            await asyncio.to_thread(first.start)
            back_s = await own.until_left_out()
            await asyncio.sleep(0.5)
            with paused(second._directory.path):  # noqa: SLF001 -- where its processes work
                frozen_s = await own.until_left_out(second)
                await asyncio.sleep(1)
            thawed_s = await own.until_left_out()
        assert asked.failed == []
        measured(
            f"{asked}; killed: left out after {killed_s:.2f} s, back after {back_s:.2f} s; "
            f"frozen: left out after {frozen_s:.2f} s, back after {thawed_s:.2f} s"
        )


async def test_read_that_a_replica_ends_for_a_conflict_is_read_elsewhere(key: Path, issuer: LocalIssuer) -> None:
    async with replicated(key, issuer) as own:
        for one in own.replicas:
            await run(one, "ALTER SYSTEM SET max_standby_streaming_delay = 0")
            await run(one, "SELECT pg_reload_conf()")
        read, *replicas = (login_url(one.url, Login.READ) for one in (own.primary, *own.replicas))
        db = await Database.open(login_url(own.primary.url, Login.WRITE), read_url=read, replica_urls=replicas)
        try:

            async def all_answer() -> bool:
                return db.replicas is not None and not any(db.replicas.left_out.values())

            await until(all_answer)
            reading = asyncio.create_task(db.reads.read_json(LONG, ()))
            await asyncio.sleep(1)
            await run(own.primary, "BEGIN; LOCK TABLE division IN ACCESS EXCLUSIVE MODE; COMMIT")
            assert await reading == b"2"
        finally:
            await db.close()
        assert sum([await execute(one, ENDED) for one in own.replicas]) > 0


async def test_reads_go_on_without_the_primary_and_writes_say_so(key: Path, issuer: LocalIssuer) -> None:
    async with replicated(key, issuer) as own:
        written = await own.propose()
        topic = written.payload["topic"]
        assert await own.title(topic["id"], written.position) == topic["title"]
        assert await own.ready() == (200, {"status": "ok", "database": "up"})
        async with asking(own) as asked:
            await asyncio.sleep(0.5)
            await asyncio.to_thread(own.primary.kill)
            refused = await own.propose("无主")

            async def says_so() -> bool:
                return "primary" in (await own.ready())[1]

            await until(says_so)
            assert await own.ready() == (200, {"status": "ok", "database": "up", "primary": "down"})
            assert await own.title(topic["id"], written.position) == topic["title"]
            await asyncio.sleep(2)
        assert asked.failed == []
        (error,) = refused.payload["errors"]
        assert (error["code"], error["retryAfter"] > 0) == ("UNAVAILABLE", True)
        beyond = await own.ask(COUNTY, "FFFFFFFF/0")
        assert [one["extensions"]["code"] for one in beyond.body["errors"]] == ["UNAVAILABLE"]
        await asyncio.to_thread(own.primary.start)

        async def writes() -> bool:
            return (await own.propose("无主")).done and not await says_so()

        await until(writes)
        measured(str(asked))


async def furthest(own: Cluster) -> tuple[EmbeddedPostgres, EmbeddedPostgres]:
    """Return the replica that has received most, and the other one."""
    received = [await execute(one, "SELECT pg_last_wal_receive_lsn() - '0/0'") for one in own.replicas]
    first, second = own.replicas
    return (first, second) if received[0] >= received[1] else (second, first)


async def test_promoted_replica_takes_writes_and_no_acknowledged_one_is_lost(key: Path, issuer: LocalIssuer) -> None:
    async with replicated(key, issuer) as own:
        for statement in (SYNCHRONOUS, "SELECT pg_reload_conf()"):
            await run(own.primary, statement)

        async def waited_for() -> bool:
            return bool(await execute(own.primary, WAITED_FOR))

        await until(waited_for)
        acknowledged: dict[str, tuple[str, str | None]] = {}
        stop = asyncio.Event()

        async def write(name: int) -> None:
            number = 0
            while not stop.is_set():
                number += 1
                title = f"第{name}人的第{number}题"
                while not stop.is_set():
                    told = await own.propose(title)
                    if told.done:
                        acknowledged[title] = told.payload["topic"]["id"], told.position
                        break
                    await asyncio.sleep(0.05)

        writers = [asyncio.create_task(write(name)) for name in range(4)]
        async with asking(own) as asked:
            await asyncio.sleep(2)
            before, began = len(acknowledged), monotonic()
            await asyncio.to_thread(own.primary.kill)
            await asyncio.sleep(0.5)
            known = set(acknowledged)
            promoted, other = await furthest(own)
            assert await execute(promoted, "SELECT pg_promote()")
            promoted_s = monotonic() - began

            async def writes() -> bool:
                return bool(acknowledged.keys() - known)

            await until(writes)
            back_s = monotonic() - began
            await asyncio.sleep(1)
            lag_s = await own.until_left_out(other)
            moved = primary_of(promoted.url, "other").replace("'", "")
            await run(other, f"ALTER SYSTEM SET primary_conninfo = '{moved}'")
            await execute(other, "SELECT pg_reload_conf()")
            again_s = await own.until_left_out()
            stop.set()
            await asyncio.gather(*writers)
        assert asked.failed == []
        assert before > 20
        found = {str(title) for (title,) in await rows(promoted, "SELECT title FROM topic")}
        assert acknowledged.keys() - found == set()
        assert (
            len(await rows(promoted, "SELECT FROM topic GROUP BY title HAVING count(*) > 1 AND title <> '林地'")) == 0
        )
        for title in [*acknowledged][:before:10]:
            topic, position = acknowledged[title]
            assert await own.title(topic, position) == title
        assert await own.ready() == (200, {"status": "ok", "database": "up"})
        reads = await own.reads()
        assert reads[place_of(promoted)] > 0
        measured(
            f"writes back after {back_s:.2f} s, {promoted_s:.2f} s of them until the promotion; {len(acknowledged)} "
            f"acknowledged, {before} of them before, none lost; {asked}; "
            f"the other replica left out after {lag_s:.2f} s, back after {again_s:.2f} s"
        )
