"""A TCP proxy that can swallow what one side says and cut connections, as a network does."""

import asyncio
from collections import Counter
from contextlib import suppress
from types import TracebackType
from typing import Self

from sqlalchemy.engine import make_url

SENT, ANSWERED = "sent", "answered"
"""From the client to the server, and back."""
CHUNK = 65_536


class Proxy:
    """A way to a server, in this process; open while its block runs.

    Of several servers each connection gets the next that answers, as behind an address that stands for a cluster.
    """

    def __init__(self, *urls: str) -> None:
        self._targets = [make_url(url) for url in urls]
        self._next = 0
        self._writers: set[asyncio.StreamWriter] = set()
        self._pumps: set[asyncio.Task[None]] = set()
        self._server: asyncio.Server | None = None
        self.swallowed: set[str] = set()
        """Directions in which bytes vanish for now."""
        self.passed: Counter[str] = Counter()
        """Bytes that came in each direction, vanished ones too."""

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._connected, "127.0.0.1", 0)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self._server is not None
        self._server.close()
        self.cut()
        await asyncio.gather(*self._pumps, return_exceptions=True)

    @property
    def url(self) -> str:
        """The server's address by this way."""
        assert self._server is not None
        port = self._server.sockets[0].getsockname()[1]
        return self._targets[0].set(host="127.0.0.1", port=port).render_as_string(hide_password=False)

    def cut(self) -> None:
        """Reset every connection; what vanished stays lost, new connections are as good as the first."""
        self.swallowed.clear()
        for writer in self._writers:
            writer.transport.abort()
        self._writers.clear()

    async def cut_between(self, direction: str, patience_s: float) -> None:
        """Swallow one direction, wait until the client has sent something more, and cut."""
        self.swallowed.add(direction)
        before = self.passed[SENT]
        try:
            async with asyncio.timeout(patience_s):
                while self.passed[SENT] == before:  # noqa: ASYNC110 -- bytes come by themselves
                    await asyncio.sleep(0.001)
        except TimeoutError:
            pass
        self.cut()

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Connect a client through."""
        way = await self._way()
        if way is None:
            writer.transport.abort()
            return
        other_reader, other_writer = way
        self._writers |= {writer, other_writer}
        for source, sink, direction in ((reader, other_writer, SENT), (other_reader, writer, ANSWERED)):
            pump = asyncio.create_task(self._pump(source, sink, direction))
            self._pumps.add(pump)
            pump.add_done_callback(self._pumps.discard)

    async def _way(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter] | None:
        """Return a connection to the next server that answers; None where none does."""
        for _ in self._targets:
            target = self._targets[self._next % len(self._targets)]
            self._next += 1
            with suppress(OSError):
                return await asyncio.open_connection(target.host, target.port)
        return None

    async def _pump(self, source: asyncio.StreamReader, sink: asyncio.StreamWriter, direction: str) -> None:
        """Carry bytes one way until either side ends."""
        try:
            while data := await source.read(CHUNK):
                self.passed[direction] += len(data)
                if direction not in self.swallowed:
                    sink.write(data)
                    await sink.drain()
        except OSError:
            pass
        finally:
            sink.close()
