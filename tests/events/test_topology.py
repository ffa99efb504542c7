import asyncio

import aio_pika
import httpx
import pytest
from sqlalchemy.engine import make_url

from events.names import REJECTED_INBOX, REPLIES_INBOX, dead, inbox, replies
from events.topology import IMPORTED_AT_ONCE, apply_topology, definitions, parts
from services.notices.channels import Channel
from tests.events.tools import PATIENCE_S, account, delete_queue, depth, send, set_policy, take_messages, until
from tests.servers import LIMITS, BrokerAddress

POLICIES = ["agency-dead", "agency-inbox", "agency-parked", "agency-replies", "rejected", "replies", "strays"]
COURT, POWER = Channel("court", "法院"), Channel("power", "电力公司")


async def names(amqp: BrokerAddress, kind: str) -> list[str]:
    """Return the names of what the test's vhost has of a kind."""
    async with httpx.AsyncClient(base_url=amqp.api_url) as client:
        found = (await client.get(f"/api/{kind}/{make_url(amqp.url).database}")).json()
    return sorted(one["name"] for one in found if not one["name"].startswith("amq.") and one["name"])


async def test_topology_is_applied_again_and_leaves_what_is_no_longer_enabled(amqp: BrokerAddress) -> None:
    for channels in ([COURT, POWER], [COURT, POWER], [COURT]):
        await apply_topology(channels, amqp_url=amqp.url, api_url=amqp.api_url, limits=LIMITS)
    assert await names(amqp, "queues") == [
        "agency.court.dead",
        "agency.court.inbox",
        "agency.court.parked",
        "agency.court.replies",
        "agency.power.dead",
        "agency.power.inbox",
        "agency.power.parked",
        "agency.power.replies",
        "shangliang.rejected.inbox",
        "shangliang.replies.inbox",
    ]
    assert await names(amqp, "exchanges") == [
        "shangliang.dead",
        "shangliang.events",
        "shangliang.parked",
        "shangliang.rejected",
        "shangliang.replies",
        "shangliang.strays",
    ]
    assert await names(amqp, "policies") == POLICIES


def test_departments_are_imported_some_at_a_time_after_what_they_share() -> None:
    channels = [Channel(f"department-{one}", "部门") for one in range(2 * IMPORTED_AT_ONCE + 1)]
    shared, *some = parts(channels, LIMITS)
    assert shared == definitions([], LIMITS)
    queues = len(definitions(channels[:1], LIMITS)["queues"]) - len(shared["queues"])
    assert [len(one["queues"]) for one in some] == [queues * IMPORTED_AT_ONCE, queues * IMPORTED_AT_ONCE, queues]
    whole = definitions(channels, LIMITS)
    for part in ("queues", "bindings"):
        assert [entry for one in (shared, *some) for entry in one[part]] == whole[part]


async def test_topology_brings_back_a_queue_and_a_binding_that_were_taken_away(amqp: BrokerAddress) -> None:
    await apply_topology([COURT, POWER], amqp_url=amqp.url, api_url=amqp.api_url, limits=LIMITS)
    before = await names(amqp, "queues")
    await delete_queue(amqp.url, dead("court"))
    connection = await aio_pika.connect(amqp.url)
    async with connection:
        queue = await (await connection.channel()).get_queue(inbox("power"))
        await queue.unbind("shangliang.events", "power.#")
    await apply_topology([COURT, POWER], amqp_url=amqp.url, api_url=amqp.api_url, limits=LIMITS)
    assert await names(amqp, "queues") == before
    connection = await aio_pika.connect(amqp.url)
    async with connection:
        exchange = await (await connection.channel()).get_exchange("shangliang.events", ensure=False)
        await exchange.publish(aio_pika.Message(b"bound"), "power.topic.listed")
    assert [message.body for message in await take_messages(amqp.url, inbox("power"), 1)] == [b"bound"]


async def test_topology_without_the_management_api_is_declared(amqp: BrokerAddress) -> None:
    await apply_topology([COURT], amqp_url=amqp.url, api_url=None, limits=LIMITS)
    await apply_topology([COURT], amqp_url=amqp.url, api_url=None, limits=LIMITS)
    assert await names(amqp, "policies") == []
    await apply_topology([COURT], amqp_url=amqp.url, api_url=amqp.api_url, limits=LIMITS)
    assert await names(amqp, "policies") == POLICIES


@pytest.mark.parametrize("queue_name", [inbox("court"), replies("court"), REPLIES_INBOX])
async def test_message_given_back_keeps_its_place(amqp: BrokerAddress, queue_name: str) -> None:
    await apply_topology([COURT], amqp_url=amqp.url, api_url=amqp.api_url, limits=LIMITS)
    await fill(amqp, queue_name, "1", "2", "3")
    connection = await aio_pika.connect(amqp.url)
    async with connection:
        channel = await connection.channel()
        await channel.set_qos(prefetch_count=1)
        async with (await channel.get_queue(queue_name)).iterator() as messages:
            await (await anext(messages)).reject(requeue=True)

    async def all_are_back() -> bool:
        return await depth(amqp.url, queue_name) == len("123")

    await until(all_are_back)  # what a closing consumer still held comes back a moment later
    assert [message.body for message in await take_messages(amqp.url, queue_name, 3)] == [b"1", b"2", b"3"]


async def fill(amqp: BrokerAddress, queue_name: str, *bodies: str) -> None:
    """Put messages into a queue."""
    connection = await aio_pika.connect(amqp.url)
    async with connection:
        exchange = (await connection.channel()).default_exchange
        for body in bodies:
            await exchange.publish(aio_pika.Message(body.encode()), queue_name)


async def refuse(amqp: BrokerAddress, queue_name: str) -> None:
    """Take the next message of a queue and give it up."""
    connection = await aio_pika.connect(amqp.url)
    async with connection, asyncio.timeout(PATIENCE_S):
        queue = await (await connection.channel()).get_queue(queue_name)
        async with queue.iterator() as messages:
            await (await anext(messages)).reject(requeue=False)


async def test_message_that_a_department_gives_up_is_in_its_dead_queue(amqp: BrokerAddress) -> None:
    await apply_topology([COURT, POWER], amqp_url=amqp.url, api_url=amqp.api_url, limits=LIMITS)
    connection = await aio_pika.connect(amqp.url)
    async with connection:
        exchange = await (await connection.channel()).get_exchange("shangliang.events", ensure=False)
        await exchange.publish(aio_pika.Message(b"given up"), "court.topic.listed")
    await refuse(amqp, inbox("court"))
    (message,) = await take_messages(amqp.url, dead("court"), 1)
    assert (message.body, message.routing_key) == (b"given up", "court.topic.listed")
    assert await depth(amqp.url, dead("power")) == 0


async def test_message_given_up_stays_while_there_is_no_dead_queue(amqp: BrokerAddress) -> None:
    await apply_topology([COURT], amqp_url=amqp.url, api_url=amqp.api_url, limits=LIMITS)
    await delete_queue(amqp.url, dead("court"))
    await fill(amqp, inbox("court"), "given up")
    await refuse(amqp, inbox("court"))
    await until(lambda: held_for_dead_letters(amqp))


async def held_for_dead_letters(amqp: BrokerAddress) -> bool:
    async with httpx.AsyncClient(base_url=amqp.api_url) as client:
        queue = (await client.get(f"/api/queues/{make_url(amqp.url).database}/{inbox('court')}")).json()
    return bool(queue.get("messages_dlx") == 1)


async def test_reply_that_is_delivered_too_often_is_kept_with_the_rejected(amqp: BrokerAddress) -> None:
    await apply_topology([COURT], amqp_url=amqp.url, api_url=amqp.api_url, limits=LIMITS)
    await set_policy(
        amqp, replies("court"),
        **{"delivery-limit": 1, "dead-letter-exchange": "shangliang.rejected", "overflow": "reject-publish",
           "dead-letter-strategy": "at-least-once"},
    )  # fmt: skip
    await send(await account(amqp, "court"), "court.reply.received", b"taken twice", "court")
    connection = await aio_pika.connect(amqp.url)
    async with connection:
        queue = await (await connection.channel()).get_queue(replies("court"))
        await queue.consume(give_back)
        (message,) = await take_messages(amqp.url, REJECTED_INBOX, 1)
    assert (message.body, message.user_id) == (b"taken twice", "court")


async def give_back(message: aio_pika.abc.AbstractIncomingMessage) -> None:
    await message.reject(requeue=True)
