"""The limit: one hand-written statement for each question, its text sent as it comes, nothing between.

Run by uvicorn's command line; the database and the number of connections come from the environment.
"""

import os
from collections.abc import Awaitable, Callable, MutableMapping
from pathlib import Path
from typing import Any

import asyncpg
import orjson

HERE = Path(__file__).parent
DIGITS = 12
SETTINGS = {"jit": "off", "plan_cache_mode": "force_generic_plan", "timezone": "UTC"}
HEADERS = [(b"content-type", b"application/json")]

Message = MutableMapping[str, Any]


def statement(name: str) -> str:
    """Return a question's statement; `:platform` in it stands for the text of a platform's JSON."""
    text = (HERE / f"{name}.sql").read_text()
    fragment = HERE / f"{name}-platform.sql"
    return text.replace(":platform", fragment.read_text()) if fragment.exists() else text


def subtree(variables: dict[str, Any]) -> tuple[object, ...]:
    """Return a page's arguments: the ends of the subtree, the states, the size."""
    code = variables["within"]
    lower = int(code.ljust(DIGITS, "0"))
    return lower, lower + 10 ** (DIGITS - len(code)), variables["status"], variables["first"]


def by_code(variables: dict[str, Any]) -> tuple[object, ...]:
    """Return the one argument of a question about a division."""
    return (variables["code"],)


def by_number(variables: dict[str, Any]) -> tuple[object, ...]:
    """Return the one argument of a question about a topic."""
    return (variables["number"],)


ROUTES = {
    f"/{name}": (statement(name), arguments)
    for name, arguments in (("q1", by_code), ("q2", by_number), ("q3", by_code), ("q4", subtree), ("q5", by_code))
}


async def _keep_text_as_bytes(connection: "asyncpg.Connection[asyncpg.Record]") -> None:
    await connection.set_type_codec("text", schema="pg_catalog", encoder=str.encode, decoder=bytes, format="binary")


async def reset_nothing(_connection: object) -> None:
    """Leave the connection as it is: a reset is a statement of its own."""


async def body_of(receive: Callable[[], Awaitable[Message]]) -> bytes:
    """Return a request's body."""
    body = b""
    more = True
    while more:
        message = await receive()
        body += message["body"]
        more = message.get("more_body", False)
    return body


async def send_json(send: Callable[[Message], Awaitable[None]], answer: bytes) -> None:
    """Answer a request."""
    length = (b"content-length", str(len(answer)).encode())
    await send({"type": "http.response.start", "status": 200, "headers": [*HEADERS, length]})
    await send({"type": "http.response.body", "body": answer})


class Limit:
    """The ASGI application."""

    def __init__(self) -> None:
        self._pool: asyncpg.Pool[asyncpg.Record] | None = None

    async def __call__(
        self,
        scope: MutableMapping[str, Any],
        receive: Callable[[], Awaitable[Message]],
        send: Callable[[Message], Awaitable[None]],
    ) -> None:
        """Answer a request, or open the pool at the start of the lifespan."""
        if scope["type"] == "lifespan":
            await self._live(receive, send)
            return
        sql, arguments = ROUTES[scope["path"]]
        body = await body_of(receive)
        assert self._pool is not None
        async with self._pool.acquire() as connection:
            answer = await connection.fetchval(sql, *arguments(orjson.loads(body)["variables"]))
        await send_json(send, answer)

    async def open(self, database_url: str, connections: int) -> None:
        """Connect."""
        self._pool = await asyncpg.create_pool(
            database_url,
            min_size=connections,
            max_size=connections,
            init=_keep_text_as_bytes,
            reset=reset_nothing,
            max_cached_statement_lifetime=0,
            server_settings=SETTINGS,
        )

    async def close(self) -> None:
        """Close every connection."""
        if self._pool is not None:
            await self._pool.close()

    async def _live(
        self, receive: Callable[[], Awaitable[Message]], send: Callable[[Message], Awaitable[None]]
    ) -> None:
        await receive()
        await self.open(os.environ["DATABASE_URL"], int(os.environ["CONNECTIONS"]))
        await send({"type": "lifespan.startup.complete"})
        await receive()
        await self.close()
        await send({"type": "lifespan.shutdown.complete"})


app = Limit()
