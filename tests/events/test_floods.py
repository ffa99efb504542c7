"""One department that does all it can to the broker and the intake, and what the others notice of it."""

import asyncio
import json
import subprocess
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import aio_pika
import httpx
import pytest
from aio_pika.abc import AbstractExchange
from aiormq.exceptions import ChannelPreconditionFailed
from sqlalchemy.engine import make_url

from deploy.servers.rabbitmq import PrivateRabbitMQ
from events.limits import Pace, account_limits
from events.management import open_management
from events.messages.envelope import MOST_BYTES
from events.names import REJECTED_INBOX, REPLIES, REPLIES_INBOX, parked, replies
from services.core.limits import AgencyLimits
from tests.events.tools import (
    PATIENCE_S,
    account,
    clear_policy,
    declare,
    depth,
    intake,
    reply,
    send,
    take_messages,
    until,
)
from tests.servers import LIMITS, BrokerAddress
from tests.world import World

COURT, POWER = "qinshui-court", "qinshui-power"
FAULTS = (*aio_pika.exceptions.CONNECTION_EXCEPTIONS, aio_pika.exceptions.DeliveryError, TimeoutError)
FLOODING = Path(__file__).parent / "clients" / "flooding.py"
FLOOD_S = 30.0
GOOD = 100
MOST_S = 15.0
"""Within which each reply beside a flood has to be in; what is usual is printed."""


@asynccontextmanager
async def replying(url: str) -> AsyncIterator[AbstractExchange]:
    connection = await aio_pika.connect(url, timeout=15)
    async with connection:
        channel = await connection.channel(publisher_confirms=True)
        yield await channel.get_exchange(REPLIES, ensure=False)


async def taken(world: World, code: str) -> int:
    question = (
        "SELECT count(*) FROM inbox_message JOIN department ON department.id = department_id "
        f"WHERE department.code = '{code}'"
    )
    ((found,),) = await world.rows(question)
    return int(str(found))


async def test_full_queue_of_rejected_replies_holds_up_nobody_but_its_sender_and_loses_nothing(
    world: World, declared: BrokerAddress
) -> None:
    court, power = [await account(declared, code) for code in (COURT, POWER)]
    event_id = await world.announce(COURT, POWER)
    await bound(declared, 5, REJECTED_INBOX, parked(COURT))
    async with intake(world.db, declared.url):
        for number in range(60):
            await send(court, f"{COURT}.reply.received", f"junk {number}".encode(), COURT)
        await until(lambda: is_full(declared, parked(COURT)))
        await send(power, f"{POWER}.reply.received", b"a typo", POWER)
        begun = time.perf_counter()
        await send(power, f"{POWER}.reply.received", reply("received", event_id), POWER)
        await until(lambda: one_taken(world, POWER))
        print(  # noqa: T201 -- a figure
            f"\nreply behind others' junk and a typo of its own: {time.perf_counter() - begun:.2f} s"
        )
        assert await depth(declared.url, parked(POWER)) == 1
        kept = await kept_of(declared)
        assert kept[REJECTED_INBOX] >= 5
        assert kept[replies(COURT)] > 0
        await clear_policy(declared)
        await until(lambda: emptied(declared, replies(COURT)))
    kept = await kept_of(declared)
    assert sum(kept.values()) >= 60  # one whose keeping was not confirmed may stand twice
    bodies = {
        message.body
        for name in (REJECTED_INBOX, parked(COURT))
        for message in await take_messages(declared.url, name, kept[name])
    }
    assert bodies == {f"junk {number}".encode() for number in range(60)}


async def bound(amqp: BrokerAddress, messages: int, *names: str) -> None:
    """Let some queues take so many messages."""
    vhost, definition = make_url(amqp.url).database, {"overflow": "reject-publish", "max-length": messages}
    policy = {"pattern": f"^({'|'.join(names)})$", "priority": 99, "definition": definition}
    async with httpx.AsyncClient(base_url=amqp.api_url) as client:
        (await client.put(f"/api/policies/{vhost}/test", json=policy)).raise_for_status()

        async def applied() -> bool:
            queues = [(await client.get(f"/api/queues/{vhost}/{name}")).json() for name in names]
            return all(one.get("effective_policy_definition") == definition for one in queues)

        await until(applied)


async def kept_of(amqp: BrokerAddress) -> dict[str, int]:
    return {name: await depth(amqp.url, name) for name in (REJECTED_INBOX, parked(COURT), replies(COURT))}


async def is_full(amqp: BrokerAddress, name: str) -> bool:
    return await depth(amqp.url, name) >= 5


async def emptied(amqp: BrokerAddress, name: str) -> bool:
    return await depth(amqp.url, name) == 0


async def one_taken(world: World, code: str) -> bool:
    return await taken(world, code) == 1


async def test_large_body_is_refused_unread_and_kept_cut(world: World, declared: BrokerAddress) -> None:
    url = await account(declared, COURT)
    body = b"x" * (MOST_BYTES + 10_000)
    async with intake(world.db, declared.url):
        await send(url, f"{COURT}.reply.received", body, COURT)
        (message,) = await take_messages(declared.url, REJECTED_INBOX, 1)
    assert message.headers["x-reason"] == f"The body has {len(body)} bytes; {MOST_BYTES} are allowed."
    assert (message.body, message.headers["x-body-bytes"]) == (body[:MOST_BYTES], len(body))


async def test_copies_to_anothers_queue_are_dropped(world: World, declared: BrokerAddress) -> None:
    url = await account(declared, COURT)
    event_id = await world.announce(COURT, POWER)
    message = aio_pika.Message(
        reply("received", event_id), user_id=COURT, headers={"CC": [f"{POWER}.reply.received", f"{POWER}.reply.x"]}
    )
    async with replying(url) as exchange, intake(world.db, declared.url):
        await exchange.publish(message, f"{COURT}.reply.received")
        await until(lambda: one_taken(world, COURT))
        await until(lambda: emptied(declared, replies(POWER)))
    assert await taken(world, POWER) == 0
    assert await depth(declared.url, REJECTED_INBOX) == 0


async def test_replies_from_before_an_upgrade_are_taken_in_first(world: World, declared: BrokerAddress) -> None:
    url = await account(declared, COURT)
    event_id = await world.announce(COURT)
    connection = await aio_pika.connect(declared.url)
    async with connection:
        old = await (await connection.channel()).get_queue(REPLIES_INBOX)
        await old.bind(REPLIES, "#")
        await send(url, f"{COURT}.reply.received", reply("received", event_id, id="1"), COURT)
        await declare(world.db, declared)
        await send(url, f"{COURT}.reply.accepted", reply("accepted", event_id, id="2"), COURT)
    assert [await depth(declared.url, name) for name in (REPLIES_INBOX, replies(COURT))] == [1, 2]
    async with intake(world.db, declared.url):
        await until(lambda: emptied(declared, replies(COURT)))
    assert await world.rows("SELECT receipt FROM delivery") == [("ACCEPTED",)]
    assert await depth(declared.url, REJECTED_INBOX) == 0


@pytest.fixture
async def own_broker(tmp_path: Path, world: World) -> AsyncIterator[BrokerAddress]:
    """A broker with the configuration that the service gives it; accounts and their limits are no vhost's own."""
    broker = PrivateRabbitMQ(tmp_path / "rabbitmq")
    await asyncio.to_thread(broker.start)
    try:
        await asyncio.to_thread(broker.wait_ready, 120)
        address = BrokerAddress(broker.url, broker.api_url)
        await declare(world.db, address)
        yield address
    finally:
        await asyncio.to_thread(broker.remove)


async def test_accounts_have_limits_that_are_put_right(world: World, own_broker: BrokerAddress) -> None:
    url = await account(own_broker, COURT)
    async with open_management(own_broker.api_url, own_broker.url) as management:
        await management.limit_accounts({COURT: {"max-connections": 1}})
        await declare(world.db, own_broker)
    open_: list[aio_pika.abc.AbstractConnection] = []
    try:
        for _ in range(LIMITS.connections):
            open_.append(await aio_pika.connect(url, timeout=15))  # noqa: PERF401 -- what is open is closed at any end
        with pytest.raises(aio_pika.exceptions.CONNECTION_EXCEPTIONS):
            await aio_pika.connect(url, timeout=15)
        for _ in range(LIMITS.channels):
            await open_[0].channel()
        with pytest.raises(FAULTS):
            await asyncio.wait_for(open_[1].channel(), 15)
    finally:
        for connection in open_:
            with suppress(*FAULTS):
                await connection.close()


async def test_body_beyond_the_brokers_limit_ends_its_channel(own_broker: BrokerAddress) -> None:
    url = await account(own_broker, COURT)
    await send(url, f"{COURT}.reply.received", b"x" * 262_144, COURT)
    with pytest.raises(ChannelPreconditionFailed, match="larger than configured max size 262144"):
        await send(url, f"{COURT}.reply.received", b"x" * 262_145, COURT)
    assert await depth(own_broker.url, replies(COURT)) == 1


@pytest.mark.timeout(400)
async def test_flood_harms_its_sender_alone(world: World, own_broker: BrokerAddress) -> None:
    """Another's replies come in, all of them, in a time that its account does not notice."""
    await declare(world.db, own_broker)
    court, power = [await account(own_broker, code) for code in (COURT, POWER)]
    async with open_management(own_broker.api_url, own_broker.url) as management:
        await management.limit_accounts(dict.fromkeys((COURT, POWER), account_limits(LIMITS)))
    event_id = await world.announce(POWER)
    async with intake(world.db, own_broker.url), replying(power) as exchange:
        for verb in ("received", "accepted"):
            await exchange.publish(aio_pika.Message(reply(verb, event_id), user_id=POWER), f"{POWER}.reply.{verb}")
        alone = await timed(world, exchange, event_id, 2)
        flood = await asyncio.create_subprocess_exec(
            sys.executable, str(FLOODING), court, str(FLOOD_S), stdout=subprocess.PIPE
        )
        await asyncio.sleep(5)
        beside = await timed(world, exchange, event_id, 2 + len(alone))
        async with open_management(own_broker.api_url, own_broker.url) as management:
            depths = await management.depths()
        counts = json.loads((await flood.communicate())[0])
    print(  # noqa: T201 -- figures
        f"\nreply taken in after, alone: {told(alone)}; beside a flood: {told(beside)}"
        f"\nthe flood: {counts['small'] / FLOOD_S:,.0f} small replies/s, {counts}; queues {depths}"
    )
    assert counts["small"] > 0
    assert counts["large ended"] > 0
    assert counts["most held"] <= LIMITS.connections
    assert counts["refused"] > 0
    assert len(beside) == GOOD
    assert max(beside) < MOST_S
    assert max(depths.values()) < 3 * LIMITS.replies  # a queue tells its publishers a moment late


async def timed(world: World, exchange: AbstractExchange, event_id: str, before: int) -> list[float]:
    """Send replies one after another; return the seconds from each one's publish until it is in its row."""
    seconds = []
    for number in range(before + 1, before + 1 + GOOD):
        begun = time.perf_counter()
        message = aio_pika.Message(reply("progress", event_id), user_id=POWER)
        await exchange.publish(message, f"{POWER}.reply.progress", timeout=PATIENCE_S)
        while await taken(world, POWER) < number:  # noqa: ASYNC110 -- the condition is in a database
            await asyncio.sleep(0.005)
        seconds.append(time.perf_counter() - begun)
    return seconds


def told(seconds: list[float]) -> str:
    """Return the middle and the slowest of some times."""
    found = sorted(seconds)
    return f"p50 {found[len(found) // 2]:.3f} s, p99 {found[int(len(found) * 0.99) - 1]:.3f} s, most {found[-1]:.3f} s"


def test_pace_lets_a_burst_through_and_then_so_many_a_second() -> None:
    pace = Pace(AgencyLimits(replies_at_once=1_000, replies_per_s=20))
    waits = [pace.wait_s(COURT, 0.0) for _ in range(1_040)]
    assert waits[:1_000] == [0] * 1_000
    assert waits[1_000:] == [number / 20 for number in range(1, 41)]
    assert pace.wait_s(POWER, 0.0) == 0
    assert pace.wait_s(COURT, 3.0) == 0
