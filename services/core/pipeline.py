"""Reads that follow each other on a connection without waiting for the answers before them."""

import asyncio
from collections import Counter, deque
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from enum import Enum
from math import inf
from typing import Any, Self

import asyncpg
from asyncpg import connect_utils

from services.core import wire
from services.core.connecting import FAILED
from services.core.durations import Durations
from services.core.rights import TELL

RIGHTS = b"rights"
"""The prepared statement that tells a read's rights: in the read's own transaction, which ends with it."""
TRIAL = b"trial"
"""The one that says how long the server tries a read, likewise."""
PREPARED = {RIGHTS: TELL, TRIAL: "SELECT set_config('statement_timeout', $1, true)"}
"""By messages of the protocol: a pooler of connections does not know what SQL prepares."""
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
OVERSTAY_S = 0.5
"""How long a read that was expected to be short may keep a connection that others wait for."""
STUCK_S = 2.0
"""For how long a server may execute what nobody waits for, though it is asked to end it; then the connection ends."""

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


class Lane(Enum):
    """What reads are sent among."""

    TRIED = "tried"
    """Of which is not known what they take: few at once, each for a moment; what is not done by then is a long one."""
    SHORT = "short"
    LONG = "long"
    """Few at once, each for as long as it may take."""


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
    lane: Lane = Lane.SHORT
    moves: bool = False
    """Whether it becomes a long one where it takes longer than was thought."""
    trial_ms: int = 0
    """For how long the server tries it; 0 for as long as the server's own limit."""
    turn: "tuple[bool, str | None] | None" = None
    """Whose it is, once it waits for a turn: whether they have signed in, and who they are."""
    ahead: int = 0
    """How many rows come that say nothing before the answer."""
    overstays: bool = False
    """Whether the server was asked to end it because others waited for its connection."""
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
        """Take in a row: those that say nothing, then the answer."""
        if self.ahead:
            self.ahead -= 1
        else:
            self.answer = row

    def preface(self) -> bytes:
        """Return the messages of its transaction before it: how long it is tried, and the rights."""
        messages = b""
        if self.trial_ms:
            messages += wire.bind(TRIAL, (b"%d" % self.trial_ms,)) + wire.EXECUTE
        if self.rights is not None:
            messages += wire.bind(RIGHTS, (self.rights,)) + wire.EXECUTE
        self.ahead = bool(self.trial_ms) + (self.rights is not None)
        return messages


async def request_cancel(loop: asyncio.AbstractEventLoop, opened: Any) -> None:  # noqa: ANN401 -- the driver's private parts
    """Ask the server, on a connection of its own, to end what it executes; return when it was asked.

    Where it cannot be asked, it ends that at its own timeout.
    """
    protocol = opened._protocol  # noqa: SLF001 -- the driver has no public way to cancel on a transport handed over
    address, parameters = opened._addr, opened._params  # noqa: SLF001 -- as above
    with suppress(*FAILED):
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
        self._given_up_at = inf
        """When it was first seen that nobody waits for what the server executes."""
        self.lost = False
        self.lanes: Counter[Lane] = Counter()
        """How many reads are in flight of each lane."""
        self.on_room: Callable[[], None] = lambda: None
        """Is told whenever a read has ended, and when the connection has."""
        self.wanted: Callable[[], bool] = lambda: False
        """Tells whether others wait for a connection."""
        self.on_late: Callable[[Read], None] = lambda _: None
        """Is given a read that takes longer than was thought, to be sent again as a long one."""

    @classmethod
    async def open(cls, url: str, settings: Mapping[str, str], durations: Durations, *, timeout_s: float) -> Self:
        """Connect. Raises OSError, TimeoutError or asyncpg.PostgresError when the server cannot be reached."""
        opened = await asyncpg.connect(url, server_settings=dict(settings), timeout=timeout_s)
        transport = transport_of(opened)
        connection = cls(opened, transport, durations)
        transport.set_protocol(connection)
        try:
            async with asyncio.timeout(timeout_s):
                await connection._prepare()
        except BaseException:
            opened.terminate()
            raise
        return connection

    async def _prepare(self) -> None:
        """Prepare what comes before reads. Raises ConnectionResetError, asyncpg.InterfaceError."""
        messages = b"".join(wire.parse(name, sql) for name, sql in PREPARED.items())
        answered = Read("", (), self._loop.create_future(), sent_at=self._loop.time())
        self.lanes[answered.lane] += 1
        self._reads.append(answered)
        self._transport.write(messages + wire.SYNC)
        try:
            await answered.future
        except ConnectionLost as error:
            raise ConnectionResetError(str(error)) from error
        except ReadFailed as error:
            raise asyncpg.InterfaceError(str(error)) from error

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
        message = read.preface() + self._message(read)
        read.sent_at = self._loop.time()
        read.expected_s = self._durations.expected_s(read.sql)
        self._expected_s += read.expected_s
        self.lanes[read.lane] += 1
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
        runs_s = now - max(first.sent_at, self._ended_at)
        if first.future.done():
            self._given_up_at = min(self._given_up_at, now)
            if now - self._given_up_at >= STUCK_S:
                self._transport.abort()
            elif runs_s >= LOOK_S and self._cancelling is None:
                self.cancel()
        elif runs_s >= OVERSTAY_S and first.lane is Lane.SHORT and first.moves and (self.waiting > 1 or self.wanted()):
            self._durations.doubt(first.sql)
            if self._cancelling is None:
                first.overstays = True
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
        self.lanes[read.lane] -= 1
        self._time(read)
        unknown = error is not None and error.code == STATEMENT_UNKNOWN
        if unknown or (read.prepares and not read.prepared):
            self._statements.forget(read.sql, read.name)
        if read.future.done():
            return
        if error is None:
            read.future.set_result(read.answer)
        elif error.code == QUERY_CANCELED and (read.trial_ms or read.overstays) and read.deadline > self._ended_at:
            read.error, read.trial_ms, read.overstays = None, 0, False
            self.on_late(read)
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
        if read.error is None or not (read.trial_ms or read.overstays):
            self._durations.learn(read.sql, now - max(read.sent_at, self._ended_at), planned=read.prepares)
        self._ended_at, self._given_up_at = now, inf
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
