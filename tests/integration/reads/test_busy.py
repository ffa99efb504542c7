"""A database that is busy or away: every way to it tells so, and when to come back, and goes on afterwards."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from time import monotonic
from typing import TypeAlias

import asyncpg
import pytest

from services.core.database import Database
from services.core.deadline import answered_within, renew
from services.core.errors import Unavailable
from services.migrations.grants import Login
from tests import servers

LIMIT_S = 1.0
Owner: TypeAlias = "asyncpg.Connection[asyncpg.Record]"
Way = Callable[[Database, str], Awaitable[None]]


async def read(db: Database, sql: str) -> None:
    await db.reads.read_json(sql, [])


async def rows(db: Database, sql: str) -> None:
    async for _ in db.rows.batches(sql, []):
        pass


async def write(db: Database, sql: str) -> None:
    async with db.write(within_s=db.limit_s) as tx:
        await (await tx.connection()).exec_driver_sql(sql)


WAYS: tuple[Way, ...] = (read, rows, write)
NUMBER = "SELECT count(*)::text FROM number"
SLEEPING = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event = 'PgSleep'"
MAKE = "CREATE TABLE number (n int); GRANT SELECT ON number TO PUBLIC"


@pytest.fixture
async def owner(empty_database_url: str) -> AsyncIterator[Owner]:
    connection = await asyncpg.connect(empty_database_url)
    await connection.execute(MAKE)
    yield connection
    await connection.close()


@pytest.fixture
async def db(empty_database_url: str, owner: Owner) -> AsyncIterator[Database]:
    """A database whose statements take a second at most, with one connection of each kind."""
    assert owner is not None
    own = servers.login_url(empty_database_url, Login.WRITE)
    opened = await Database.open(
        own, read_connections=1, write_connections=1, statement_timeout_s=LIMIT_S, export_timeout_s=LIMIT_S
    )
    yield opened
    await opened.close()


async def end_others(owner: Owner) -> None:
    """End all other connections of the database."""
    await owner.execute(
        "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity"
        " WHERE datname = current_database() AND pid <> pg_backend_pid()"
    )


async def name_of(owner: Owner) -> str:
    return str(await owner.fetchval("SELECT current_database()"))


@asynccontextmanager
async def full(owner: Owner) -> AsyncIterator[None]:
    """Let the server refuse further connections, as it does where as many as may be are open (53300)."""
    name = await name_of(owner)
    await owner.execute(f'ALTER DATABASE "{name}" CONNECTION LIMIT 0')
    await end_others(owner)
    yield
    await owner.execute(f'ALTER DATABASE "{name}" CONNECTION LIMIT -1')


@asynccontextmanager
async def ending(owner: Owner) -> AsyncIterator[None]:
    """End connections again and again, as a server that is shut down does (57P01)."""

    async def end() -> None:
        while True:
            await end_others(owner)
            await asyncio.sleep(0.02)

    task = asyncio.create_task(end())
    yield
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


@asynccontextmanager
async def locked(owner: Owner) -> AsyncIterator[None]:
    """Hold a lock that every statement waits for."""
    async with owner.transaction():
        await owner.execute("LOCK TABLE number IN ACCESS EXCLUSIVE MODE")
        yield


State = Callable[[Owner], AbstractAsyncContextManager[None]]


async def refusal(way: Way, db: Database, sql: str) -> Unavailable:
    """Return how a statement was refused."""
    with pytest.raises(Unavailable) as refused:
        await way(db, sql)
    return refused.value


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize(("state", "sql"), [(full, NUMBER), (ending, "SELECT 'a'::text FROM pg_sleep(30)")])
async def test_a_server_that_takes_no_connection_or_ends_them_is_unavailable(
    owner: Owner, db: Database, state: State, sql: str, way: Way
) -> None:
    await way(db, NUMBER)
    async with state(owner):
        refused = await refusal(way, db, sql)
    assert (refused.code, refused.retry_after_s) == ("UNAVAILABLE", 10)
    await way(db, NUMBER)


@pytest.mark.parametrize("way", WAYS)
async def test_a_lock_is_waited_for_in_bounded_time(owner: Owner, db: Database, way: Way) -> None:
    async with locked(owner):
        began = monotonic()
        refused = await refusal(way, db, NUMBER)
        assert (refused.code, refused.retry_after_s) == ("UNAVAILABLE", 1)
        assert LIMIT_S / 2 <= monotonic() - began < LIMIT_S + 3
    await way(db, NUMBER)


async def test_a_transaction_that_waits_for_a_connection_is_given_up_in_time(db: Database) -> None:
    async def hold() -> None:
        async with db.write() as tx:
            await (await tx.connection()).exec_driver_sql("SELECT pg_sleep(0.9)")
            await asyncio.sleep(1.5)

    holding = asyncio.create_task(hold())
    await asyncio.sleep(0.3)
    began = monotonic()
    refused = await refusal(write, db, NUMBER)
    assert LIMIT_S - 0.2 <= monotonic() - began < LIMIT_S + 1
    assert (refused.code, refused.retry_after_s) == ("UNAVAILABLE", 10)
    await holding
    await write(db, NUMBER)


async def test_a_transaction_that_is_given_up_changes_nothing_and_is_ended_at_the_server(
    owner: Owner, db: Database
) -> None:
    await owner.execute("GRANT INSERT ON number TO PUBLIC")

    async def insert(db: Database, sql: str) -> None:
        async with db.write(within_s=0.5) as tx:
            connection = await tx.connection()
            for step in ("INSERT INTO number VALUES (1)", "SELECT pg_sleep(0.3)", sql):
                await connection.exec_driver_sql(step)

    refused = await refusal(insert, db, "SELECT pg_sleep(0.9)")
    assert (refused.code, refused.retry_after_s) == ("UNAVAILABLE", 10)
    async with asyncio.timeout(2):
        while await owner.fetchval(SLEEPING):  # noqa: ASYNC110 -- what is waited for is the server's
            await asyncio.sleep(0.02)
    assert await owner.fetchval("SELECT count(*) FROM number") == 0
    await write(db, NUMBER)


async def test_a_transaction_that_waits_for_a_lock_gives_way_to_one_that_waits_for_its_connection(
    owner: Owner, empty_database_url: str
) -> None:
    await owner.execute("CREATE TABLE other (n int); GRANT SELECT ON other TO PUBLIC")
    own = servers.login_url(empty_database_url, Login.WRITE)
    db = await Database.open(own, write_connections=1, statement_timeout_s=20)
    async with locked(owner):
        held_up = asyncio.create_task(refusal(write, db, NUMBER))
        await asyncio.sleep(0.5)
        assert not held_up.done()
        await write(db, "SELECT count(*) FROM other")
        refused = await held_up
    assert (refused.code, refused.retry_after_s) == ("UNAVAILABLE", 1)
    await write(db, NUMBER)
    await db.close()


async def test_all_of_a_request_has_one_deadline_and_what_was_done_renews_it(db: Database) -> None:
    async def sleep(seconds: float) -> None:
        await write(db, f"SELECT pg_sleep({seconds})")

    with answered_within(LIMIT_S):
        await sleep(0.7)
        with pytest.raises(Unavailable):
            await sleep(0.7)
        renew()
        await sleep(0.1)
        await read(db, NUMBER)
