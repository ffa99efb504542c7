"""Migrations that wait for nobody long, and `shangliang migrate --check`, which tells what they lock."""

import asyncio
import os
import sys
from asyncio.subprocess import PIPE

import asyncpg
import pytest
from structlog.testing import capture_logs

from services.migrations.check import RIGHTS, Step, check, strongest, told, words
from services.migrations.current import HEAD, REVISIONS
from services.migrations.errors import LocksNotGiven
from services.migrations.run import Patience, migrate

PLACED = "SELECT version_num FROM alembic_version"
WAITING = """
SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'
"""


CHANGED = REVISIONS.index("0013_commitment_times")
"""The place of a migration that changes a table with rows."""
BEFORE = REVISIONS[CHANGED - 1]


async def at(url: str) -> str:
    connection = await asyncpg.connect(url)
    try:
        return str(await connection.fetchval(PLACED))
    finally:
        await connection.close()


async def test_pending_migrations_are_tried_and_rolled_back(empty_database_url: str) -> None:
    await migrate(empty_database_url, BEFORE)
    steps = await check(empty_database_url, lock_s=3)
    assert [step.name for step in steps] == [*REVISIONS[CHANGED:], RIGHTS]
    assert steps[0].seconds > 0
    assert steps[0].locks["commitment"] == steps[0].locks["commitment_history"] == "AccessExclusiveLock"
    assert "version" not in steps[0].locks  # a temporary table, which nobody else knows
    assert await at(empty_database_url) == BEFORE
    await migrate(empty_database_url)
    assert [step.name for step in await check(empty_database_url, lock_s=3)] == [RIGHTS]


async def test_tables_that_a_migration_makes_are_not_told_of(empty_database_url: str) -> None:
    steps = await check(empty_database_url, lock_s=3)
    assert [step.name for step in steps] == [*REVISIONS, RIGHTS]
    assert [step.locks for step in steps] == [{}] * len(steps)
    connection = await asyncpg.connect(empty_database_url)
    assert await connection.fetchval("SELECT count(*) FROM pg_class WHERE relname = 'topic'") == 0
    await connection.close()


def test_locks_are_told_in_words() -> None:
    found = strongest([("a", "RowExclusiveLock"), ("a", "AccessExclusiveLock"), ("a", "ShareLock"), ("b", "ShareLock")])
    assert found == {"a": "AccessExclusiveLock", "b": "ShareLock"}
    steps = [Step("0014_one", 1.5, {"topic": "AccessExclusiveLock", "matter": "ShareUpdateExclusiveLock"}),
             Step("0015_two", 0.001, {})]  # fmt: skip
    assert told(steps).splitlines() == [
        "0014_one  1.50 s",
        "  matter  SHARE UPDATE EXCLUSIVE  no other change of the schema",
        "  topic   ACCESS EXCLUSIVE        reads and writes wait",
        "0015_two  0.00 s  no locks that hold anybody up",
    ]
    assert words("ShareRowExclusiveLock") == "SHARE ROW EXCLUSIVE"


async def test_migration_gives_way_and_tries_again(empty_database_url: str) -> None:
    url = empty_database_url
    await migrate(url, BEFORE)
    holder, other = await asyncpg.connect(url), await asyncpg.connect(url)
    async with holder.transaction():
        await holder.execute("LOCK TABLE commitment IN ACCESS SHARE MODE")  # as a long query does
        with capture_logs() as logs:
            migrating = asyncio.create_task(migrate(url, patience=Patience(0.3, 50)))
            while not await other.fetchval(WAITING):  # noqa: ASYNC110 -- waits for the server
                await asyncio.sleep(0.01)
            async with asyncio.timeout(10):  # behind the migration, which gives way
                await other.execute("SELECT count(*) FROM commitment")
            while not logs:  # noqa: ASYNC110 -- as above
                await asyncio.sleep(0.01)
    async with asyncio.timeout(60):
        await migrating
    assert {one["event"] for one in logs} == {"a migration waits for a lock and lets others go first"}
    assert await at(url) == HEAD
    await holder.close()
    await other.close()


async def test_migration_that_gets_no_lock_ends_in_one_line(empty_database_url: str) -> None:
    url = empty_database_url
    await migrate(url, BEFORE)
    holder = await asyncpg.connect(url)

    async def run(*words_: str) -> tuple[int | None, list[str]]:
        own = {name: value for name, value in os.environ.items() if not name.startswith("SHANGLIANG_")}
        settings = {
            "SHANGLIANG_DATABASE_URL": url,
            "SHANGLIANG_MIGRATION_LOCK_S": "0.2",
            "SHANGLIANG_MIGRATION_TRIES": "2",
        }
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "deploy", "migrate", *words_, env={**own, **settings}, stdout=PIPE, stderr=PIPE
        )
        out, said = await asyncio.wait_for(process.communicate(), 60)
        return process.returncode, [*out.decode().splitlines(), *said.decode().splitlines()]

    async with holder.transaction():
        await holder.execute("LOCK TABLE commitment IN ACCESS SHARE MODE")
        with pytest.raises(LocksNotGiven):
            await migrate(url, patience=Patience(0.1, 1))
        status, lines = await run()
        assert status == 1
        assert lines[-1] == (
            "A lock that the migration needs was not given within 0.2 s, in 2 tries: end what holds it, or set "
            "SHANGLIANG_MIGRATION_LOCK_S or SHANGLIANG_MIGRATION_TRIES higher."
        )
        status, lines = await run("--check")
        assert status == 1
        assert lines[-1].startswith("A lock that the migration needs was not given within 0.2 s, in 1 tries: ")
    await holder.close()
    status, lines = await run("--check")
    assert status == 0
    assert lines[0].startswith(f"{REVISIONS[CHANGED]}  ")
    assert any(" ".join(line.split()) == "commitment ACCESS EXCLUSIVE reads and writes wait" for line in lines)
    assert any(line.startswith(RIGHTS) for line in lines)
    assert await at(url) == BEFORE
    status, _ = await run()
    assert (status, await at(url)) == (0, HEAD)


async def test_second_migration_waits_for_the_first_however_long(empty_database_url: str) -> None:
    """The lock by which one migrates at a time is no table's: nobody else waits for it."""
    await asyncio.gather(*(migrate(empty_database_url, patience=Patience(1, 1)) for _ in range(3)))
    assert await at(empty_database_url) == HEAD
