"""Transactions whose statements follow each other without waiting: SQLAlchemy's dialect for pipelined connections.

A statement whose answer nobody needs (a row inserted, or updated by its key) waits for the next whose answer somebody
needs; both go out together, as one flight. If one of a flight fails, the server skips those behind it, and its error
is that of the statement that was waited for. So an error may be told later than by a driver that waits each time, and
never later than by the commit.
"""

from collections import deque
from collections.abc import Callable, Sequence
from typing import Any

import asyncpg
from sqlalchemy.dialects import registry
from sqlalchemy.dialects.postgresql.asyncpg import (
    AsyncAdapt_asyncpg_connection,
    AsyncAdapt_asyncpg_cursor,
    AsyncAdapt_asyncpg_dbapi,
    AsyncAdapt_asyncpg_ss_cursor,
    PGDialect_asyncpg,
)
from sqlalchemy.util.concurrency import await_

from services.core.flights import PipelinedWriter, Sent

PIPELINED = "postgresql+pipelined"
"""The dialect's name in an engine's address."""


ROLLBACK_S = 1.0
"""How long a rollback is waited for."""


def described(sent: Sent) -> Any:  # noqa: ANN401 -- PEP 249's description
    """Return a statement's columns; None where it gives no rows."""
    return None if sent.columns is None else sent.columns.described


async def nothing() -> None:
    """Do nothing, where SQLAlchemy wants to see that something was awaited."""


class Cursor(AsyncAdapt_asyncpg_cursor):
    """Runs statements for SQLAlchemy, waiting for those that have an answer."""

    __slots__ = ()
    _adapt_connection: "Connection"

    def execute(self, operation: str, parameters: Any = None) -> None:  # noqa: ANN401 -- as its base
        """Run a statement and take in its answer."""
        sent = self._adapt_connection.send(operation, parameters or ())
        self._adapt_connection.wait()
        self._description = described(sent)
        self._rows, self._rowcount = sent.rows, sent.count

    def executemany(self, operation: str, seq_of_parameters: Any) -> None:  # noqa: ANN401 -- as its base
        """Add a statement to the flight as often as there are parameters for it."""
        for parameters in seq_of_parameters:
            self._adapt_connection.send(operation, parameters)
        self._description = None
        await_(nothing())

    def defer(self, operation: str, parameters: Sequence[object] | None) -> None:
        """Add a statement whose answer nobody needs to the flight."""
        self._adapt_connection.send(operation, parameters or ())
        self._description, self._rowcount = None, -1
        await_(nothing())


class ServerSideCursor(AsyncAdapt_asyncpg_ss_cursor):
    """Reads a statement's rows as they are needed."""

    __slots__ = ("_portal", "_sent")
    _adapt_connection: "Connection"

    def execute(self, operation: str, parameters: Any = None) -> None:  # noqa: ANN401 -- as its base
        """Run a statement as far as its first rows."""
        self._portal = b"p%d" % self._adapt_connection.pipelined.flights
        self._sent = self._adapt_connection.send(operation, parameters or (), portal=self._portal, most=1)
        self._adapt_connection.wait()
        self._description = described(self._sent)
        self._cursor, self._rowbuffer = self, self._sent.rows

    async def fetch(self, size: int) -> list[tuple[Any, ...]]:
        """Return so many rows more, fewer at the end."""
        if not self._sent.more:
            return []
        self._sent.rows = deque()
        connection = self._adapt_connection.pipelined
        connection.go_on(self._sent, self._portal, size)
        await connection.wait()
        return list(self._sent.rows)


class Connection(AsyncAdapt_asyncpg_connection):
    """A pipelined connection as SQLAlchemy takes it."""

    __slots__ = ("_begun",)
    _cursor_cls = Cursor
    _ss_cursor_cls = ServerSideCursor

    @property
    def pipelined(self) -> PipelinedWriter:
        """The connection itself."""
        found: PipelinedWriter = self._connection  # type: ignore[assignment]  # made by the engine's creator
        return found

    @property
    def is_idle(self) -> bool:
        """Whether no transaction is under way."""
        return self._transaction is None

    def send(self, sql: str, arguments: Sequence[object], **portal: Any) -> Sent:  # noqa: ANN401 -- as PipelinedWriter.send
        """Add a statement to the flight, in a transaction that begins where there is none."""
        try:
            if self._transaction is None and not self.autocommit:
                self.pipelined.send("BEGIN")
                self._transaction = self.pipelined  # type: ignore[assignment]  # it is only asked whether there is one
                self._begun = self.pipelined.flights
            return self.pipelined.send(sql, arguments, **portal)
        except asyncpg.InterfaceError as error:
            self._handle_exception(error)

    def wait(self) -> None:
        """Wait for the flight."""
        await_(self.arrive())

    async def arrive(self) -> None:
        """Wait for the flight, outside of SQLAlchemy. Raises an error of the driver's as SQLAlchemy takes it."""
        try:
            await self.pipelined.wait()
        except (asyncpg.PostgresError, asyncpg.InterfaceError) as error:
            self._handle_exception(error)

    async def finish(self, question: str | None = None) -> Sent | None:
        """Commit as `commit` does, outside of SQLAlchemy; return what a question gives that goes out behind it."""
        if self._transaction is None:
            return None
        self.pipelined.send("COMMIT")
        told = None if question is None else self.pipelined.send(question)
        await self.arrive()
        self._transaction = None
        return told

    def commit(self) -> None:
        """Commit, and wait for that and all before it."""
        try:
            await_(self.finish())
        except BaseException:  # what failed may stand before the commit, and the transaction still be open
            self.rollback()
            raise

    def rollback(self) -> None:
        """Undo what was sent, and forget what was not; where the server does not answer, by the connection's end."""
        if self._transaction is None:
            return
        self._transaction = None
        self.pipelined.drop()
        if self._begun != self.pipelined.flights and not self.pipelined.is_closed():
            self.pipelined.send("ROLLBACK")
            self.pipelined.answer_s = ROLLBACK_S
            try:
                self.wait()
            except Driver.Error:
                self.pipelined.terminate()
            finally:
                self.pipelined.answer_s = self.pipelined.usual_s


class Driver(AsyncAdapt_asyncpg_dbapi):
    """The driver as SQLAlchemy takes it."""

    def connect(self, *_arguments: object, async_creator_fn: Callable[[], Any], **_more: object) -> Connection:
        """Open a connection."""
        opened: Connection = await_(Connection.create(self, async_creator_fn()))
        return opened


class PipelinedDialect(PGDialect_asyncpg):
    """PostgreSQL by pipelined connections. How many rows a statement wrote is asked where that matters."""

    supports_statement_cache = True
    supports_sane_rowcount = False

    @classmethod
    def import_dbapi(cls) -> Any:  # noqa: ANN401 -- SQLAlchemy's own protocol of modules
        """Return the driver."""
        return Driver(asyncpg)  # type: ignore[no-untyped-call]

    def on_connect(self) -> None:
        """Set nothing up: values are read by their types."""

    def do_ping(self, dbapi_connection: Any) -> bool:  # noqa: ANN401 -- as its base
        """Tell whether the connection stands, as far as is known without asking the server."""
        stands: bool = not dbapi_connection.pipelined.is_closed()
        return stands

    def do_execute(self, cursor: Any, statement: str, parameters: Any, context: Any = None) -> None:  # noqa: ANN401 -- as its base
        """Run a statement; one that writes and gives nothing waits for the next that gives something."""
        if defers(context) and isinstance(cursor, Cursor):
            cursor.defer(statement, parameters)
        else:
            cursor.execute(statement, parameters)


def defers(context: Any) -> bool:  # noqa: ANN401 -- SQLAlchemy's execution context
    """Tell whether nobody needs the answer of a statement."""
    if context is None or context.compiled is None or not context.is_crud:
        return False
    return not (context.compiled.effective_returning or context.execution_options.get("preserve_rowcount"))


registry.register("postgresql.pipelined", __name__, "PipelinedDialect")
