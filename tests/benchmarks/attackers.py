"""Hostile clients, all in one process that does little itself: how each of them came off is told at the end.

Run by `tests.benchmarks.siege`, which gives it as JSON what to do. Every client has an address of its own.
"""

import asyncio
import json
import socket
import sys
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass
from random import Random

from tests.benchmarks.crowd import HANDSHAKE, TEXT, frame

AGAIN_S = 0.5
"""How long who was thrown out stays out."""
DRIP_S = 1.0
"""How often a slow connection sends or takes a byte."""
ASK_S = 1.0
"""How often a WebSocket that reads nothing asks again."""
READ = 1 << 16
SMALL_BUFFER = 4_096

Client = Callable[[str], Awaitable[None]]


@dataclass(frozen=True)
class Orders:
    """Whom to attack, and with what."""

    port: int
    seconds: float
    dear: str
    """The dearest document."""
    wide: str
    """The one with the largest answer."""
    askers: int = 64
    slow: int = 300
    deaf: int = 100

    def written(self) -> str:
        """Return them as the program's argument."""
        return json.dumps(asdict(self))


def request(text: str) -> bytes:
    """Return a request that asks for a document."""
    body = json.dumps({"query": text}).encode()
    head = "POST /graphql HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
    return f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body


class Attack:
    """The clients, and what became of their requests."""

    def __init__(self, orders: Orders) -> None:
        self._orders = orders
        self.ends = Counter[str]()

    async def run(self) -> None:
        """Let all attack until their time is over."""
        orders = self._orders
        kinds: list[tuple[Client, int, int]] = [
            (self._ask, orders.askers, 1),
            (self._drip, orders.slow // 2, 2),
            (self._sip, orders.slow - orders.slow // 2, 3),
            (self._ask_deafly, orders.deaf, 4),
        ]
        tasks = [
            asyncio.create_task(self._again_and_again(client, f"127.{net}.{n // 200}.{1 + n % 200}"))
            for client, count, net in kinds
            for n in range(count)
        ]
        await asyncio.sleep(orders.seconds)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _again_and_again(self, client: Client, address: str) -> None:
        chance = Random(address)  # noqa: S311 -- no secret
        await asyncio.sleep(chance.random())
        while True:
            try:
                await client(address)
            except (OSError, asyncio.IncompleteReadError) as error:
                self.ends[f"{client.__name__.strip('_')}: {type(error).__name__}"] += 1
            await asyncio.sleep(AGAIN_S)

    @asynccontextmanager
    async def _connected(
        self, address: str, buffer: int = 0
    ) -> AsyncIterator[tuple[asyncio.StreamReader, asyncio.StreamWriter]]:
        """Lend a connection from an address; with a small buffer it takes little before it is read."""
        own = socket.socket()
        own.setblocking(False)  # noqa: FBT003 -- the library's
        if buffer:
            own.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, buffer)
        own.bind((address, 0))
        await asyncio.get_running_loop().sock_connect(own, ("127.0.0.1", self._orders.port))
        reader, writer = await asyncio.open_connection(sock=own, limit=buffer or READ)
        try:
            yield reader, writer
        finally:
            writer.transport.abort()

    async def _ask(self, address: str) -> None:
        """Ask for the dearest document, again as soon as it is answered."""
        sent = request(self._orders.dear)
        async with self._connected(address) as (reader, writer):
            while True:
                writer.write(sent)
                head = (await reader.readuntil(b"\r\n\r\n")).lower()
                left = int(head.partition(b"content-length: ")[2].partition(b"\r")[0])
                start = b""
                while left > 0:
                    part = await reader.read(min(READ, left))
                    if not part:
                        raise ConnectionResetError
                    start, left = start or part[:400], left - len(part)
                code = start.partition(b'"code":"')[2].partition(b'"')[0].decode() or "answered"
                self.ends[f"asker: {head[9:12].decode()} {code}"] += 1

    async def _drip(self, address: str) -> None:
        """Send a request byte by byte."""
        async with self._connected(address) as (reader, writer):
            for byte in request(self._orders.wide):
                writer.write(bytes([byte]))
                await writer.drain()
                await asyncio.sleep(DRIP_S)
                if reader.at_eof():
                    break
        self.ends["slow sender: thrown out"] += 1

    async def _sip(self, address: str) -> None:
        """Take an answer byte by byte."""
        async with self._connected(address, SMALL_BUFFER) as (reader, writer):
            writer.write(request(self._orders.wide))
            while await reader.read(1):  # noqa: ASYNC110 -- the pace of a slow client
                await asyncio.sleep(DRIP_S)
        self.ends["slow reader: thrown out"] += 1

    async def _ask_deafly(self, address: str) -> None:
        """Ask again and again over a WebSocket, and take nothing of what comes."""
        async with self._connected(address, SMALL_BUFFER) as (reader, writer):
            writer.write(HANDSHAKE)
            await reader.readuntil(b"\r\n\r\n")
            reader._transport.pause_reading()  # type: ignore[attr-defined]  # noqa: SLF001 -- streams read ahead
            writer.write(frame(TEXT, b'{"type":"connection_init"}'))
            asked = 0
            while not writer.transport.is_closing():
                payload = {"query": self._orders.wide if asked % 2 else "{ __typename }"}
                asked += 1
                writer.write(
                    frame(TEXT, json.dumps({"type": "subscribe", "id": str(asked), "payload": payload}).encode())
                )
                await writer.drain()
                await asyncio.sleep(ASK_S)
        self.ends["deaf: thrown out"] += 1


def main() -> None:
    """Attack as the argument says; print what became of the requests, as JSON."""
    attack = Attack(Orders(**json.loads(sys.argv[1])))
    asyncio.run(attack.run())
    print(json.dumps(dict(sorted(attack.ends.items()))))


if __name__ == "__main__":
    main()
