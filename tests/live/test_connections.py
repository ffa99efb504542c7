"""Connections that do little, and callers that hold much, against the service as an operator starts it."""

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
from websockets.exceptions import ConnectionClosed

from services.core.tokens import LocalIssuer
from tests.live.place import Places
from tests.live.talking import CHANGED, talking
from tests.serving import Served, serving

BODY = json.dumps({"query": "{ topics { totalCount } }"}).encode()
HEAD = b"POST /graphql HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: %d\r\n"


@pytest.fixture(scope="module")
async def narrow(places: Places, issuer: LocalIssuer, key: Path) -> AsyncIterator[Served]:
    """A service that lets one address have three connections, two streams and an export."""
    assert issuer is not None
    settings = {"caller_connections": "3", "caller_streams": "2", "caller_exports": "1"}
    async with serving(places.world.url, key, **settings) as service:
        yield service


async def opened(served: Served) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    return await asyncio.open_connection("127.0.0.1", served.port)


async def ended(reader: asyncio.StreamReader) -> bytes:
    """Return what comes until the server ends the connection."""
    try:
        return await reader.read()
    except ConnectionResetError:
        return b""


async def test_connections_of_an_address_are_bounded_and_free_again(narrow: Served) -> None:
    held = [await opened(narrow) for _ in range(3)]
    await asyncio.sleep(0.2)
    for _ in range(2):
        reader, writer = await opened(narrow)
        assert await asyncio.wait_for(ended(reader), 5) == b""
        writer.close()
    for _, writer in held:
        writer.close()
    await asyncio.sleep(0.3)
    async with httpx.AsyncClient() as http:
        assert (await http.get(f"{narrow.address}/livez")).status_code == 200


async def test_websockets_of_an_address_are_bounded(narrow: Served) -> None:
    async with talking(narrow) as first, talking(narrow) as second:
        await first.initialise()
        await second.initialise()
        async with talking(narrow, subprotocols=None) as third:
            with pytest.raises(ConnectionClosed) as caught:
                await third.everything()
            assert caught.value.rcvd is not None
            assert caught.value.rcvd.code == 1013
            assert "at most 2 WebSockets" in caught.value.rcvd.reason
    async with talking(narrow) as again:
        await again.initialise()


async def test_event_streams_of_a_caller_are_bounded(narrow: Served) -> None:
    ask = {"query": CHANGED, "variables": {"within": "14"}}
    headers = {"Accept": "text/event-stream"}
    async with (
        httpx.AsyncClient(timeout=30) as http,
        http.stream("POST", narrow.http, json=ask, headers=headers) as first,
        http.stream("POST", narrow.http, json=ask, headers=headers) as second,
    ):
        assert (first.status_code, second.status_code) == (200, 200)
        third = await http.post(narrow.http, json=ask, headers=headers)
        assert third.status_code == 429
        assert third.headers["Retry-After"] == "10"
        (error,) = third.json()["errors"]
        assert error["extensions"] == {"code": "LIMIT_AT_ONCE", "limit": 2}


@pytest.mark.timeout(120)
async def test_a_request_that_does_not_arrive_is_given_up(served: Served) -> None:
    """Heads end after 20 s, whether nothing, empty lines or a line now and then comes; whole requests are answered."""

    async def dripping(first: bytes, drip: bytes) -> tuple[float, bytes]:
        reader, writer = await opened(served)
        loop, answer = asyncio.get_running_loop(), asyncio.ensure_future(ended(reader))
        began = loop.time()
        writer.write(first)
        while not answer.done():
            if drip and not writer.is_closing():
                writer.write(drip)
            await asyncio.wait([answer], timeout=1)
        writer.close()
        return loop.time() - began, answer.result()

    whole = HEAD % len(BODY) + b"\r\n" + BODY
    silent, lines, headers, empty, idle = await asyncio.gather(
        dripping(b"", b""),
        dripping(b"", b"\r\n"),
        dripping(HEAD % len(BODY), b"X-A: b\r\n"),
        dripping(whole, b"\r\n"),
        dripping(whole, b""),
    )
    for took, answer in (silent, lines, headers):
        assert 15 < took < 35
        assert b"200 OK" not in answer
    assert 15 < empty[0] < 35
    assert b"200 OK" in empty[1]
    assert idle[0] < 15
    assert b"200 OK" in idle[1]
