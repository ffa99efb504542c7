"""What a department's account may do, tried against a running broker: department A on everything of B's."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from uuid import uuid4

import aio_pika
import httpx
import pytest
from aio_pika.abc import AbstractChannel
from aiormq.exceptions import ChannelAccessRefused, ChannelPreconditionFailed
from sqlalchemy.engine import make_url

from events.accounts import AccountRefused, add_account, definitions_file, remove_account, rotate_account
from events.management import Management, open_management, vhost_of
from events.names import DEAD, EVENTS, REJECTED, REJECTED_INBOX, REPLIES, REPLIES_INBOX, dead, inbox, parked, replies
from events.passwords import new_password
from events.topology import apply_topology
from services.notices.channels import Channel
from tests.events.tools import depth, send, take_messages
from tests.servers import LIMITS, BrokerAddress


@dataclass
class Place:
    """A vhost with the topology of two departments that have accounts; A is under test."""

    amqp: BrokerAddress
    a: str
    b: str
    url_of_a: str
    url_of_b: str


def address(amqp: BrokerAddress, account: str, password: str) -> str:
    return make_url(amqp.url).set(username=account, password=password).render_as_string(hide_password=False)


@asynccontextmanager
async def management_of(amqp: BrokerAddress) -> AsyncIterator[Management]:
    async with open_management(amqp.api_url, amqp.url) as management:
        yield management


@pytest.fixture
async def place(amqp: BrokerAddress) -> AsyncIterator[Place]:
    run = uuid4().hex[:8]
    a, b = f"a-{run}", f"b-{run}"
    await apply_topology([Channel(a, "甲"), Channel(b, "乙")], amqp_url=amqp.url, api_url=amqp.api_url, limits=LIMITS)
    async with management_of(amqp) as management:
        passwords = [await add_account(management, code, LIMITS) for code in (a, b)]
        yield Place(amqp, a, b, address(amqp, a, passwords[0]), address(amqp, b, passwords[1]))
        for code in (a, b):
            await remove_account(management, code)


Act = Callable[[AbstractChannel, Place], Awaitable[object]]


async def publish(
    channel: AbstractChannel, exchange: str, key: str, user_id: str | None = None, **headers: object
) -> None:
    message = aio_pika.Message(b"x", user_id=user_id, headers=headers)  # type: ignore[arg-type]
    target = await channel.get_exchange(exchange, ensure=False) if exchange else channel.default_exchange
    await target.publish(message, key, mandatory=False, timeout=10)


async def queue(channel: AbstractChannel, name: str) -> aio_pika.abc.AbstractQueue:
    return await channel.get_queue(name, ensure=False)


async def drop(message: aio_pika.abc.AbstractIncomingMessage) -> None:
    """Take a message and say nothing."""


async def consume(channel: AbstractChannel, name: str) -> None:
    await (await queue(channel, name)).consume(drop)


async def purge(channel: AbstractChannel, name: str) -> None:
    await (await queue(channel, name)).purge()


async def get(channel: AbstractChannel, name: str) -> None:
    await (await queue(channel, name)).get(no_ack=True, fail=False)


async def bind(channel: AbstractChannel, name: str, exchange: str) -> None:
    await (await queue(channel, name)).bind(exchange, "#")


async def unbind(channel: AbstractChannel, name: str, exchange: str) -> None:
    await (await queue(channel, name)).unbind(exchange, "#")


async def bind_exchanges(channel: AbstractChannel, source: str, destination: str) -> None:
    target = await channel.get_exchange(destination, ensure=False)
    await target.bind(source, "#")


OF_OTHERS: dict[str, Callable[[Place], str]] = {
    "B's inbox": lambda place: inbox(place.b),
    "B's dead queue": lambda place: dead(place.b),
    "B's replies": lambda place: replies(place.b),
    "B's parked replies": lambda place: parked(place.b),
    "its own replies": lambda place: replies(place.a),
    "its own parked replies": lambda place: parked(place.a),
    "replies' queue": lambda _place: REPLIES_INBOX,
    "rejected queue": lambda _place: REJECTED_INBOX,
}
ON_QUEUES: dict[str, Callable[[AbstractChannel, str], Awaitable[object]]] = {
    "declare": lambda channel, name: channel.declare_queue(
        name, durable=True, arguments={"x-queue-type": "quorum", "x-single-active-consumer": True}
    ),
    "delete": lambda channel, name: channel.queue_delete(name, if_unused=False, if_empty=False),
    "purge": purge,
    "get": get,
    "consume": consume,
    "bind to replies": lambda channel, name: bind(channel, name, REPLIES),
    "bind to events": lambda channel, name: bind(channel, name, EVENTS),
    "unbind from events": lambda channel, name: unbind(channel, name, EVENTS),
}


ELSEWHERE: dict[str, Act] = {
    "publish to events": lambda channel, place: publish(channel, EVENTS, f"{place.b}.topic.listed"),
    "publish to events for itself": lambda channel, place: publish(channel, EVENTS, f"{place.a}.topic.listed"),
    "publish replies as B": lambda channel, place: publish(channel, REPLIES, f"{place.b}.reply.received"),
    "publish replies as B under its own user_id": lambda channel, place: publish(
        channel, REPLIES, f"{place.b}.reply.received", place.a
    ),
    "publish replies under a longer name": lambda channel, place: publish(
        channel, REPLIES, f"{place.a}x.reply.received"
    ),
    "publish replies under no name": lambda channel, _place: publish(channel, REPLIES, "reply.received"),
    "publish to the default exchange": lambda channel, place: publish(channel, "", inbox(place.b)),
    "publish to its own queue": lambda channel, place: publish(channel, "", inbox(place.a)),
    "publish to dead": lambda channel, place: publish(channel, DEAD, f"{place.b}.topic.listed"),
    "publish to rejected": lambda channel, place: publish(channel, REJECTED, f"{place.b}.reply.received"),
    "publish to amq.topic": lambda channel, place: publish(channel, "amq.topic", place.b),
    "declare a queue of its own": lambda channel, place: channel.declare_queue(f"agency.{place.a}.other"),
    "declare a queue without a name": lambda channel, _place: channel.declare_queue(exclusive=True),
    "declare an exchange": lambda channel, place: channel.declare_exchange(f"{place.a}.events"),
    "declare events": lambda channel, _place: channel.declare_exchange(
        EVENTS, aio_pika.ExchangeType.TOPIC, durable=True
    ),
    "delete events": lambda channel, _place: channel.exchange_delete(EVENTS),
    "delete replies": lambda channel, _place: channel.exchange_delete(REPLIES),
    "delete its own inbox": lambda channel, place: channel.queue_delete(inbox(place.a), if_unused=False),
    "bind its own inbox to events": lambda channel, place: bind(channel, inbox(place.a), EVENTS),
    "bind its own inbox to replies": lambda channel, place: bind(channel, inbox(place.a), REPLIES),
    "unbind its own inbox": lambda channel, place: unbind(channel, inbox(place.a), EVENTS),
    "bind replies to events": lambda channel, _place: bind_exchanges(channel, EVENTS, REPLIES),
    "bind events to replies": lambda channel, _place: bind_exchanges(channel, REPLIES, EVENTS),
    "read the broker's trace": lambda channel, place: bind(channel, inbox(place.a), "amq.rabbitmq.trace"),
}


async def refused(url: str, act: Callable[..., Awaitable[object]], *subject: object) -> type[BaseException] | None:
    """Do something on a connection of its own; return with which error the broker refused it, None if it did not."""
    connection = await aio_pika.connect(url, timeout=10)
    async with connection:
        channel = await connection.channel(publisher_confirms=True)
        try:
            await asyncio.wait_for(act(channel, *subject), 15)
        except (ChannelAccessRefused, ChannelPreconditionFailed) as error:
            return type(error)
    return None


async def test_every_verb_on_what_belongs_to_others_is_refused(place: Place) -> None:
    ends = {}
    for verb, act in ON_QUEUES.items():
        for whose, name_of in OF_OTHERS.items():
            ends[verb, whose] = await refused(place.url_of_a, act, name_of(place))
    for what, elsewhere in ELSEWHERE.items():
        ends[what, ""] = await refused(place.url_of_a, elsewhere, place)
    assert {case: end for case, end in ends.items() if end is not ChannelAccessRefused} == {}
    assert len(ends) == 8 * 8 + 24
    assert [await depth(place.amqp.url, name) for name in (inbox(place.b), dead(place.b), replies(place.b))] == [0] * 3
    assert await depth(place.amqp.url, REJECTED_INBOX) == 0


async def test_forged_sender_is_refused(place: Place) -> None:
    key = f"{place.a}.reply.received"
    end = await refused(place.url_of_a, lambda channel: publish(channel, REPLIES, key, place.b))
    assert end is ChannelPreconditionFailed
    assert await depth(place.amqp.url, replies(place.a)) == 0


async def test_passive_declaration_tells_depths_and_no_more(place: Place) -> None:
    """The broker asks no permission for it: a limit of AMQP 0-9-1 in one vhost that is documented, not hidden."""
    connection = await aio_pika.connect(place.url_of_a)
    async with connection:
        channel = await connection.channel()
        seen = (await channel.declare_queue(inbox(place.b), passive=True)).declaration_result
        await channel.declare_exchange(EVENTS, passive=True)
    assert (seen.message_count, seen.consumer_count) == (0, 0)


async def test_copies_by_header_reach_nobody_else(place: Place) -> None:
    """RabbitMQ 4.x refuses the whole message; 3.10 copies it to replies' queues alone, where the intake drops it."""
    headers = {"CC": [f"{place.b}.reply.received"], "BCC": [inbox(place.b), f"{place.b}.topic.listed"]}
    key = f"{place.a}.reply.received"
    end = await refused(place.url_of_a, lambda channel: publish(channel, REPLIES, key, place.a, **headers))
    if end is None:
        (message,) = await take_messages(place.amqp.url, replies(place.a), 1)
        assert (message.routing_key, message.user_id) == (key, place.a)
    else:
        assert end is ChannelAccessRefused
    assert await depth(place.amqp.url, inbox(place.b)) == 0


async def test_department_reads_its_queues_and_replies_under_its_name(place: Place) -> None:
    connection = await aio_pika.connect(place.amqp.url)
    async with connection:
        channel = await connection.channel()
        await publish(channel, EVENTS, f"{place.a}.topic.listed")
        await publish(channel, "", dead(place.a))
    assert [message.body for message in await take_messages(place.url_of_a, inbox(place.a), 1)] == [b"x"]
    assert [message.body for message in await take_messages(place.url_of_a, dead(place.a), 1)] == [b"x"]
    await send(place.url_of_a, f"{place.a}.reply.received", b"reply", place.a)
    (reply,) = await take_messages(place.amqp.url, replies(place.a), 1)
    assert (reply.body, reply.user_id) == (b"reply", place.a)


async def test_account_opens_neither_the_management_api_nor_another_vhost(place: Place) -> None:
    url = make_url(place.url_of_a)
    async with httpx.AsyncClient(base_url=place.amqp.api_url, auth=(str(url.username), str(url.password))) as client:
        for path in ("whoami", "overview", "users", "queues", f"queues/{url.database}/{inbox(place.a)}"):
            assert (await client.get(f"/api/{path}")).status_code == 401, path
    with pytest.raises(aio_pika.exceptions.CONNECTION_EXCEPTIONS):
        await aio_pika.connect(url.set(database="/").render_as_string(hide_password=False), timeout=10)


async def test_rotated_password_replaces_the_old_one(place: Place) -> None:
    async with management_of(place.amqp) as management:
        password = await rotate_account(management, place.a, LIMITS)
    assert len(password) == 32
    with pytest.raises(aio_pika.exceptions.CONNECTION_EXCEPTIONS):
        await aio_pika.connect(place.url_of_a, timeout=10)
    connection = await aio_pika.connect(address(place.amqp, place.a, password), timeout=10)
    await connection.close()


async def test_removed_account_loses_its_connections_and_its_queue_keeps_what_is_in_it(place: Place) -> None:
    connection = await aio_pika.connect(place.url_of_a, timeout=10)
    ended = asyncio.Event()
    connection.close_callbacks.add(lambda *_: ended.set())
    channel = await connection.channel()
    await consume(channel, dead(place.a))
    admin = await aio_pika.connect(place.amqp.url)
    async with admin, management_of(place.amqp) as management:
        await publish(await admin.channel(), EVENTS, f"{place.a}.topic.listed")
        assert [await remove_account(management, place.a) for _ in range(2)] == [True, False]
        await asyncio.wait_for(ended.wait(), 20)
    with pytest.raises(aio_pika.exceptions.CONNECTION_EXCEPTIONS):
        await aio_pika.connect(place.url_of_a, timeout=10)
    assert await depth(place.amqp.url, inbox(place.a)) == 1


async def test_accounts_that_are_no_departments_are_left_alone(place: Place) -> None:
    administrator = str(make_url(place.amqp.url).username)
    async with management_of(place.amqp) as management:
        before = await management.accounts()
        for verb in (
            add_account(management, administrator, LIMITS),
            rotate_account(management, administrator, LIMITS),
            remove_account(management, administrator),
        ):
            with pytest.raises(AccountRefused):
                await verb
        with pytest.raises(AccountRefused, match="already"):
            await add_account(management, place.a, LIMITS)
        with pytest.raises(AccountRefused, match="add it first"):
            await rotate_account(management, f"{place.a}-missing", LIMITS)
        assert await management.accounts() == before


async def test_rights_that_were_changed_by_hand_are_put_right(place: Place) -> None:
    vhost = vhost_of(place.amqp.url)
    everything = {"configure": ".*", "write": ".*", "read": ".*"}
    async with httpx.AsyncClient(base_url=place.amqp.api_url) as client:
        (await client.put(f"/api/permissions/{vhost}/{place.a}", json=everything)).raise_for_status()
        (await client.delete(f"/api/topic-permissions/{vhost}/{place.a}")).raise_for_status()
    assert await refused(place.url_of_a, lambda channel: consume(channel, inbox(place.b))) is None
    await apply_topology(
        [Channel(place.a, "甲"), Channel(place.b, "乙")],
        amqp_url=place.amqp.url,
        api_url=place.amqp.api_url,
        limits=LIMITS,
    )
    assert await refused(place.url_of_a, lambda channel: consume(channel, inbox(place.b))) is ChannelAccessRefused
    as_b = f"{place.b}.reply.received"
    assert await refused(place.url_of_a, lambda channel: publish(channel, REPLIES, as_b)) is ChannelAccessRefused


async def test_definitions_file_makes_all_of_it_in_an_empty_vhost(amqp: BrokerAddress) -> None:
    code = f"c-{uuid4().hex[:8]}"
    password = new_password()
    document = definitions_file(
        [Channel(code, "丙")], amqp_url=amqp.url, limits=LIMITS, own=[], passwords={code: password}
    )
    assert password not in str(document)
    async with httpx.AsyncClient(base_url=amqp.api_url, timeout=15) as client:
        (await client.post("/api/definitions", json=document)).raise_for_status()
    url = address(amqp, code, password)
    await send(url, f"{code}.reply.received", b"reply", code)
    (reply,) = await take_messages(amqp.url, replies(code), 1)
    assert reply.user_id == code
    assert await refused(url, lambda channel: consume(channel, inbox(code))) is None
    assert await refused(url, lambda channel: consume(channel, replies(code))) is ChannelAccessRefused
    async with management_of(amqp) as management:
        await remove_account(management, code)
