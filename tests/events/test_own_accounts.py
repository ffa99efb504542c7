"""The relay's and the intake's accounts on a running broker: enough for their work, and for nothing else."""

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from uuid import uuid4

import aio_pika
import pytest
from aio_pika.abc import AbstractChannel
from aiormq.exceptions import ChannelAccessRefused

from events.management import open_management
from events.names import (
    DEAD,
    EVENTS,
    PARKED,
    REJECTED,
    REJECTED_INBOX,
    REPLIES,
    REPLIES_INBOX,
    dead,
    inbox,
    parked,
    replies,
)
from events.passwords import new_password
from events.permissions import own_accounts
from events.upkeep import bring_topology
from tests.events.test_permissions import address, bind, consume, get, publish, purge, refused
from tests.events.tools import account, depth, intake, relay, reply, send, take_messages, until
from tests.servers import LIMITS, BrokerAddress
from tests.world import World

COURT = "qinshui-court"


@dataclass
class Own:
    """A vhost whose relay and intake have accounts of their own, named like those of Docker Compose."""

    amqp: BrokerAddress
    relay_account: str
    relay_url: str
    intake_url: str


@pytest.fixture
async def own(world: World, amqp: BrokerAddress) -> AsyncIterator[Own]:
    run = uuid4().hex[:8]
    names = [f"shangliang-{run}.{what}" for what in ("relay", "intake")]
    relay_url, intake_url = (address(amqp, name, new_password()) for name in names)
    accounts = own_accounts(relay_url=relay_url, intake_url=intake_url, others=[amqp.url, amqp.api_url])
    for _ in range(2):
        await bring_topology(world.db, amqp_url=amqp.url, api_url=amqp.api_url, limits=LIMITS, own=accounts)
    yield Own(amqp, names[0], relay_url, intake_url)
    async with open_management(amqp.api_url, amqp.url) as management:
        for name in names:
            await management.delete_account(name)


async def test_relay_and_intake_do_all_their_work_with_them(world: World, own: Own) -> None:
    url = await account(own.amqp, COURT)
    event_id = await world.announce(COURT)

    async def received() -> bool:
        return await world.rows("SELECT receipt FROM delivery") == [("RECEIVED",)]

    async with relay(world.db, world.url, own.relay_url), intake(world.db, own.intake_url):
        (event,) = await take_messages(url, inbox(COURT), 1)
        await send(url, f"{COURT}.reply.received", reply("received", event_id), COURT)
        await until(received)
        await send(url, f"{COURT}.reply.accepted", b"not JSON", COURT)
        (rejected,) = await take_messages(own.amqp.url, REJECTED_INBOX, 1)
        (refusal,) = await take_messages(url, inbox(COURT), 1)
    assert (event.user_id, event.type) == (own.relay_account, "cn.shangliang.topic.listed.v1")
    assert rejected.body == b"not JSON"
    assert refusal.type == "cn.shangliang.reply.rejected.v1"
    assert await depth(own.amqp.url, replies(COURT)) == 0


ACTS: dict[str, Callable[[AbstractChannel], Awaitable[object]]] = {
    "publish events": lambda channel: publish(channel, EVENTS, f"{COURT}.topic.listed"),
    "publish replies": lambda channel: publish(channel, REPLIES, f"{COURT}.reply.received"),
    "publish rejected": lambda channel: publish(channel, REJECTED, f"{COURT}.reply.received"),
    "publish dead": lambda channel: publish(channel, DEAD, f"{COURT}.topic.listed"),
    "publish to a queue": lambda channel: publish(channel, "", inbox(COURT)),
    "read an inbox": lambda channel: consume(channel, inbox(COURT)),
    "read a dead queue": lambda channel: get(channel, dead(COURT)),
    "publish parked": lambda channel: publish(channel, PARKED, f"{COURT}.reply.received"),
    "read replies": lambda channel: consume(channel, replies(COURT)),
    "read strays": lambda channel: consume(channel, REPLIES_INBOX),
    "read parked": lambda channel: consume(channel, parked(COURT)),
    "read rejected": lambda channel: consume(channel, REJECTED_INBOX),
    "purge": lambda channel: purge(channel, inbox(COURT)),
    "bind": lambda channel: bind(channel, replies(COURT), EVENTS),
    "declare a queue": lambda channel: channel.declare_queue(inbox(COURT), durable=True),
    "declare a queue without a name": lambda channel: channel.declare_queue(exclusive=True),
    "declare an exchange": lambda channel: channel.declare_exchange(EVENTS, aio_pika.ExchangeType.TOPIC, durable=True),
    "delete a queue": lambda channel: channel.queue_delete(inbox(COURT), if_unused=False, if_empty=False),
    "delete an exchange": lambda channel: channel.exchange_delete(EVENTS),
}


async def test_relay_and_intake_may_do_nothing_else(own: Own) -> None:
    ends = {
        (name, what): await refused(url, act)
        for name, url in (("relay", own.relay_url), ("intake", own.intake_url))
        for what, act in ACTS.items()
    }
    assert {case for case, end in ends.items() if end is None} == {
        ("relay", "publish events"),
        ("intake", "publish rejected"),
        ("intake", "publish parked"),
        ("intake", "read replies"),
        ("intake", "read strays"),
    }
    assert {end for end in ends.values() if end} == {ChannelAccessRefused}
