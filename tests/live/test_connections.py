"""Connections that do little, and callers that hold much, against the service as an operator starts it."""

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path

import asyncpg
import httpx
import pytest
from websockets.exceptions import ConnectionClosed

from services.core.tokens import LocalIssuer
from tests.live.place import LOCKED, Places
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
        assert error["extensions"] == {
            "code": "LIMIT_AT_ONCE",
            "limit": 2,
            "retryAfter": 10,
            "parameters": {"limit": 2},
        }


async def test_exports_of_a_caller_are_bounded(narrow: Served, places: Places, token: str) -> None:
    owner = await asyncpg.connect(places.world.url)
    address = f"{narrow.address}/export/topics.csv"
    async with httpx.AsyncClient(timeout=60) as http:
        async with owner.transaction():
            await owner.execute("LOCK TABLE topic IN ACCESS EXCLUSIVE MODE")
            first = asyncio.create_task(http.get(address))
            await places.until(LOCKED, 1)
            second = await http.get(address)
            assert (second.status_code, second.headers["Retry-After"]) == (429, "10")
            (error,) = second.json()["errors"]
            assert error["extensions"] == {
                "code": "LIMIT_AT_ONCE",
                "limit": 1,
                "retryAfter": 10,
                "parameters": {"limit": 1},
            }
            third = asyncio.create_task(http.get(address, headers={"Authorization": f"Bearer {token}"}))
            await places.until(LOCKED, 2)
        assert [(await one).status_code for one in (first, third)] == [200, 200]
        assert (await http.get(address)).status_code == 200
    await owner.close()


@pytest.fixture(scope="module")
async def hurried(places: Places, issuer: LocalIssuer, key: Path) -> AsyncIterator[Served]:
    """A service of six connections, for which heads arrive within four seconds and bodies within two more."""
    assert issuer is not None
    settings = {"connections": "6", "head_timeout_s": "4", "body_timeout_s": "2"}
    async with serving(places.world.url, key, **settings) as service:
        yield service


async def test_connections_of_a_process_are_bounded(hurried: Served) -> None:
    held = [await opened(hurried) for _ in range(6)]
    reader, writer = await opened(hurried)
    writer.write(b"GET /livez HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
    assert (await asyncio.wait_for(ended(reader), 5)).startswith(b"HTTP/1.1 503 ")
    for one in (writer, *(writer for _, writer in held)):
        one.close()
    async with httpx.AsyncClient() as http, asyncio.timeout(10):
        while (await http.get(f"{hurried.address}/livez")).status_code != 200:  # noqa: ASYNC110 -- waits for the server
            await asyncio.sleep(0.1)


async def test_a_request_that_does_not_arrive_is_given_up(hurried: Served) -> None:
    """Whether nothing, empty lines or a line now and then comes; whole requests are answered."""

    async def dripping(first: bytes, drip: bytes) -> tuple[float, bytes]:
        reader, writer = await opened(hurried)
        loop, answer = asyncio.get_running_loop(), asyncio.ensure_future(ended(reader))
        began = loop.time()
        writer.write(first)
        while not answer.done():
            if drip and not writer.is_closing():
                writer.write(drip)
            await asyncio.wait([answer], timeout=0.2)
        writer.close()
        return loop.time() - began, answer.result()

    head = HEAD % len(BODY)
    silent, lines, headers, nothing, bodies = await asyncio.gather(
        dripping(b"", b""),
        dripping(b"", b"\r\n"),
        dripping(head, b"X-A: b\r\n"),
        dripping(head + b"\r\n", b""),
        dripping(HEAD % 1_000_000 + b"\r\n", b" "),
    )
    for took, answer in (silent, lines, headers):
        assert 3.5 < took < 15
        assert b"200 OK" not in answer
    for took, answer in (nothing, bodies):
        assert 1.5 < took < 12
        assert b"200 OK" not in answer
    whole = head + b"\r\n" + BODY
    empty, idle = await asyncio.gather(dripping(whole, b"\r\n"), dripping(whole, b""))
    assert 3.5 < empty[0] < 15
    assert b"200 OK" in empty[1]
    assert b"200 OK" in idle[1]
