"""What tests of events do again and again: run a relay for a while, empty an inbox."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager, closing
from typing import Any
from uuid import uuid4

import aio_pika
import httpx
import orjson
from aiormq import spec
from sqlalchemy.engine import make_url

from events.intake import run_intake
from events.metrics import IntakeMetrics, RelayMetrics
from events.names import REPLIES, inbox
from events.relay import RelaySettings, run_relay
from events.topology import apply_topology
from services.core.clock import Clock, SystemClock
from services.core.database import Database
from services.migrations.grants import Login
from services.notices.channels import enabled_channels
from tests import servers
from tests.servers import LIMITS, BrokerAddress

PUBLIC_URL = "https://api.example.org"
PATIENCE_S = 60.0


def acting(db: Database, login: Login, *, statement_timeout_s: float = 10.0) -> AbstractAsyncContextManager[Database]:
    """Lend the same database with the rights of a process."""
    return servers.acting(servers.owners_url(db), login, statement_timeout_s=statement_timeout_s)


@asynccontextmanager
async def relay(
    db: Database,
    database_url: str,
    amqp_url: str,
    settings: RelaySettings | None = None,
    metrics: RelayMetrics | None = None,
    clock: Clock | None = None,
    *,
    statement_timeout_s: float = 10.0,
) -> AsyncIterator[None]:
    """Run a relay with a relay's rights until the block ends; it must end by itself then."""
    stop = asyncio.Event()
    async with acting(db, Login.RELAY, statement_timeout_s=statement_timeout_s) as own:
        running = asyncio.create_task(
            run_relay(
                own,
                database_url=servers.login_url(database_url, Login.RELAY),
                amqp_url=amqp_url,
                public_url=PUBLIC_URL,
                clock=clock or SystemClock(),
                stop=stop,
                settings=settings,
                metrics=metrics,
            )
        )
        try:
            yield
        finally:
            stop.set()
            await asyncio.wait_for(running, PATIENCE_S)


@asynccontextmanager
async def intake(
    db: Database, amqp_url: str, metrics: IntakeMetrics | None = None, clock: Clock | None = None
) -> AsyncIterator[None]:
    """Run an intake with an intake's rights until the block ends; it must end by itself then."""
    stop = asyncio.Event()
    metrics = metrics or IntakeMetrics()
    with closing(metrics.security):
        async with acting(db, Login.INTAKE) as own:
            running = asyncio.create_task(
                run_intake(
                    own, amqp_url=amqp_url, clock=clock or SystemClock(), stop=stop, limits=LIMITS, metrics=metrics
                )
            )
            try:
                yield
            finally:
                stop.set()
                await asyncio.wait_for(running, PATIENCE_S)


async def account(amqp: BrokerAddress, code: str) -> str:
    """Make the broker's account of a department; return its address of the vhost.

    It may reply under any name, so that what an intake makes of that can be tried.
    """
    url = make_url(amqp.url).set(username=code, password="secret")
    rights = {"configure": "^$", "write": r"^shangliang\.replies$", "read": rf"^agency\.{code}\.(inbox|dead)$"}
    async with httpx.AsyncClient(base_url=amqp.api_url) as client:
        (await client.put(f"/api/users/{code}", json={"password": "secret", "tags": ""})).raise_for_status()
        (await client.put(f"/api/permissions/{url.database}/{code}", json=rights)).raise_for_status()
        keys = {"exchange": REPLIES, "write": ".*", "read": ".*"}
        (await client.put(f"/api/topic-permissions/{url.database}/{code}", json=keys)).raise_for_status()
    return url.render_as_string(hide_password=False)


def reply(verb: str, event_id: str, **changed: Any) -> bytes:
    """Return the body of a reply, with some attributes changed."""
    event = {
        "specversion": "1.0",
        "id": str(uuid4()),
        "source": "/qinshui-court",
        "type": f"cn.shangliang.reply.{verb}.v1",
        "causationid": event_id,
        "data": {},
    }
    return orjson.dumps({**event, **changed})


async def send(amqp_url: str, routing_key: str, body: bytes, user_id: str | None = None) -> None:
    """Publish a reply, confirmed."""
    connection = await aio_pika.connect(amqp_url)
    async with connection:
        channel = await connection.channel(on_return_raises=True)
        exchange = await channel.get_exchange(REPLIES, ensure=False)
        await exchange.publish(aio_pika.Message(body, user_id=user_id), routing_key)


async def take(amqp_url: str, code: str, count: int, timeout_s: float = PATIENCE_S) -> list[dict[str, Any]]:
    """Return the next events of a department's inbox, acknowledged. Raises TimeoutError when they do not come."""
    return [orjson.loads(message.body) for message in await take_messages(amqp_url, inbox(code), count, timeout_s)]


async def take_messages(
    amqp_url: str, queue_name: str, count: int, timeout_s: float = PATIENCE_S
) -> list[aio_pika.abc.AbstractIncomingMessage]:
    """Return the next messages of a queue, acknowledged. Raises TimeoutError when they do not come."""
    taken: list[aio_pika.abc.AbstractIncomingMessage] = []
    connection = await aio_pika.connect(amqp_url)
    async with connection, asyncio.timeout(timeout_s):
        channel = await connection.channel()
        await channel.set_qos(prefetch_count=1)
        queue = await channel.get_queue(queue_name)
        async with queue.iterator() as messages:
            async for message in messages:
                taken.append(message)
                await message.ack()
                if len(taken) == count:
                    break
    return taken


async def delete_queue(amqp_url: str, queue_name: str) -> None:
    """Delete a queue with all that is in it."""
    connection = await aio_pika.connect(amqp_url)
    async with connection:
        await (await connection.channel()).queue_delete(queue_name, if_unused=False, if_empty=False)


async def declare(db: Database, amqp: BrokerAddress) -> None:
    """Bring a vhost to the topology of the departments."""
    async with db.write() as tx:
        channels = await enabled_channels(tx)
    await apply_topology(channels, amqp_url=amqp.url, api_url=amqp.api_url, limits=LIMITS)


async def set_policy(amqp: BrokerAddress, queue_name: str, **definition: object) -> None:
    """Change the policy of one queue; return when the queue has it."""
    vhost = make_url(amqp.url).database
    policy = {"pattern": f"^{queue_name}$", "priority": 99, "definition": definition}
    async with httpx.AsyncClient(base_url=amqp.api_url) as client:
        (await client.put(f"/api/policies/{vhost}/test", json=policy)).raise_for_status()

        async def applied() -> bool:
            queue = (await client.get(f"/api/queues/{vhost}/{queue_name}")).json()
            return bool(queue.get("effective_policy_definition") == definition)

        await until(applied)


async def clear_policy(amqp: BrokerAddress) -> None:
    """Take back what `set_policy` changed."""
    async with httpx.AsyncClient(base_url=amqp.api_url) as client:
        (await client.delete(f"/api/policies/{make_url(amqp.url).database}/test")).raise_for_status()


async def depth(amqp_url: str, queue_name: str) -> int:
    """Return how many messages wait in a queue."""
    return int((await declaration(amqp_url, queue_name)).message_count or 0)


async def consumers(amqp_url: str, queue_name: str) -> int:
    """Return how many read a queue."""
    return int((await declaration(amqp_url, queue_name)).consumer_count or 0)


async def declaration(amqp_url: str, queue_name: str) -> spec.Queue.DeclareOk:
    """Return what the broker tells of a queue."""
    connection = await aio_pika.connect(amqp_url)
    async with connection:
        return (await (await connection.channel()).get_queue(queue_name)).declaration_result


async def until(condition: Callable[[], Awaitable[bool]], timeout_s: float = PATIENCE_S) -> None:
    """Return when a condition (an async function) holds. Raises TimeoutError."""
    async with asyncio.timeout(timeout_s):
        while not await condition():  # noqa: ASYNC110 -- the condition is in a database or a broker
            await asyncio.sleep(0.05)
