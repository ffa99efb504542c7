import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path

import pytest
from structlog.testing import capture_logs
from structlog.typing import EventDict

from deploy import local
from deploy.servers.postgres import EmbeddedPostgres
from services.migrations.run import migrate
from tests.events.tools import account, declare, intake, relay, reply, send, take, until
from tests.live.busy.ground import paused
from tests.servers import BrokerAddress, as_owner, open_as
from tests.world import World, build

COURT = "qinshui-court"


@pytest.fixture
async def own_database(tmp_path: Path) -> AsyncIterator[EmbeddedPostgres]:
    """A database server to be killed."""
    server = EmbeddedPostgres(tmp_path / "postgres")
    await asyncio.to_thread(server.start)
    addresses = local.embedded(server)
    await migrate(server.url, passwords=addresses.passwords, key=addresses.rights_key)
    yield server
    await asyncio.to_thread(server.remove)


async def test_database_that_is_down_only_delays(own_database: EmbeddedPostgres, amqp: BrokerAddress) -> None:
    db = await open_as(own_database.url)
    world = await build(db, own_database.url)
    await declare(db, amqp)
    with capture_logs() as logs:
        async with relay(db, world.url, amqp.url):
            sent = [await world.announce(COURT)]
            assert [event["id"] for event in await take(amqp.url, COURT, 1)] == sent
            await until(lambda: settled(world))
            await asyncio.to_thread(own_database.kill)
            await asyncio.sleep(3)
            await asyncio.to_thread(own_database.start)
            sent.append(await world.announce(COURT))
            assert [event["id"] for event in await take(amqp.url, COURT, 1)] == sent[1:]
            await until(lambda: settled(world))
    await db.close()
    assert [(entry["event"], entry["what"]) for entry in logs] == [
        ("unavailable", "database"),
        ("available again", "database"),
    ]


async def test_database_that_stands_still_only_delays(own_database: EmbeddedPostgres, amqp: BrokerAddress) -> None:
    db = await open_as(own_database.url)
    world = await build(db, own_database.url)
    await declare(db, amqp)
    url = await account(amqp, COURT)
    with capture_logs() as logs:
        async with relay(db, world.url, amqp.url, statement_timeout_s=1), intake(db, amqp.url):
            sent = [await world.announce(COURT)]
            assert [event["id"] for event in await take(amqp.url, COURT, 1)] == sent
            await until(lambda: settled(world))
            with paused(own_database.log_file.parent):
                body = reply("received", sent[0])
                await send(url, f"{COURT}.reply.received", body, COURT)
                await until(lambda: both_say_so(logs))
            sent.append(await world.announce(COURT))
            assert [event["id"] for event in await take(amqp.url, COURT, 1)] == sent[1:]
            await until(lambda: settled(world))
            await until(lambda: received(world))
    await db.close()


async def both_say_so(logs: list[EventDict]) -> bool:
    return len([entry for entry in logs if (entry["event"], entry.get("what")) == ("unavailable", "database")]) == 2


async def received(world: World) -> bool:
    return bool(await world.rows("SELECT 1 FROM delivery WHERE receipt = 'RECEIVED'"))


async def settled(world: World) -> bool:
    return not await world.rows("SELECT 1 FROM delivery WHERE status = 'PENDING'")


async def test_statement_that_takes_too_long_only_delays(world: World, declared: BrokerAddress) -> None:
    """As an outage does: the relay says so once and goes on."""
    with capture_logs() as logs:
        async with AsyncExitStack() as stack:
            async with as_owner(world.url) as tx:
                await (await tx.connection()).exec_driver_sql("LOCK TABLE department_channel IN ACCESS EXCLUSIVE MODE")
                await stack.enter_async_context(relay(world.db, world.url, declared.url, statement_timeout_s=1))
                await until(lambda: any_of(logs))
            sent = await world.announce(COURT)
            assert [event["id"] for event in await take(declared.url, COURT, 1)] == [sent]
            await until(lambda: settled(world))
    assert [(entry["event"], entry["what"]) for entry in logs] == [
        ("unavailable", "database"),
        ("available again", "database"),
    ]


async def any_of(logs: list[EventDict]) -> bool:
    return bool(logs)
