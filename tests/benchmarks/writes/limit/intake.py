"""The limit of taking replies in: each reply's rows by hand-written statements, then its acknowledgement.

Run as a program. It checks nothing of a message but who sent it.
"""

import asyncio
import os
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any
from uuid import UUID

import aio_pika
import orjson
import uvloop
from aio_pika.abc import AbstractIncomingMessage

from events.names import replies
from services.core.bell import Bell
from services.notices.announce import FEED_CHANNEL
from tests.benchmarks.writes.limit import sql
from tests.benchmarks.writes.limit.app import open_writers
from tests.benchmarks.writes.limit.commands import Connection, Refused, require, trace

CODES = """
SELECT code FROM department JOIN department_channel ON department_id = department.id WHERE enabled ORDER BY code
"""

Take = Callable[[str, dict[str, Any]], Awaitable[None]]
"""Takes in what a department says."""


async def take_reply(connection: Connection, code: str, said: dict[str, Any]) -> None:
    """A department has said that it has got a notice."""
    now, event_id = datetime.now(UTC), UUID(said["causationid"])
    department = await connection.fetchrow(sql.DEPARTMENT, code)
    if department is None:
        raise Refused("no department")
    digest = sha256(orjson.dumps([said["type"], said["causationid"]])).digest()
    fresh = await connection.fetchval(sql.INBOX, department["id"], said["source"], said["id"], now, digest)
    if fresh is None:
        return
    delivery = await connection.fetchrow(sql.LOCK_DELIVERY, event_id, department["id"])
    if delivery is None:
        raise Refused("no notice")
    require(delivery["receipt"] is None and said["type"] == "cn.shangliang.reply.received.v1", "it was answered before")
    await connection.execute(sql.RECEIPT, delivery["id"], "RECEIVED", now, None)
    summary = f"{department['name']}已收到通知"
    topic, actor = delivery["topic_id"], f"department:{code}"
    await trace(connection, "reply.received", summary, now, topic=topic, actor=actor, role="DEPARTMENT")


async def consume(amqp_url: str, codes: list[str], take: Take) -> None:
    """Take replies in: one of a department at a time, departments beside each other. Ends with what failed first."""
    failed: asyncio.Future[None] = asyncio.get_running_loop().create_future()
    connection = await aio_pika.connect(amqp_url)
    connection.close_callbacks.add(lambda _, error: ended(failed, error))
    channel = await connection.channel()
    await channel.set_qos(prefetch_count=1)  # of each consumer

    async def taken(message: AbstractIncomingMessage) -> None:
        code = (message.routing_key or "").partition(".")[0]
        try:
            require(message.user_id == code, "sent by another")
            await take(code, orjson.loads(message.body))
            await message.ack()
        except Exception as error:  # noqa: BLE001 -- it ends the program
            ended(failed, error)

    for code in codes:
        queue = await channel.get_queue(replies(code), ensure=False)
        await queue.consume(taken)
    await failed


def ended(failed: "asyncio.Future[None]", error: BaseException | None) -> None:
    """Let the program end with an error."""
    if not failed.done():
        failed.set_exception(error or ConnectionResetError("the broker closed the connection"))


async def main() -> None:
    """Take replies in."""
    url = os.environ["DATABASE_URL"]
    pool, bell = await open_writers(url, int(os.environ["CONNECTIONS"])), Bell(url)

    async def take(code: str, said: dict[str, Any]) -> None:
        async with pool.acquire() as connection, connection.transaction():
            await take_reply(connection, code, said)
        bell.ring([FEED_CHANNEL])

    await consume(os.environ["SHANGLIANG_AMQP_URL"], [row[0] for row in await pool.fetch(CODES)], take)


if __name__ == "__main__":
    uvloop.run(main())
