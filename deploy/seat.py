"""A worker's line to the process that started it: what it is given, what it tells, and by whose end it ends."""

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from socket import socket
from typing import TYPE_CHECKING, Any

from deploy.line import LONGEST, MOST_WAITING, Given, message, received
from deploy.room import fitting, rooms, said
from deploy.scrapes import families
from services.core.settings import Settings

if TYPE_CHECKING:
    import uvicorn

    from graph.engine import Engine


class Seat:
    """One worker's place among those that answer at one port."""

    def __init__(self, line: socket) -> None:
        """Take the line, over which it is said at once what is given. Raises EOFError where nobody is there."""
        self._line = line
        first = bytearray()
        while not first.endswith(b"\n"):
            byte = line.recv(1)
            if not byte:
                raise EOFError("Whoever started this worker has ended.")
            first += byte
        self.given = Given.read(bytes(first))
        self.sockets = [socket(fileno=descriptor) for descriptor in self.given.sockets]

    @classmethod
    def at(cls, descriptor: int) -> "Seat":
        """Return the seat whose line has a descriptor; whatever the worker starts has none of it."""
        os.set_inheritable(descriptor, False)  # noqa: FBT003 -- the library's own
        return cls(socket(fileno=descriptor))

    async def told(self, settings: Settings) -> dict[str, Any]:
        """Return what the first worker has found out; nothing of others. Raises ServerError where not all fit."""
        if self.given.wanted is None:
            return {}
        found = await rooms(settings, self.given.addresses)
        workers = fitting(found, self.given.wanted, asked=self.given.asked)
        return {"workers": workers, "said": said(found, workers)}

    @asynccontextmanager
    async def taken(self, server: "uvicorn.Server", engine: "Engine") -> AsyncIterator[asyncio.StreamWriter]:
        """Answer over the line until the block ends, which gives its writer; the server ends when the line does."""
        reader, writer = await asyncio.open_connection(sock=self._line, limit=LONGEST)

        def tell(query: str) -> None:
            if writer.transport.get_write_buffer_size() < MOST_WAITING:
                writer.write(message("query", query))

        async def answer() -> None:
            with suppress(OSError):
                while line := await reader.readline():
                    kind, content = received(line)
                    if kind == "query":
                        engine.persisted.keep(content)
                    else:
                        writer.write(message("metrics", families(engine.metrics.registry.collect())))
            server.should_exit = True

        engine.persisted.tell = tell
        answering = asyncio.create_task(answer())
        try:
            yield writer
        finally:
            answering.cancel()
            with suppress(asyncio.CancelledError):
                await answering
            writer.close()
