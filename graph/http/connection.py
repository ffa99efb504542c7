"""Connections of HTTP that cannot be held by doing little: requests arrive and answers are taken in bounded time."""

import asyncio
from collections import Counter
from collections.abc import Callable, Mapping
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from graph.http.drain import Drain

LOOK_S = 20.0
"""How often it is looked whether an answer is taken."""
LEAST_RATE = 1_024
"""Bytes a second that a client takes at least, as long as any wait for it."""

IDLE, HEAD, BODY = range(3)


class BoundedConnection(HttpToolsProtocol):
    """A connection with deadlines. Those that are open at once are counted by address."""

    seconds: Mapping[int, float]
    """For how long each stage of a request may arrive."""
    most_of_one = 0
    """Connections of one address; 0 for any number."""
    open_by_address: Counter[str]
    uncounted: Callable[[str], bool]
    """Tells addresses from which all may come: those of proxies."""
    drain: Drain
    """Tells whether the process is about to end: then the answer that is under way is a connection's last."""

    def __init__(self, *arguments: Any, **named: Any) -> None:  # noqa: ANN401 -- uvicorn's
        super().__init__(*arguments, **named)
        self._stage, self._timed = HEAD, IDLE
        self._late: asyncio.TimerHandle | None = None
        self._look: asyncio.TimerHandle | None = None
        self._upgraded = False
        self._waiting = 0
        self._counted: str | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin; a connection beyond those of its address is closed at once."""
        super().connection_made(transport)
        address = str(self.client[0]) if self.client else ""
        if self.most_of_one and address and not type(self).uncounted(address):
            self._counted = address
            self.open_by_address[address] += 1
            if self.open_by_address[address] > self.most_of_one:
                transport.abort()
                return
        self._keep_time()

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget the connection."""
        self._stage = IDLE
        self._keep_time()
        self.resume_writing()
        self.release()
        super().connection_lost(exc)

    def release(self) -> None:
        """Count the connection no longer."""
        address, self._counted = self._counted, None
        if address is not None:
            self.open_by_address[address] -= 1
            if not self.open_by_address[address]:
                del self.open_by_address[address]

    def data_received(self, data: bytes) -> None:
        """Take in a part of a request."""
        super().data_received(data)
        if self._stage == IDLE and not self._upgraded and self.cycle.response_complete:
            self._stage = HEAD  # what no request begins with came, as empty lines do
        if self._stage != self._timed:
            self._keep_time()

    def handle_websocket_upgrade(self) -> None:
        """Hand the connection over to WebSockets, which are counted and timed by themselves."""
        self._upgraded, self._stage = True, IDLE
        self.release()
        super().handle_websocket_upgrade()

    def on_message_begin(self) -> None:
        """Begin a request."""
        self._stage = HEAD
        super().on_message_begin()

    def on_headers_complete(self) -> None:
        """Begin a request's body."""
        self._stage = BODY
        super().on_headers_complete()
        if self.drain.begun and not (self.parser.should_upgrade() and self._should_upgrade()):
            self.cycle.keep_alive = False

    def on_message_complete(self) -> None:
        """End a request."""
        self._stage = IDLE
        super().on_message_complete()

    def _keep_time(self) -> None:
        """Set the deadline of what arrives now."""
        if self._late is not None:
            self._late.cancel()
        seconds = self.seconds.get(self._stage)
        self._late = None if seconds is None else self.loop.call_later(seconds, self._end)
        self._timed = self._stage

    def _end(self) -> None:
        """Close the connection: its request did not arrive in time."""
        if not self.transport.is_closing():
            self.transport.abort()

    def pause_writing(self) -> None:
        """Watch how fast what waits is taken."""
        super().pause_writing()
        if self._look is None:
            self._waiting = self.transport.get_write_buffer_size()
            self._look = self.loop.call_later(LOOK_S, self._check)

    def resume_writing(self) -> None:
        """Stop watching."""
        super().resume_writing()
        if self._look is not None:
            self._look.cancel()
            self._look = None

    def _check(self) -> None:
        """Close the connection of a client that takes less than it must."""
        waiting, before = self.transport.get_write_buffer_size(), self._waiting
        self._look, self._waiting = None, waiting
        if waiting > before - LEAST_RATE * LOOK_S:
            self.transport.abort()
        else:
            self._look = self.loop.call_later(LOOK_S, self._check)


def bounded(
    most_of_one: int,
    uncounted: Callable[[str], bool],
    *,
    head_s: float,
    body_s: float,
    drain: Drain | None = None,
) -> type[BoundedConnection]:
    """Return connections of which one address has at most so many open at once, 0 for any number.

    Those of addresses that are told to be `uncounted`, as of proxies, are not counted. A request's head may arrive for
    `head_s` from the connection on, later from its first byte, its body for `body_s` from its head on. While the
    process drains, connections are closed with their next answer.
    """
    facts = {
        "seconds": {HEAD: head_s, BODY: body_s},
        "most_of_one": most_of_one,
        "uncounted": staticmethod(uncounted),
        "open_by_address": Counter(),
        "drain": drain or Drain(),
    }
    return type("Connection", (BoundedConnection,), facts)
