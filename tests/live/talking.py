"""Python clients of both transports, close to the wire."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx
import orjson
from websockets.asyncio.client import ClientConnection, connect

from tests.serving import Served

PATIENCE_S = 30.0
CHANGED = """subscription ($within: DivisionCode!, $after: ID) {
  topicChanged(within: $within, after: $after) { eventId type topic { title } }
}"""
NOTICED = """subscription ($department: String!, $after: ID) {
  noticeChanged(department: $department, after: $after) { eventId type sequence status receipt { status } }
}"""


class Talk:
    """One WebSocket, message by message."""

    def __init__(self, connection: ClientConnection) -> None:
        self.connection = connection

    async def say(self, **message: Any) -> None:
        await self.connection.send(orjson.dumps(message).decode())

    async def hear(self) -> dict[str, Any]:
        """Return the next message, which came as a text frame."""
        frame = await asyncio.wait_for(self.connection.recv(), PATIENCE_S)
        assert isinstance(frame, str)
        message: dict[str, Any] = orjson.loads(frame)
        return message

    async def everything(self) -> None:
        """Hear until the connection closes."""
        while True:
            await self.hear()

    async def initialise(self, token: str | None = None) -> None:
        await self.say(type="connection_init", payload={"Authorization": f"Bearer {token}"} if token else {})
        assert await self.hear() == {"type": "connection_ack"}

    async def subscribe(self, key: str, query: str, **variables: Any) -> None:
        """Subscribe; whatever is committed from now on is heard."""
        await self.say(type="subscribe", id=key, payload={"query": query, "variables": variables})
        await self.say(type="ping", payload={"after": key})
        assert await self.hear() == {"type": "pong", "payload": {"after": key}}

    async def next(self, key: str) -> Any:
        """Return the one field of an operation's next result."""
        message = await self.hear()
        assert (message["type"], message["id"]) == ("next", key), message
        (value,) = message["payload"]["data"].values()
        return value

    async def silence(self) -> None:
        """Hold that nothing more comes: what was committed before would have come by now."""
        await asyncio.sleep(1.5)
        await self.say(type="ping")
        assert await self.hear() == {"type": "pong"}


@asynccontextmanager
async def talking(served: Served, **options: Any) -> AsyncIterator[Talk]:
    """Open a WebSocket with the sub-protocol."""
    options = {"subprotocols": ["graphql-transport-ws"], "compression": None, **options}
    async with connect(served.websocket, **options) as connection:
        yield Talk(connection)


@asynccontextmanager
async def streaming(
    served: Served, query: str, token: str | None = None, **variables: Any
) -> AsyncIterator[AsyncIterator[tuple[str, Any]]]:
    """Ask for an event stream; gives its events with their data."""
    headers = {"Accept": "text/event-stream", **({"Authorization": f"Bearer {token}"} if token else {})}
    body = {"query": query, "variables": variables}
    async with (
        httpx.AsyncClient(timeout=PATIENCE_S) as client,
        client.stream("POST", served.http, json=body, headers=headers) as response,
    ):
        assert response.status_code == 200
        assert response.headers["content-type"] == "text/event-stream; charset=utf-8"
        yield parsed(response.aiter_lines())


async def parsed(lines: AsyncIterator[str]) -> AsyncIterator[tuple[str, Any]]:
    """Yield server-sent events; a comment is one of the name ''."""
    name = ""
    async for line in lines:
        field, _, value = line.partition(":")
        if field == "event":
            name = value.strip()
        elif field == "data":
            yield name, orjson.loads(value) if value.strip() else None
            name = ""
        elif line == ":":
            yield "", None
