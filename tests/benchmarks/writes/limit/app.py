"""The limit: the rows of each verb by hand-written statements in one transaction, nothing between.

Run by uvicorn's command line. It knows one caller; the address is that of the API's writers.
"""

import os
from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from typing import Any

import asyncpg
import orjson

from services.core.bell import Bell
from services.notices.announce import FEED_CHANNEL, WAKE_CHANNEL
from tests.benchmarks.limit import app as reads
from tests.benchmarks.writes.asked import GIVES
from tests.benchmarks.writes.limit import commands
from tests.benchmarks.writes.limit.commands import Connection, Done, Input

SETTINGS = {"jit": "off", "timezone": "UTC"}

VERBS: Mapping[str, Callable[[Connection, Input], Awaitable[Done]]] = {
    "raiseMatter": commands.raise_matter,
    "proposeTopic": commands.propose_topic,
    "listTopic": commands.list_topic,
    "scheduleSession": commands.schedule_session,
    "recordSession": commands.record_session,
    "resolveTopic": commands.resolve_topic,
}


NOTIFIES = dict.fromkeys(VERBS, (FEED_CHANNEL, WAKE_CHANNEL)) | {"raiseMatter": (), "proposeTopic": (FEED_CHANNEL,)}
"""Who is notified of each."""


class Limit(reads.Limit):
    """The ASGI application; what it reads it reads as the limit of reading does."""

    def __init__(self) -> None:
        super().__init__()
        self._writers: asyncpg.Pool[asyncpg.Record] | None = None
        self._bell: Bell | None = None

    async def __call__(
        self,
        scope: MutableMapping[str, Any],
        receive: Callable[[], Awaitable[reads.Message]],
        send: Callable[[reads.Message], Awaitable[None]],
    ) -> None:
        """Do a verb, or answer as the limit of reading."""
        name = scope.get("path", "")[1:]
        command = VERBS.get(name)
        if command is None:
            await super().__call__(scope, receive, send)
            return
        given = orjson.loads(await reads.body_of(receive))["variables"]["input"]
        assert self._writers is not None
        assert self._bell is not None
        async with self._writers.acquire() as connection, connection.transaction():
            key, status = await command(connection, given)
        self._bell.ring(NOTIFIES[name])
        answer = {GIVES[name]: {"id": key, "status": status}, "errors": []}
        await reads.send_json(send, orjson.dumps({"data": {name: answer}}))

    async def open(self, database_url: str, connections: int) -> None:
        """Connect, for reading and for writing."""
        await super().open(os.environ["READ_DATABASE_URL"], connections)
        self._writers = await open_writers(database_url, connections)
        self._bell = Bell(database_url)

    async def close(self) -> None:
        """Close every connection."""
        await super().close()
        if self._bell is not None:
            await self._bell.close()
        if self._writers is not None:
            await self._writers.close()


async def open_writers(url: str, connections: int) -> "asyncpg.Pool[asyncpg.Record]":
    """Return a pool whose connections keep their statements prepared."""
    return await asyncpg.create_pool(
        url,
        min_size=connections,
        max_size=connections,
        reset=reads.reset_nothing,
        max_cached_statement_lifetime=0,
        server_settings=SETTINGS,
    )


app = Limit()
