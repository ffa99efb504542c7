"""The read connections of one process to a server: few, each with several reads in flight."""

import asyncio
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from math import inf
from time import monotonic
from typing import Self
from uuid import uuid4

import asyncpg
from opentelemetry.trace import SpanKind

from services.core import wire
from services.core.actor import ANONYMOUS
from services.core.connecting import FAILED
from services.core.deadline import end_of
from services.core.durations import Durations
from services.core.errors import DomainError, InvalidInput, StatementTimeout, Unavailable
from services.core.failures import NOT_USED, UNREACHABLE, WRONG, failure
from services.core.pipeline import LOOK_S, ConnectionLost, Lane, PipelinedConnection, Read, ReadFailed
from services.core.rights import SERVICE, Signer, Teller
from services.core.tracing import POSTGRESQL, inner
from services.core.turns import Turns
from services.core.words import Words

CONNECT_S = 10.0
"""How long connecting may take where nothing else ends it."""
SHORT_S = 0.0005
"""Expected work that a read may as well wait behind: it costs less than waking another backend."""
AHEAD_S = 0.01
"""Expected work on a connection behind which no read is sent: what waits here is taken in turn, and can be given up."""
LONG_READ_S = 0.1
"""What makes a read a long one."""
LONG_SHARE = 8
"""One long read is sent at once for so many connections: the others, and the server's cores, are for short ones."""
TRIED_SHARE = 4
"""One that is not known is tried at once for so many."""
TRIAL_S, LEAST_TRIAL_S = 0.25, 0.03
"""For how long: the less the more of them wait, so that none does for longer than"""
TRIALS_SHARE = 0.2
"""of a read's whole time."""
TOO_LARGE = Words(
    "The selection, or a value, is too large for the database; ask for less at once.",
    "查询内容过大，请分次查询。",
)
NO_TEXT = NOT_USED(why=WRONG["22021"])
LOST = Words("The connection to the database was lost; try again.", "与数据库的连接中断，请重试。")
TOOK_TOO_LONG = "57014"


class ReadTx(ABC):
    """Reads, each a transaction of its own."""

    @property
    @abstractmethod
    def waiting(self) -> int:
        """How many reads are in flight or wait for their turn."""

    @abstractmethod
    async def read_json(self, sql: str, arguments: Sequence[object], teller: Teller = ANONYMOUS) -> bytes:
        """Return the one text value of a compiled read as the bytes that PostgreSQL sent, by somebody's rights.

        A read whose connection was lost is sent once more.
        Raises InvalidInput for arguments that PostgreSQL cannot hold and for selections larger than it can plan,
        StatementTimeout for a read that took too long, Unavailable without a connection.
        """

    @abstractmethod
    async def explain(self, sql: str, parameters: int) -> bytes:
        """Return PostgreSQL's plan of a read as JSON, the same for all arguments: none is given.

        Raises InvalidInput for selections larger than it can plan, StatementTimeout, Unavailable.
        """

    @abstractmethod
    async def replies(self) -> bool:
        """Tell whether a read is answered."""

    @abstractmethod
    async def close(self) -> None:
        """End every connection; reads in flight fail with Unavailable, and no connection is opened any more."""


class Readers(ReadTx):
    """The reads of one server.

    Short reads follow each other on few connections. Of long ones few are sent at once, each on a connection that
    nothing else waits for; so are those of which nothing is known, each for a moment, and what is not done by then
    waits among the long ones. Whatever finds no room waits, and callers have turns.
    Connections are opened as they are needed.
    """

    def __init__(self, url: str, settings: Mapping[str, str], *, most: int, signer: Signer | None = None) -> None:
        self._url = url
        self.settings = settings
        """What each connection has."""
        self.signer = signer
        """What signs the rights that the database is told of; None where it is told of none."""
        self._most = most
        self._limit_s = int(settings.get("statement_timeout", "0")) / 1000
        """How long a read may take, its wait for others included; 0 for as long as it takes."""
        self._connections: list[PipelinedConnection] = []
        self._durations = Durations()
        self._opening: asyncio.Task[None] | None = None
        self._turns = {lane: Turns() for lane in Lane}
        self._room: Mapping[Lane, float] = {
            Lane.LONG: min(most - 1, max(1, most // LONG_SHARE)),
            Lane.TRIED: min(most - 1, max(1, most // TRIED_SHARE)),
            Lane.SHORT: inf,
        }
        """How many reads of each lane are sent at once; with one connection all are short ones."""
        self._sifting: asyncio.TimerHandle | None = None
        self._closed = False

    @classmethod
    async def open(cls, url: str, settings: Mapping[str, str], *, most: int, signer: Signer | None = None) -> Self:
        """Connect once. Without a signer reads see what everybody sees.

        Raises OSError or asyncpg.PostgresError when the server cannot be reached.
        """
        readers = cls(url, settings, most=most, signer=signer)
        await readers._connect()
        return readers

    @property
    def waiting(self) -> int:
        """How many reads are in flight or wait for their turn."""
        return sum(connection.waiting for connection in self._connections) + sum(map(len, self._turns.values()))

    async def read_json(self, sql: str, arguments: Sequence[object], teller: Teller = ANONYMOUS) -> bytes:
        """Return the one text value of a compiled read, see ReadTx."""
        began = monotonic()
        try:
            bound = [wire.text(argument) for argument in arguments]
            rights = None if self.signer is None else self.signer.signed(teller)
            with inner("SELECT", SpanKind.CLIENT, POSTGRESQL):
                return await self._read(sql, bound, rights, moves=teller is not SERVICE)
        except ReadFailed as error:
            raise self._refusal(error, monotonic() - began) from error
        except UnicodeEncodeError as error:
            raise InvalidInput(NO_TEXT) from error

    async def explain(self, sql: str, parameters: int) -> bytes:
        """Return PostgreSQL's plan of a read, see ReadTx."""
        began = monotonic()
        deadline = end_of(self._limit_s)
        connection = await self._connection()
        nulls = f"({', '.join(['NULL'] * parameters)})" if parameters else ""
        name = f"explained_{uuid4().hex}"  # a pooler may give its connection to others, with what an error left there
        steps = (
            "BEGIN",
            f"PREPARE {name} AS {sql}",
            f"EXPLAIN (FORMAT JSON) EXECUTE {name}{nulls}",
            f"DEALLOCATE {name}",
            "COMMIT",
        )
        sent = [connection.read(step, (), deadline) for step in steps]
        try:
            _, _, plan, *_ = await asyncio.gather(*sent)
        except ReadFailed as error:
            raise self._refusal(error, monotonic() - began) from error
        except ConnectionLost as error:
            raise Unavailable(LOST) from error
        return plan

    async def replies(self) -> bool:
        """Tell whether a connection answers."""
        try:
            await self._read("SELECT ''", (), moves=False)
        except (ReadFailed, Unavailable):
            return False
        return True

    async def close(self) -> None:
        """End every connection; reads in flight fail with Unavailable, and no connection is opened any more."""
        self._closed = True
        if self._opening is not None:
            self._opening.cancel()
        if self._sifting is not None:
            self._sifting.cancel()
        self._fail_waiting(Unavailable(LOST))
        for connection in self._connections:
            connection.close()

    async def _read(
        self,
        sql: str,
        arguments: Sequence[wire.Argument],
        rights: bytes | None = None,
        *,
        moves: bool,
    ) -> bytes:
        """Send a read, once more where its connection was lost. Raises ReadFailed, Unavailable.

        `moves` tells whether it may wait among long ones; else it is a short one whatever it takes.
        """
        deadline, moves = end_of(self._limit_s), moves and self._room[Lane.LONG] > 0
        try:
            return await self._send(Read(sql, arguments, self._future(), deadline, rights, moves=moves))
        except ConnectionLost:
            pass
        try:
            return await self._send(Read(sql, arguments, self._future(), deadline, rights, moves=moves))
        except ConnectionLost as error:
            raise Unavailable(LOST) from error

    @staticmethod
    def _future() -> "asyncio.Future[bytes]":
        return asyncio.get_running_loop().create_future()

    def _send(self, read: Read) -> "asyncio.Future[bytes]":
        """Send a read, or let it wait for its turn.

        Its future gets the value, ReadFailed, ConnectionLost or Unavailable. Raises Unavailable once all is closed.
        """
        if self._closed:
            raise Unavailable(LOST)
        lane = self._lane(read)
        connection = None if self._turns[lane] else self._place(lane)
        if connection is not None:
            self._execute(read, lane, connection)
        else:
            self._wait(read, lane)
        return read.future

    def _wait(self, read: Read, lane: Lane) -> None:
        """Let a read wait for its turn in a lane."""
        self._turns[lane].put(read)
        self._sift_later()

    def _sift_later(self) -> None:
        if self._sifting is None:
            self._sifting = asyncio.get_running_loop().call_later(LOOK_S, self._sift)

    def _execute(self, read: Read, lane: Lane, connection: PipelinedConnection) -> None:
        """Send a read; one that would be tried is not bounded where there is room for a long one."""
        if lane is Lane.TRIED and self._has_room(Lane.LONG) and not self._turns[Lane.LONG]:
            lane = Lane.LONG
        read.lane, read.trial_ms = lane, self._trial_ms() if lane is Lane.TRIED else 0
        connection.execute(read)

    def _trial_ms(self) -> int:
        """Return for how long a read is tried now."""
        waiting = len(self._turns[Lane.TRIED]) + 1
        fair_s = TRIALS_SHARE * (self._limit_s or inf) * self._room[Lane.TRIED] / waiting
        return int(1000 * min(TRIAL_S, max(LEAST_TRIAL_S, fair_s)))

    def _lane(self, read: Read) -> Lane:
        """Return what a read is sent among, by what is known of its statement."""
        if not read.moves:
            return Lane.SHORT
        expected_s = self._durations.known_s(read.sql)
        if expected_s is None:
            return Lane.TRIED
        return Lane.LONG if expected_s >= LONG_READ_S else Lane.SHORT

    def _late(self, read: Read) -> None:
        """Let a read that takes longer than was thought wait among the long ones."""
        if self._closed:
            read.future.set_exception(Unavailable(LOST))
            return
        if read.lane is Lane.TRIED:
            self._durations.learn(read.sql, LONG_READ_S)
        self._wait(read, Lane.LONG)

    def _has_room(self, lane: Lane) -> bool:
        """Return whether another read of a lane may be sent now."""
        return sum(connection.lanes[lane] for connection in self._connections) < self._room[lane]

    def _wanted(self) -> bool:
        """Return whether reads wait that are short, or may be."""
        return bool(self._turns[Lane.SHORT] or self._turns[Lane.TRIED])

    def _place(self, lane: Lane) -> PipelinedConnection | None:
        """Return a connection that a read may be sent on now; None where it has to wait.

        Another connection is opened where there is more than little ahead. Short reads are spread from the first
        connection on, others from the last, and none is sent behind one of the others.
        """
        now = asyncio.get_running_loop().time()
        self._connections = [connection for connection in self._connections if not connection.lost]
        if not self._has_room(lane):
            return None
        best, least_s = None, inf
        for connection in self._connections if lane is Lane.SHORT else reversed(self._connections):
            alone = connection.lanes[Lane.LONG] or connection.lanes[Lane.TRIED]
            ahead_s = inf if alone else connection.ahead_s(now)
            if ahead_s < least_s:
                best, least_s = connection, ahead_s
            if ahead_s < SHORT_S:
                break
        if least_s >= SHORT_S:
            self._open_another()
        return best if least_s < AHEAD_S else None

    def _open_another(self) -> None:
        if self._opening is None and len(self._connections) < self._most and not self._closed:
            self._opening = asyncio.create_task(self._connect())
            self._opening.add_done_callback(self._opened)

    async def _connection(self) -> PipelinedConnection:
        """Return the connection with the least work ahead. Raises Unavailable."""
        if all(connection.lost for connection in self._connections):
            self._place(Lane.SHORT)
            if self._opening is not None:
                await asyncio.wait([self._opening])
        now = asyncio.get_running_loop().time()
        open_ = [connection for connection in self._connections if not connection.lost]
        if not open_:
            raise Unavailable(UNREACHABLE)
        return min(open_, key=lambda connection: connection.ahead_s(now))

    async def _open(self) -> PipelinedConnection:
        limit_s = self._limit_s or CONNECT_S
        return await PipelinedConnection.open(self._url, self.settings, self._durations, timeout_s=limit_s)

    async def _connect(self) -> None:
        """Connect, once more where the connection was cut meanwhile."""
        try:
            connection = await self._open()
        except (ConnectionResetError, asyncpg.ConnectionDoesNotExistError):
            connection = await self._open()
        connection.on_room, connection.on_late, connection.wanted = self._take_turns, self._late, self._wanted
        self._connections.append(connection)

    def _opened(self, task: "asyncio.Task[None]") -> None:
        """Let a later read open another connection; a failure is raised only to reads that have none."""
        self._opening = None
        if task.cancelled():
            return
        error = task.exception()
        if error is not None and all(connection.lost for connection in self._connections):
            self._fail_waiting(refused(error))
        self._take_turns()

    def _take_turns(self) -> None:
        """Send reads that wait, as far as there is room; of one that was not known more may be known now."""
        for lane, turns in self._turns.items():
            while turns:
                connection = self._place(lane)
                if connection is None:
                    break
                read = turns.take()
                if read.future.done():
                    continue
                known = self._lane(read) if lane is Lane.TRIED else lane
                if known is lane:
                    self._execute(read, lane, connection)
                else:
                    self._turns[known].put(read)

    def _sift(self) -> None:
        """Fail reads whose time has run out as they waited."""
        self._sifting, now = None, asyncio.get_running_loop().time()
        for turns in self._turns.values():
            turns.sift(now)
        self._take_turns()
        if any(self._turns.values()):
            self._sift_later()

    def _fail_waiting(self, error: BaseException) -> None:
        for turns in self._turns.values():
            for read in turns.empty():
                if not read.future.done():
                    read.future.set_exception(error)

    def _refusal(self, error: ReadFailed, taken_s: float) -> Exception:
        """Return the domain error of a failed read; the failure itself where it is a bug."""
        return refusal(error.code, limit_s=self._limit_s, taken_s=taken_s) or error


def refused(error: BaseException) -> BaseException:
    """Return what is raised to reads for want of a connection that could not be opened."""
    if not isinstance(error, FAILED):
        return error
    unavailable = Unavailable(UNREACHABLE)
    unavailable.__cause__ = error
    return unavailable


def refusal(code: str, *, limit_s: float, taken_s: float) -> DomainError | None:
    """Return the domain error of an error of PostgreSQL's in a read; None where it is a bug."""
    if code == TOOK_TOO_LONG:
        return StatementTimeout(limit_s, taken_s)
    return failure(code, unfit=NOT_USED, too_large=TOO_LARGE)
