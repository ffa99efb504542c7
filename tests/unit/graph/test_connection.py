"""Whoever takes an answer slower than the least rate is cut off; whoever keeps up is not."""

import asyncio

import pytest
import uvicorn
from starlette.types import Receive, Scope, Send

from graph.http import connection
from graph.http.connection import bounded

SIZE = 30_000_000


async def large(_scope: Scope, _receive: Receive, send: Send) -> None:
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"%d" % SIZE)]})
    await send({"type": "http.response.body", "body": b"x" * SIZE})


async def ask(port: int) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    """Ask for the answer over a connection of its own."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(b"GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
    return reader, writer


async def test_a_client_that_takes_too_little_is_cut_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connection, "LOOK_S", 0.5)
    monkeypatch.setattr(connection, "LEAST_RATE", 100_000)
    config = uvicorn.Config(
        large,
        port=0,
        http=bounded(0, lambda _: True, head_s=20, body_s=60),
        lifespan="off",
        log_level="warning",
        log_config=None,
    )
    server = uvicorn.Server(config)
    running = asyncio.create_task(server.serve())
    while not server.started:  # noqa: ASYNC110 -- uvicorn has no event for it
        await asyncio.sleep(0.01)
    port = server.servers[0].sockets[0].getsockname()[1]
    reader, quick = await ask(port)
    assert len(await reader.read(-1)) > SIZE
    quick.close()
    _, slow = await ask(port)
    async with asyncio.timeout(5):
        while not server.server_state.connections:  # noqa: ASYNC110 -- as above
            await asyncio.sleep(0.01)
        while server.server_state.connections:  # noqa: ASYNC110 -- as above
            await asyncio.sleep(0.05)
    slow.transport.abort()
    server.should_exit = True
    await running
