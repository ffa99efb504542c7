"""Reads that follow each other on a connection without waiting for the answers before them."""

import asyncio
from collections import OrderedDict, deque
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from math import inf
from typing import Any, Self

import asyncpg
from asyncpg import connect_utils

from services.core import wire
from services.core.rights import TELL

RIGHTS = b"rights"
"""The prepared statement that tells a read's rights: in the read's own transaction, which ends with it."""
EXECUTE_AND_SYNC = wire.EXECUTE + wire.SYNC
EXECUTE_AND_FORGET = wire.EXECUTE + wire.close(b"") + wire.SYNC

PATIENCE_S = 0.02
"""How late a read may be before it counts as a long one: its answer may have come and wait for the event loop."""

LOOK_S = 0.1
"""How often it is looked whether reads in flight have become late, and how long one that nobody waits for may go on."""
GRACE_S = 0.1
CANCEL_S = 1.0
"""For how long after a cancel request was answered it may still end a read."""
MOST_CANCELLED = 5
"""How often a read is sent again that a cancel request ended which was meant for another."""

QUERY_CANCELED = "57014"
STATEMENT_UNKNOWN = "26000"

ROW_HEADER = 6
"""Of a row with one column: the number of columns, the value's length."""


class ReadFailed(Exception):
    """PostgreSQL refused a read; `code` is its SQLSTATE."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(f"{message} ({code})")
        self.code = code
        self.message = message


class ConnectionLost(Exception):
    """The connection ended before the answer came."""


@dataclass(slots=True)
class Read:
    """A read in flight."""

    sql: str
    arguments: Sequence[wire.Argument]
    future: "asyncio.Future[bytes]"
    deadline: float = inf
    """When it has taken too long, its wait included, in the loop's time."""
    rights: bytes | None = None
    """What the database is told of the caller's rights; None for what everybody sees."""
    telling: bool = False
    """Whether the next row is the rights' own."""
    long: bool = False
    """Whether it is expected to take long, or not known to take little."""
    cancelled: int = 0
    """How often a cancel request ended it that was meant for another."""
    name: bytes = b""
    """The prepared statement's."""
    prepares: bool = False
    """Whether the statement was not known to the connection when the read was sent."""
    prepared: bool = False
    """Whether the server prepared it for this read; it is then known, whatever becomes of the read."""
    sent_at: float = 0.0
    expected_s: float = 0.0
    answer: bytes = b""
    error: ReadFailed | None = None

    def take(self, row: bytes) -> None:
        """Take in a row: that of the rights, which says nothing, then the answer."""
        if self.telling:
            self.telling = False
        else:
            self.answer = row


class Durations:
    """How long the server takes for each statement, as far as it is known."""

    UNKNOWN_S = 0.005
    WEIGHT = 0.2
    """Of the latest read in the moving average."""
    LONGEST_S, TIMES = 0.08, 4
    """What one read adds to the average at most, beside so many times what is known: the event loop may have halted."""
    MOST = 20_000
    """Statements that are known; which was asked for longest ago is forgotten first."""

    def __init__(self) -> None:
        self._expected: OrderedDict[int, float] = OrderedDict()
        """By the hash of a statement's text, for texts are long."""
        self._rough: set[int] = set()
        """Of those, which are known by a read that was planned first."""

    def known_s(self, sql: str) -> float | None:
        """Return what a read is known to take; None where it is not known."""
        key = hash(sql)
        if key not in self._expected:
            return None
        self._expected.move_to_end(key)
        return self._expected[key]

    def expected_s(self, sql: str) -> float:
        """Return what a read is expected to take."""
        return self._expected.get(hash(sql), self.UNKNOWN_S)

    def learn(self, sql: str, took_s: float, *, planned: bool = False) -> None:
        """Update the expectation by what a read took; one that was planned first tells only as long as no other has."""
        key = hash(sql)
        known = self._expected.get(key)
        if known is None or (key in self._rough and not planned):
            self._expected[key] = took_s
            (self._rough.add if planned else self._rough.discard)(key)
        elif not planned:
            counted_s = min(took_s, self.LONGEST_S + self.TIMES * known)
            self._expected[key] = known + self.WEIGHT * (counted_s - known)
        if len(self._expected) > self.MOST:
            self._rough.discard(self._expected.popitem(last=False)[0])


async def request_cancel(loop: asyncio.AbstractEventLoop, opened: Any) -> None:  # noqa: ANN401 -- the driver's private parts
    """Ask the server, on a connection of its own, to end what it executes; return when it was asked.

    Where it cannot be asked, it ends that at its own timeout.
    """
    protocol = opened._protocol  # noqa: SLF001 -- the driver has no public way to cancel on a transport handed over
    address, parameters = opened._addr, opened._params  # noqa: SLF001 -- as above
    with suppress(OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError):
        async with asyncio.timeout(CANCEL_S):
            await connect_utils._cancel(  # type: ignore[attr-defined]  # noqa: SLF001 -- as above
                loop=loop,
                addr=address,
                params=parameters,
                backend_pid=protocol.backend_pid,
                backend_secret=protocol.backend_secret,
            )


def transport_of(opened: "asyncpg.Connection[asyncpg.Record]") -> asyncio.Transport:
    """Return the transport of a connection, for another protocol to take it over."""
    transport: asyncio.Transport = opened._transport  # type: ignore[attr-defined]  # noqa: SLF001 -- the driver has no public way to hand its transport over
    return transport


class PipelinedConnection(wire.Messages):
    """A connection that sends reads as they come and gives each its one text value.

    The driver opens it (addresses, TLS, authentication); from then on the protocol spoken on it is this one.
    """

    def __init__(
        self, opened: "asyncpg.Connection[asyncpg.Record]", transport: asyncio.Transport, durations: Durations
    ) -> None:
        super().__init__()
        self._opened = opened
        self._durations = durations
        self._transport = transport
        self._loop = asyncio.get_running_loop()
        self._reads: deque[Read] = deque()
        self._statements = wire.Statements()
        self._ended_at = 0.0
        self._expected_s = 0.0
        self._watch: asyncio.TimerHandle | None = None
        self._cancelling: asyncio.Task[None] | None = None
        self._cancelled_at = -inf
        """When the latest cancel request was answered."""
        self.lost = False
        self.long = 0
        """How many of the reads in flight are long ones."""
        self.on_room: Callable[[], None] = lambda: None
        """Is told whenever a read has ended, and when the connection has."""

    @classmethod
    async def open(cls, url: str, settings: Mapping[str, str], durations: Durations, *, timeout_s: float) -> Self:
        """Connect. Raises OSError, TimeoutError or asyncpg.PostgresError when the server cannot be reached."""
        opened = await asyncpg.connect(url, server_settings=dict(settings), timeout=timeout_s)
        await opened.execute(f"PREPARE {RIGHTS.decode()} (text) AS {TELL}", timeout=timeout_s)
        transport = transport_of(opened)
        connection = cls(opened, transport, durations)
        transport.set_protocol(connection)
        return connection

    @property
    def waiting(self) -> int:
        """How many reads are in flight."""
        return len(self._reads)

    def ahead_s(self, now: float) -> float:
        """Return how long the reads in flight may take: what is expected, and the time that the first is late."""
        if not self._reads:
            return 0.0
        first = self._reads[0]
        late_s = now - max(first.sent_at, self._ended_at) - first.expected_s
        return self._expected_s + (late_s if late_s > PATIENCE_S else 0.0)

    def read(
        self, sql: str, arguments: Sequence[wire.Argument], deadline: float = inf, rights: bytes | None = None
    ) -> "asyncio.Future[bytes]":
        """Send a read with the rights that it is told; its future gets the value, ReadFailed or ConnectionLost.

        Past the deadline, in the loop's time, it fails. One that nobody waits for is cancelled at the server.
        """
        future: asyncio.Future[bytes] = self._loop.create_future()
        self.execute(Read(sql, arguments, future, deadline, rights))
        return future

    def execute(self, read: Read) -> None:
        """Send a read behind those in flight."""
        if self.lost:
            read.future.set_exception(ConnectionLost("closed before the read was sent"))
            return
        message = self._message(read)
        read.telling = read.rights is not None
        if read.rights is not None:
            message = wire.bind(RIGHTS, (read.rights,)) + wire.EXECUTE + message
        read.sent_at = self._loop.time()
        read.expected_s = self._durations.expected_s(read.sql)
        self._expected_s += read.expected_s
        self.long += read.long
        self._reads.append(read)
        self._transport.write(message)
        if self._watch is None:
            self._watch = self._loop.call_later(LOOK_S, self._look)

    def _look(self) -> None:
        """Fail reads past their deadline, and cancel the one at the server if nobody waits for it any more."""
        self._watch, now = None, self._loop.time()
        for read in self._reads:
            # The server, which has the same limit for what it executes, may say so first.
            if read.deadline + GRACE_S <= now and not read.future.done():
                read.future.set_exception(ReadFailed(QUERY_CANCELED, "it took too long, its wait included"))
        if not self._reads or self.lost:
            return
        self._watch = self._loop.call_later(LOOK_S, self._look)
        first = self._reads[0]
        begun_at = max(first.sent_at, self._ended_at)
        if first.future.done() and now - begun_at >= LOOK_S and self._cancelling is None:
            self.cancel()

    def cancel(self) -> None:
        """Ask the server to end what it executes on this connection.

        It may be the next read by then: one that is ended so, and waited for, is sent again.
        """
        self._cancelling = self._loop.create_task(self._cancel())

    async def _cancel(self) -> None:
        try:
            await request_cancel(self._loop, self._opened)
        finally:
            self._cancelled_at, self._cancelling = self._loop.time(), None

    def _message(self, read: Read) -> bytes:
        """Return what executes a read; a statement that is not known is prepared, and kept unless it is long."""
        name, prepare = self._statements.known(read.sql), b""
        read.prepares = name is None
        if name is None and len(read.sql) > wire.KEPT_CHARACTERS:
            read.name = b""
            return wire.parse(b"", read.sql) + wire.bind(b"", read.arguments) + EXECUTE_AND_FORGET
        if name is None:
            name, prepare = self._statements.add(read.sql)
        read.name = name
        return prepare + wire.bind(name, read.arguments) + EXECUTE_AND_SYNC

    def take(self, kind: bytes, data: bytes, start: int, end: int) -> None:
        """Take in values, errors and the ends of reads. Other messages are skipped."""
        if kind == wire.DATA_ROW:
            self._reads[0].take(data[start + ROW_HEADER : end])
        elif kind == wire.READY:
            self._end(self._reads.popleft())
            self.on_room()
        elif kind == wire.PARSED:
            self._reads[0].prepared = True
        elif kind == wire.ERROR:
            self._fail(data[start:end])

    def _fail(self, body: bytes) -> None:
        """Note the error of the first read; without a read the server says why it closes the connection."""
        fields = wire.error_fields(body)
        if self._reads:
            self._reads[0].error = ReadFailed(fields.get("C", ""), fields.get("M", ""))

    def _end(self, read: Read) -> None:
        """Set the result of a read."""
        begun_at, error = max(read.sent_at, self._ended_at), read.error
        self.long -= read.long
        self._time(read)
        unknown = error is not None and error.code == STATEMENT_UNKNOWN
        if unknown or (read.prepares and not read.prepared):
            self._statements.forget(read.sql, read.name)
        if read.future.done():
            return
        if error is None:
            read.future.set_result(read.answer)
        elif unknown and not read.prepares:
            # Sent behind the read that was to prepare it, which failed.
            read.error = None
            self.execute(read)
        elif error.code == QUERY_CANCELED and self._meant_another(read, begun_at):
            read.error, read.cancelled = None, read.cancelled + 1
            self.execute(read)
        else:
            read.future.set_exception(error)

    def _meant_another(self, read: Read, begun_at: float) -> bool:
        """Return whether a cancel request for the read before may have ended a read; its time has not run out."""
        if read.cancelled >= MOST_CANCELLED or self.lost:
            return False
        return self._cancelling is not None or begun_at <= self._cancelled_at + CANCEL_S

    def _time(self, read: Read) -> None:
        """Learn what a read took without its wait behind others."""
        now = self._loop.time()
        self._durations.learn(read.sql, now - max(read.sent_at, self._ended_at), planned=read.prepares)
        self._ended_at = now
        self._expected_s = self._expected_s - read.expected_s if self._reads else 0.0

    def connection_lost(self, exc: Exception | None) -> None:
        """Fail the reads in flight."""
        self.lost = True
        self._opened.terminate()  # the driver was not told: its protocol is no longer the transport's
        while self._reads:
            read = self._reads.popleft()
            if not read.future.done():
                read.future.set_exception(ConnectionLost(str(exc or "closed by the server")))
        self.on_room()

    def close(self) -> None:
        """End the connection at once; reads in flight are lost."""
        self.lost = True
        self._opened.terminate()
