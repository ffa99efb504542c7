"""A connection to PostgreSQL on which the statements of a transaction that writes go out together, as one flight.

If one of a flight fails, the server skips those behind it.
"""

import asyncio
import json
import re
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, Self
from uuid import UUID

import asyncpg

from services.core import wire
from services.core.pipeline import request_cancel, transport_of

STALE = frozenset({"0A000", "26000"})
"""feature_not_supported, of a plan whose result changed with its tables; invalid_sql_statement_name."""
ITEM = re.compile(r'"((?:[^"\\]|\\.)*)"|([^,{}]+)')
ESCAPED = re.compile(r"\\(.)")
LOST = "the connection is closed"
NO_ANSWER = "the server does not answer"


class Unfit(asyncpg.InterfaceError, ValueError):
    """A value that cannot be written, or cannot be read."""


def instant(text: str) -> datetime:
    """Return an instant; the greatest and the least for what is infinite."""
    if text == "infinity":
        return datetime.max.replace(tzinfo=UTC)
    if text == "-infinity":
        return datetime.min.replace(tzinfo=UTC)
    return datetime.fromisoformat(text)


def items(convert: Callable[[str], Any]) -> Callable[[str], list[Any]]:
    """Return a function that reads an array of one dimension."""

    def read(text: str) -> list[Any]:
        return [
            None if plain == "NULL" else convert(plain or ESCAPED.sub(r"\1", quoted))
            for quoted, plain in ITEM.findall(text)
        ]

    return read


READERS: dict[int, Callable[[str], Any]] = {
    **dict.fromkeys((20, 21, 23, 26), int),
    **dict.fromkeys((700, 701), float),
    **dict.fromkeys((114, 3802), json.loads),
    16: "t".__eq__,
    17: lambda text: bytes.fromhex(text.removeprefix("\\x")),
    1082: date.fromisoformat,
    1114: datetime.fromisoformat,
    1184: instant,
    1700: Decimal,
    2950: UUID,
    **dict.fromkeys((1009, 1015), items(str)),
    **dict.fromkeys((1005, 1007, 1016), items(int)),
    2951: items(UUID),
}
"""Functions that read values from text by the ids of their types (pg_type.dat); all others stay texts."""


@dataclass(frozen=True, slots=True)
class Columns:
    """What a statement gives: its columns as PEP 249 describes them, and what reads their values."""

    described: list[tuple[Any, ...]]
    readers: list[Callable[[str], Any] | None]
    types: tuple[int, ...]
    """The ids of the columns' types."""

    @classmethod
    def of(cls, body: bytes) -> Self:
        """Return the columns that a RowDescription tells of."""
        position, described = 2, list[tuple[Any, ...]]()
        for _ in range(int.from_bytes(body[:2])):
            end = body.index(b"\x00", position)
            oid = int.from_bytes(body[end + 7 : end + 11])
            described.append((body[position:end].decode(), oid, None, None, None, None, None))
            position = end + 19
        types = tuple(one[1] for one in described)
        return cls(described, [READERS.get(type_) for type_ in types], types)

    def row(self, data: bytes, position: int) -> tuple[Any, ...]:
        """Return the values of a DataRow, whose body begins at a position."""
        values: list[Any] = []
        position += 2
        for reader in self.readers:
            length = int.from_bytes(data[position : position + 4], signed=True)
            position += 4
            if length < 0:
                values.append(None)
                continue
            text = data[position : position + length].decode()
            position += length
            values.append(text if reader is None else reader(text))
        return tuple(values)


@dataclass(slots=True)
class Sent:
    """A statement in a flight, and what came of it."""

    sql: str
    name: bytes
    prepares: bool
    columns: Columns | None = None
    rows: deque[tuple[Any, ...]] = field(default_factory=deque)
    count: int = -1
    """How many rows it wrote or read."""
    more: bool = False
    """Whether its portal has more rows."""


class PipelinedWriter(wire.Messages):
    """A connection on which statements are sent together.

    The driver opens it (addresses, TLS, authentication); from then on the protocol spoken on it is this one.
    """

    def __init__(self, opened: "asyncpg.Connection[asyncpg.Record]", transport: asyncio.Transport) -> None:
        super().__init__()
        self._opened = opened
        self._transport = transport
        self._loop = asyncio.get_running_loop()
        self._statements = wire.Statements()
        self._columns: dict[bytes, Columns] = {}
        """By the names of statements."""
        self._parts: list[bytes] = []
        """What waits to be sent."""
        self._flight: deque[Sent] = deque()
        self._error: asyncpg.PostgresError | asyncpg.InterfaceError | None = None
        self._answered: asyncio.Future[None] | None = None
        self._closing: asyncio.Task[None] | None = None
        self._lost = False
        self.usual_s: float | None = None
        """How long a flight's end is waited for; None for as long as it takes."""
        self.answer_s: float | None = None
        """The same in the present transaction."""
        self.waits_since: float | None = None
        """Since when a flight's end is waited for, in the loop's time; None where it is not."""
        self.flights = 0
        """How many were sent."""

    @classmethod
    async def open(
        cls, url: str, settings: Mapping[str, str], *, timeout_s: float, answer_s: float | None = None
    ) -> Self:
        """Connect. Raises OSError, TimeoutError or asyncpg.PostgresError when the server cannot be reached."""
        opened = await asyncpg.connect(url, server_settings=dict(settings), timeout=timeout_s)
        transport = transport_of(opened)
        connection = cls(opened, transport)
        connection.usual_s = connection.answer_s = answer_s
        transport.set_protocol(connection)
        return connection

    def is_closed(self) -> bool:
        """Tell whether the connection has ended."""
        return self._lost

    def send(self, sql: str, arguments: Sequence[object] = (), *, portal: bytes = b"", most: int = 0) -> Sent:
        """Add a statement to the flight. Raises Unfit for an argument that cannot be written."""
        try:
            written = [wire.text(argument) for argument in arguments]
        except (TypeError, UnicodeError) as error:
            raise Unfit(str(error)) from error
        name, prepares = self._statements.known(sql), False
        if name is None and len(sql) > wire.KEPT_CHARACTERS:
            name = b""
            self._parts += (wire.parse(name, sql), wire.describe(name))
        elif name is None:
            prepares = True
            name, message = self._statements.add(sql)
            self._parts += (message, wire.describe(name))
        self._parts += (wire.bind(name, written, portal), wire.execute(portal, most))
        sent = Sent(sql, name, prepares)
        self._flight.append(sent)
        return sent

    def go_on(self, sent: Sent, portal: bytes, most: int) -> None:
        """Add to the flight that more rows of a portal are read."""
        self._parts.append(wire.execute(portal, most))
        self._flight.append(sent)

    async def wait(self) -> None:
        """Send the flight and wait for its end, no longer than `answer_s`; where nothing was added to it, it has ended.

        Raises the error of the first statement that failed, asyncpg.InterfaceError for a connection that was lost,
        asyncpg.ConnectionDoesNotExistError where no answer came. If the wait ends early, what the server executes is
        cancelled, and the connection ends.
        """
        if self._lost:
            raise asyncpg.InterfaceError(LOST)
        if not self._flight:
            return
        self.flights += 1
        self.waits_since = self._loop.time()
        self._answered = self._loop.create_future()
        self._transport.write(b"".join((*self._parts, wire.SYNC)))
        self._parts.clear()
        try:
            async with asyncio.timeout(self.answer_s):
                await self._answered
        except TimeoutError:
            self._abandon()
            raise asyncpg.ConnectionDoesNotExistError(NO_ANSWER) from None
        except asyncio.CancelledError:
            self._abandon()
            raise
        finally:
            self._answered = self.waits_since = None
            self._forget_columns()
        if self._error is not None:
            error, self._error = self._error, None
            raise error

    def drop(self) -> None:
        """Forget the flight, of which nothing was sent."""
        self._parts.clear()
        self._forget_flight()

    def take(self, kind: bytes, data: bytes, start: int, end: int) -> None:
        """Take in what came of the flight. Other messages are skipped."""
        if kind == wire.READY:
            if self._answered is not None and not self._answered.done():
                self._answered.set_result(None)
        elif kind == wire.ERROR:
            self._fail(wire.error_fields(data[start:end]))
        elif self._flight:
            self._take_of(self._flight[0], kind, data, start, end)

    def _take_of(self, sent: Sent, kind: bytes, data: bytes, start: int, end: int) -> None:
        """Take in what came of a statement."""
        if kind == wire.DATA_ROW:
            try:
                sent.rows.append(self._columns[sent.name].row(data, start))
            except (ValueError, ArithmeticError) as error:
                self._error = self._error or Unfit(str(error))
        elif kind in {wire.COMPLETE, wire.EMPTY, wire.SUSPENDED}:
            self._flight.popleft()
            sent.columns = self._columns.get(sent.name)
            sent.more = kind == wire.SUSPENDED
            count = data[start : end - 1].rpartition(b" ")[2]
            sent.count = int(count) if count.isdigit() else -1
        elif kind == wire.COLUMNS:
            self._columns[sent.name] = Columns.of(data[start:end])
        elif kind == wire.NO_COLUMNS:
            self._columns.pop(sent.name, None)
        elif kind == wire.PARSED:
            sent.prepares = False

    def _fail(self, fields: dict[str, str]) -> None:
        """Keep the flight's first error; what comes behind it is skipped. Without a flight the server says goodbye."""
        if self._error is None and self._flight:
            self._error = asyncpg.PostgresError.new(fields)
        if fields.get("C") in STALE and self._flight:
            self._flight[0].prepares = True
        self._forget_flight()

    def _forget_flight(self) -> None:
        """Forget what did not come about, and the statements that it was to prepare."""
        for sent in self._flight:
            if sent.prepares:
                self._statements.forget(sent.sql, sent.name)
        self._flight.clear()

    def _forget_columns(self) -> None:
        """Forget the columns of statements that are forgotten, once there are many."""
        if len(self._columns) > 2 * wire.STATEMENTS:
            names = self._statements.names()
            self._columns = {name: columns for name, columns in self._columns.items() if name in names}

    def _abandon(self) -> None:
        """End what the server executes, then the connection."""
        self._lost = True
        self._closing = self._loop.create_task(self._cancel())

    async def _cancel(self) -> None:
        try:
            await request_cancel(self._loop, self._opened)
        finally:
            self.terminate()

    def connection_lost(self, exc: Exception | None) -> None:
        """Fail the flight."""
        self._lost = True
        self._opened.terminate()  # the driver was not told: its protocol is no longer the transport's
        if self._answered is not None and not self._answered.done():
            if self._error is None:
                self._error = asyncpg.ConnectionDoesNotExistError(str(exc or LOST))
            self._answered.set_result(None)

    async def close(self, timeout: float | None = None) -> None:  # noqa: ARG002, ASYNC109 -- as the driver's own
        """End the connection; nothing waits for the server."""
        if not self._lost:
            self._transport.write(wire.TERMINATE)
        self.terminate()

    def terminate(self) -> None:
        """End the connection at once."""
        self._lost = True
        self._opened.terminate()
