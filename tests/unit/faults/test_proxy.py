import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

import pytest

from tests.faults.proxy import ANSWERED, SENT, Proxy

CUT = (ConnectionResetError, asyncio.IncompleteReadError)


class Echo:
    """A server that answers what it is sent, and notes it."""

    def __init__(self) -> None:
        self.heard = b""

    async def connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError):
            while data := await reader.read(100):
                self.heard += data
                writer.write(data)
        writer.close()


@pytest.fixture
async def echo() -> Echo:
    return Echo()


@pytest.fixture
async def proxy(echo: Echo) -> AsyncIterator[Proxy]:
    server = await asyncio.start_server(echo.connected, "127.0.0.1", 0)
    async with server, Proxy(f"amqp://127.0.0.1:{server.sockets[0].getsockname()[1]}/x") as proxy:
        yield proxy


@asynccontextmanager
async def client(proxy: Proxy) -> AsyncIterator[tuple[asyncio.StreamReader, asyncio.StreamWriter]]:
    reader, writer = await asyncio.open_connection("127.0.0.1", int(proxy.url.rpartition(":")[2].removesuffix("/x")))
    yield reader, writer
    writer.close()
    with suppress(OSError):
        await writer.wait_closed()


async def test_bytes_pass_both_ways_on_any_connection(proxy: Proxy) -> None:
    for word in (b"one", b"two"):
        async with client(proxy) as (reader, writer):
            writer.write(word)
            assert await reader.readexactly(3) == word
    assert proxy.passed == {SENT: 6, ANSWERED: 6}


@pytest.mark.parametrize(("direction", "heard"), [(SENT, b"before"), (ANSWERED, b"beforeafter")])
async def test_one_direction_vanishes_until_the_cut(proxy: Proxy, echo: Echo, direction: str, heard: bytes) -> None:
    async with client(proxy) as (reader, writer):
        writer.write(b"before")
        assert await reader.readexactly(6) == b"before"
        cutting = asyncio.create_task(proxy.cut_between(direction, patience_s=5))
        await asyncio.sleep(0)
        writer.write(b"after")
        await cutting
        with pytest.raises(CUT):
            await reader.readexactly(1)
    async with client(proxy) as (reader, writer):
        writer.write(b"once more")
        assert await reader.readexactly(9) == b"once more"
    assert echo.heard == heard + b"once more"


async def test_a_silent_client_is_cut_all_the_same(proxy: Proxy) -> None:
    async with client(proxy) as (reader, _):
        await proxy.cut_between(ANSWERED, patience_s=0.05)
        with pytest.raises(CUT):
            await reader.readexactly(1)
    assert not proxy.swallowed


async def test_of_several_servers_a_connection_gets_the_next_that_answers(echo: Echo) -> None:
    server = await asyncio.start_server(echo.connected, "127.0.0.1", 0)
    gone = await asyncio.start_server(echo.connected, "127.0.0.1", 0)
    ports = [one.sockets[0].getsockname()[1] for one in (gone, server)]
    gone.close()
    await gone.wait_closed()
    async with server, Proxy(*(f"amqp://127.0.0.1:{port}/x" for port in ports)) as proxy:
        for word in (b"one", b"two"):
            async with client(proxy) as (reader, writer):
                writer.write(word)
                assert await reader.readexactly(3) == word
        server.close()
        async with client(proxy) as (reader, _):
            with pytest.raises(CUT):
                await reader.readexactly(1)
