"""The read connections of one process: few, each with several reads in flight."""

import asyncio
from collections.abc import Mapping, Sequence
from math import inf
from time import monotonic
from typing import Self

import asyncpg

from services.core import wire
from services.core.actor import ANONYMOUS
from services.core.errors import DomainError, InvalidInput, StatementTimeout, Unavailable
from services.core.failures import CONNECTION_EXCEPTION, WRONG, failure
from services.core.pipeline import ConnectionLost, Durations, PipelinedConnection, ReadFailed
from services.core.rights import Signer, Teller

CONNECT_S = 10.0
SHORT_S = 0.0005
"""Expected work that a read may as well wait behind: it costs less than waking another backend."""
LONG_S = 0.02
"""Expected work that costs more than opening a connection."""
UNAVAILABLE = frozenset({"57P01", "57P02", "57P03", "53300", "25P03", "40001"})
"""admin_shutdown, crash_shutdown, cannot_connect_now, too_many_connections; of a long read also
idle_in_transaction_session_timeout, where it was not taken, and serialization_failure, where a standby ended it."""
TOO_LARGE = "The selection, or a value, is too large for the database; ask for less at once."
NO_TEXT = f"A value cannot be used: {WRONG['22021']}."
LOST = "The connection to the database was lost; try again."
UNREACHABLE = "The database cannot be reached now; try again."
TOOK_TOO_LONG = "57014"


class ReadTx:
    """Reads, each a transaction of its own.

    Short reads follow each other on few connections; a read that would have to wait behind a long one goes where
    the least is ahead of it. Connections are opened as they are needed.
    """

    def __init__(self, url: str, settings: Mapping[str, str], *, most: int, signer: Signer | None = None) -> None:
        self._url = url
        self._settings = settings
        self._signer = signer
        self._most = most
        self._limit_s = int(settings.get("statement_timeout", "0")) / 1000
        """How long a read may take, its wait for others included; 0 for as long as it takes."""
        self._connections: list[PipelinedConnection] = []
        self._durations = Durations()
        self._opening: asyncio.Task[None] | None = None
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
        """How many reads are in flight."""
        return sum(connection.waiting for connection in self._connections)

    async def read_json(self, sql: str, arguments: Sequence[object], teller: Teller = ANONYMOUS) -> bytes:
        """Return the one text value of a compiled read as the bytes that PostgreSQL sent, by somebody's rights.

        A read whose connection was lost is sent once more.
        Raises InvalidInput for arguments that PostgreSQL cannot hold and for selections larger than it can plan,
        StatementTimeout for a read that took too long, Unavailable without a connection.
        """
        began = monotonic()
        try:
            bound = [wire.text(argument) for argument in arguments]
            rights = None if self._signer is None else self._signer.signed(teller)
            return await self._read(sql, bound, rights)
        except ReadFailed as error:
            raise self._refusal(error, monotonic() - began) from error
        except UnicodeEncodeError as error:
            raise InvalidInput(NO_TEXT) from error

    async def explain(self, sql: str, parameters: int) -> bytes:
        """Return PostgreSQL's plan of a read as JSON, the same for all arguments: none is given.

        Raises InvalidInput for selections larger than it can plan, StatementTimeout, Unavailable.
        """
        began = monotonic()
        deadline = self._deadline()
        connection = await self._connection()
        nulls = f"({', '.join(['NULL'] * parameters)})" if parameters else ""
        steps = (
            f"PREPARE explained AS {sql}",
            f"EXPLAIN (FORMAT JSON) EXECUTE explained{nulls}",
            "DEALLOCATE explained",
        )
        sent = [connection.read(step, (), deadline) for step in steps]
        try:
            _, plan, _ = await asyncio.gather(*sent)
        except ReadFailed as error:
            raise self._refusal(error, monotonic() - began) from error
        except ConnectionLost as error:
            raise Unavailable(LOST) from error
        return plan

    async def replies(self) -> bool:
        """Tell whether a connection answers."""
        try:
            await self._read("SELECT ''", ())
        except (ReadFailed, Unavailable):
            return False
        return True

    async def close(self) -> None:
        """End every connection; reads in flight fail with Unavailable, and no connection is opened any more."""
        self._closed = True
        if self._opening is not None:
            self._opening.cancel()
        for connection in self._connections:
            connection.close()

    async def _read(self, sql: str, arguments: Sequence[wire.Argument], rights: bytes | None = None) -> bytes:
        """Send a read, once more where its connection was lost. Raises ReadFailed, Unavailable."""
        deadline = self._deadline()
        try:
            return await (await self._connection()).read(sql, arguments, deadline, rights)
        except ConnectionLost:
            pass
        try:
            return await (await self._connection()).read(sql, arguments, deadline, rights)
        except ConnectionLost as error:
            raise Unavailable(LOST) from error

    def _deadline(self) -> float:
        """Return when a read that arrives now has taken too long, in the loop's time."""
        return asyncio.get_running_loop().time() + (self._limit_s or inf)

    async def _connection(self) -> PipelinedConnection:
        """Return the first connection with little work ahead, else the one with the least. Raises Unavailable.

        With more than little ahead another connection is opened; with much ahead it is waited for.
        """
        best, least_s = self._least_busy()
        if least_s >= SHORT_S and len(self._connections) < self._most and self._opening is None:
            self._opening = asyncio.create_task(self._connect())
            self._opening.add_done_callback(self._opened)
        while best and least_s > LONG_S and self._opening is not None and not self._opening.done():
            await asyncio.wait([self._opening], timeout=least_s)
            best, least_s = self._least_busy()
        return best or await self._first()

    def _least_busy(self) -> tuple[PipelinedConnection | None, float]:
        """Return the first connection with little work ahead, else the one with the least, and how much that is."""
        now = asyncio.get_running_loop().time()
        best, least_s = None, inf
        for connection in self._connections[:]:
            if connection.lost:
                self._connections.remove(connection)
                continue
            ahead_s = connection.ahead_s(now)
            if ahead_s < least_s:
                best, least_s = connection, ahead_s
            if ahead_s < SHORT_S:
                break
        return best, least_s

    async def _first(self) -> PipelinedConnection:
        """Wait for the connection being opened. Raises Unavailable."""
        try:
            while not self._connections:
                if self._opening is None:
                    await self._connect()
                else:
                    await asyncio.shield(self._opening)
        except (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
            raise Unavailable(UNREACHABLE) from error
        return self._connections[0]

    async def _connect(self) -> None:
        if self._closed:
            raise Unavailable(LOST)
        self._connections.append(
            await PipelinedConnection.open(self._url, self._settings, self._durations, timeout_s=CONNECT_S)
        )

    def _opened(self, task: "asyncio.Task[None]") -> None:
        """Let a later read open another connection; a failure is raised only to a read that has none."""
        self._opening = None
        if not task.cancelled():
            task.exception()

    def _refusal(self, error: ReadFailed, taken_s: float) -> Exception:
        """Return the domain error of a failed read; the failure itself where it is a bug."""
        return refusal(error.code, limit_s=self._limit_s, taken_s=taken_s) or error


def refusal(code: str, *, limit_s: float, taken_s: float) -> DomainError | None:
    """Return the domain error of an error of PostgreSQL's in a read; None where it is a bug."""
    if code == TOOK_TOO_LONG:
        return StatementTimeout(limit_s, taken_s)
    if code in UNAVAILABLE or code.startswith(CONNECTION_EXCEPTION):
        return Unavailable(UNREACHABLE)
    return failure(code, use="used", too_large=TOO_LARGE)
