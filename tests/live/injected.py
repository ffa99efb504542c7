"""The service with a hole in each statement: what stands between marks in a value is run as SQL.

A statement that an attacker got into is stood for by theirs in its place where it reads, and by theirs before it where
it writes; many at once, as no prepared statement of the service's own would take. All else is `python -m deploy`.
"""

from collections.abc import AsyncGenerator, Collection, Sequence
from typing import Any

from deploy.cli import main
from services.core import wire
from services.core.flights import Sent
from services.core.pipeline import PipelinedConnection, Read
from services.core.rows import RowReads
from services.core.writers import Connection

MARK, END = "zq7X:", ":zq7X"
"""What stands before and after the SQL in a value."""


def hidden(sql: str) -> str:
    """Return a value with SQL in it."""
    return f"{MARK}{sql}{END}"


def injected(values: Any) -> str | None:
    """Return the SQL in one of the values."""
    for value in values if isinstance(values, Collection) and not isinstance(values, str | bytes) else ():
        text = value.decode(errors="replace") if isinstance(value, bytes) else value
        if isinstance(text, str) and MARK in text:
            return text.partition(MARK)[2].partition(END)[0]
    return None


def open_reads() -> None:
    """Let reads be replaced: queries, look-ups, what subscribers are told."""
    message = PipelinedConnection._message  # noqa: SLF001 -- where statements are written to the wire

    def holed(connection: PipelinedConnection, read: Read) -> bytes:
        sql = injected(read.arguments)
        if sql is None:
            return message(connection, read)
        steps = (wire.parse(b"", step) + wire.bind(b"", ()) + wire.EXECUTE for step in sql.split("; "))
        return b"".join([*steps, wire.SYNC])

    PipelinedConnection._message = holed  # type: ignore[assignment, method-assign]  # noqa: SLF001 -- as above


def open_rows() -> None:
    """Let exports be replaced."""
    batches = RowReads.batches

    def holed(rows: RowReads, sql: str, arguments: Any, *more: Any) -> AsyncGenerator[list[str], None]:
        theirs = injected(arguments)
        return batches(rows, sql, arguments, *more) if theirs is None else batches(rows, theirs, (), *more)

    RowReads.batches = holed  # type: ignore[assignment, method-assign]


def open_writes() -> None:
    """Let something be run before what is written, by the same connection in the same transaction."""

    send = Connection.send

    def holed(connection: Connection, sql: str, arguments: Sequence[object], **portal: Any) -> Sent:
        theirs = injected(arguments)
        for step in theirs.split("; ") if theirs is not None else ():
            send(connection, step, ())
        return send(connection, sql, arguments, **portal)

    Connection.send = holed  # type: ignore[assignment, method-assign]


if __name__ == "__main__":
    open_reads()
    open_rows()
    open_writes()
    main()
