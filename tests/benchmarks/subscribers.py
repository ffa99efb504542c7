"""What many silent subscribers cost one process, and how soon all of them hear of one change.

Run by `make bench-subscribers`; takes about half a minute. The clients share the machine with the service and speak
the protocol with as little work as they can, so that the figures are the service's.
"""

import asyncio
import os
import resource
import shutil
import struct
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from uuid import UUID

import orjson

from deploy.servers.postgres import EmbeddedPostgres
from services.core.database import Database
from services.core.tokens import LocalIssuer
from services.migrations.tables import REFUSALS
from tests import servers
from tests.live.place import Place, Places
from tests.live.talking import CHANGED
from tests.servers import migrate
from tests.serving import Served, serving
from tests.world import build

SUBSCRIBERS = 2_000
AT_ONCE = 100
IDLE_S = 10.0
CHANGES = 10
LIMIT_S = 60.0
TICKS_PER_S = os.sysconf("SC_CLK_TCK")
STREET = "140521001"
HANDSHAKE = (
    b"GET /graphql HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    b"Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nSec-WebSocket-Version: 13\r\n"
    b"Sec-WebSocket-Protocol: graphql-transport-ws\r\n\r\n"
)
TEXT, CLOSE, PING, PONG = 0x81, 0x88, 0x89, 0x8A


def frame(kind: int, payload: bytes) -> bytes:
    """Return a client's frame; its mask is zero, which leaves the payload as it is."""
    size = len(payload)
    length = bytes([0x80 | size]) if size < 126 else bytes([0xFE]) + struct.pack("!H", size)
    return bytes([kind]) + length + bytes(4) + payload


def frames(received: bytearray) -> Iterator[tuple[int, bytes]]:
    """Take whole frames of a server off what was received."""
    while len(received) >= 2:
        size, start = received[1], 2
        if size == 126:
            size, start = struct.unpack_from("!H", received, 2)[0], 4
        if len(received) < start + size:
            return
        yield received[0], bytes(received[start : start + size])
        del received[: start + size]


class Subscriber(asyncio.Protocol):
    """A client with one subscription that counts what it hears."""

    def __init__(self) -> None:
        self.ready: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.heard = 0
        self._received = bytearray()
        self._open = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        transport.write(HANDSHAKE)

    def data_received(self, data: bytes) -> None:
        self._received += data
        if not self._open:
            head, end, rest = bytes(self._received).partition(b"\r\n\r\n")
            if not end:
                return
            assert b" 101 " in head, head
            self._open, self._received = True, bytearray(rest)
            self._transport.write(frame(TEXT, b'{"type":"connection_init"}'))
        for kind, payload in frames(self._received):
            if kind == PING:
                self._transport.write(frame(PONG, payload))
            elif payload.startswith(b'{"type":"connection_ack"'):
                body = {"query": CHANGED, "variables": {"within": STREET}}
                self._transport.write(frame(TEXT, orjson.dumps({"type": "subscribe", "id": "1", "payload": body})))
                self._transport.write(frame(TEXT, b'{"type":"ping"}'))
            elif payload == b'{"type":"pong"}':
                self.ready.set_result(None)
            elif kind != CLOSE:
                assert b'"type":"next"' in payload, payload
                self.heard += 1


async def subscribe(service: Served, number: int) -> list[Subscriber]:
    """Return so many subscribers that wait for changes."""
    loop, at_once = asyncio.get_running_loop(), asyncio.Semaphore(AT_ONCE)

    async def one() -> Subscriber:
        async with at_once:
            _, subscriber = await loop.create_connection(Subscriber, "127.0.0.1", service.port)
            await subscriber.ready
            return subscriber

    return await asyncio.gather(*(one() for _ in range(number)))


def say(line: str) -> None:
    """Print one line at once."""
    print(line, flush=True)


def resident_mib(process: int) -> float:
    """Return the memory that a process occupies."""
    pages = int(Path(f"/proc/{process}/statm").read_text().split()[1])
    return pages * resource.getpagesize() / 2**20


def processor_s(process: int) -> float:
    """Return the processor time that a process has used."""
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS_PER_S


async def told(subscribers: list[Subscriber], place: Place, topic: UUID) -> float:
    """Commit one change; return the seconds from its commit until the last subscriber has heard of it."""
    before = subscribers[0].heard
    await place.list_(topic)
    committed = time.perf_counter()
    while any(one.heard == before for one in subscribers):  # noqa: ASYNC110 -- two thousand events to wait for
        await asyncio.sleep(0.001)
    return time.perf_counter() - committed


async def measure(service: Served, place: Place, number: int) -> None:
    """Print the figures."""
    pid = service.process.pid
    (warm,) = await subscribe(service, 1)
    await told([warm], place, await place.propose())
    without = resident_mib(pid)
    started, used = time.perf_counter(), processor_s(pid)
    subscribers = await subscribe(service, number)
    took, used = time.perf_counter() - started, processor_s(pid) - used
    say(f"{number} subscribers came in {took:.1f} s, {1000 * used / number:.2f} ms of processor time each")
    memory = resident_mib(pid)
    each = 1024 * (memory - without) / number
    say(f"memory {without:.0f} MiB before, {memory:.0f} MiB with them: {each:.1f} KiB each")
    used = processor_s(pid)
    await asyncio.sleep(IDLE_S)
    idle = 100 * (processor_s(pid) - used) / IDLE_S
    say(f"processor while nothing happens: {idle:.1f} % of one core over {IDLE_S:.0f} s")
    topics = [await place.propose() for _ in range(CHANGES)]
    await asyncio.sleep(1.0)
    used = processor_s(pid)
    latencies = [1000 * await told(subscribers, place, topic) for topic in topics]
    each_change = 1000 * (processor_s(pid) - used) / CHANGES
    say(
        f"all {number} have heard of a change {median(latencies):.0f} ms after its commit (median of {CHANGES}, "
        f"worst {max(latencies):.0f} ms); {each_change:.0f} ms of processor time"
    )


@contextmanager
def database_server() -> Iterator[None]:
    """Use the server that the settings name, else a private one."""
    directory = Path(tempfile.mkdtemp(prefix="shangliang-bench-"))
    directory.chmod(0o711)
    os.environ[servers.DIRECTORY] = str(directory)
    given = os.environ.get("SHANGLIANG_DATABASE_URL")
    private = None if given else EmbeddedPostgres(directory / "postgres", database="postgres")
    if private is not None:
        private.start()
        given = private.url
    os.environ[servers.DATABASE] = str(given)
    try:
        yield
    finally:
        if private is not None:
            private.remove()
        shutil.rmtree(directory, ignore_errors=True)


async def run(number: int) -> None:
    """Measure on a database of its own."""
    name = servers.run_name()
    url = await servers.create_database(name)
    await migrate(url)
    db = await Database.open(url, refusals=REFUSALS, read_connections=2)
    place = await Places(await build(db, url)).new(STREET)
    key = Path(os.environ[servers.DIRECTORY]) / "signing.pem"
    LocalIssuer.load(key, audience="shangliang")
    try:
        async with asyncio.timeout(LIMIT_S), serving(url, key) as service:
            await measure(service, place, number)
    finally:
        await db.close()
        await servers.drop_databases(name)


def main() -> None:
    """Measure so many subscribers as the command line says."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    with database_server():
        asyncio.run(run(int(sys.argv[1]) if len(sys.argv) > 1 else SUBSCRIBERS))


if __name__ == "__main__":
    main()
