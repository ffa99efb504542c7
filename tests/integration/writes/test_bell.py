import asyncio
from collections.abc import AsyncIterator

import asyncpg
import pytest

from services.core.bell import Bell
from services.core.database import Database
from tests.world import World

NOTIFIERS = "SELECT proname FROM pg_proc WHERE pronamespace = 'public'::regnamespace AND prosrc ~* 'notify'"


class Heard:
    """What a listener hears."""

    def __init__(self, connection: "asyncpg.Connection[asyncpg.Record]") -> None:
        self.connection = connection
        self.channels = asyncio.Queue[str]()

    def take(self, *told: object) -> None:
        self.channels.put_nowait(str(told[2]))

    async def next(self) -> str:
        async with asyncio.timeout(30):
            return await self.channels.get()


@pytest.fixture
async def heard(world: World) -> AsyncIterator[Heard]:
    """A listener to two channels."""
    connection = await asyncpg.connect(world.url)
    found = Heard(connection)
    for channel in ("one", "other"):
        await connection.add_listener(channel, found.take)
    yield found
    await connection.close()


async def test_a_commit_is_notified_of_once_it_is_seen(world: World, heard: Heard) -> None:
    await heard.connection.execute("CREATE TABLE noted (n INTEGER); GRANT ALL ON noted TO PUBLIC")
    async with world.db.write() as tx:
        await tx.read_json("INSERT INTO noted VALUES (1) RETURNING n::text", ())
        await tx.notify("other")
        await tx.notify("one")
        await tx.notify("one")
    assert [await heard.next(), await heard.next()] == ["one", "other"]
    assert await heard.connection.fetchval("SELECT count(*) FROM noted") == 1
    assert heard.channels.empty()


async def test_what_was_taken_back_is_not_notified_of(world: World, heard: Heard) -> None:
    async def undone() -> None:
        async with world.db.write() as tx:
            await tx.notify("one")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        await undone()
    async with world.db.write() as tx:
        await tx.notify("other")
    assert await heard.next() == "other"
    assert heard.channels.empty()


async def test_commits_at_once_are_notified_of_together(world: World, heard: Heard) -> None:
    bell = Bell(world.url)
    for _ in range(100):
        bell.ring(["one"])
    await bell.close()
    assert await heard.next() == "one"
    assert heard.channels.empty()


async def test_a_lost_connection_is_opened_again(world: World, heard: Heard) -> None:
    bell = Bell(world.url)
    bell.ring(["one"])
    assert await heard.next() == "one"
    ended = (
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
        "WHERE query ~ 'unnest.*channel' AND pid <> $1 AND datname = current_database()"
    )
    assert len(await heard.connection.fetch(ended, heard.connection.get_server_pid())) == 1
    for _ in range(300):
        bell.ring(["other"])
        await asyncio.sleep(0.1)
        if not heard.channels.empty():
            break
    assert await heard.next() == "other"
    await bell.close()


async def test_without_a_server_nothing_is_notified_and_nobody_is_told() -> None:
    bell = Bell("postgresql://nobody@127.0.0.1:9/nothing")
    bell.ring(["one"])
    await bell.close()


async def test_a_closed_database_has_notified(world: World, heard: Heard) -> None:
    db = await Database.open(world.url)
    async with db.write() as tx:
        await tx.notify("one")
    await db.close()
    assert await heard.next() == "one"


async def test_no_function_of_the_database_notifies_within_a_transaction(heard: Heard) -> None:
    assert await heard.connection.fetch(NOTIFIERS) == []
