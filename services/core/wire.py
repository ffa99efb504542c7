"""PostgreSQL's frontend messages for pipelined statements, and its backend's messages cut apart; values are text.

Message formats: PostgreSQL documentation, "Frontend/Backend Protocol" (version 3.0), "Message Formats".
"""

import asyncio
import struct
from collections import OrderedDict
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from enum import Enum
from typing import TypeAlias
from uuid import UUID

EXECUTE = b"E\x00\x00\x00\x09\x00\x00\x00\x00\x00"
"""Execute the unnamed portal, all rows."""
SYNC = b"S\x00\x00\x00\x04"
"""End what is sent together: the server tells that it is ready, and a transaction that nobody began ends."""
TERMINATE = b"X\x00\x00\x00\x04"
"""End the connection."""
NULL = b"\xff\xff\xff\xff"
BOUND = b"\x00\x00"
"""No result format codes: text."""

STATEMENTS = 500
"""Prepared statements that a connection keeps."""
STATEMENTS_CHARACTERS = 1 << 20
"""Of their texts together: PostgreSQL keeps some ninety bytes for each."""
KEPT_CHARACTERS = 1 << 16
"""A longer statement is prepared for one use and forgotten."""

DATA_ROW, READY, ERROR, PARSED, COLUMNS, NO_COLUMNS = b"D", b"Z", b"E", b"1", b"T", b"n"
COMPLETE, EMPTY, SUSPENDED = b"C", b"I", b"s"
"""The backend's messages that matter here."""
HEADER = 5

_header = struct.Struct("!cI").unpack_from
_length = struct.Struct("!I").pack
_count = struct.Struct("!H").pack

Argument: TypeAlias = bytes | None


def parse(name: bytes, sql: str) -> bytes:
    """Return the message that prepares a statement; the server infers the parameters' types."""
    body = name + b"\x00" + sql.encode() + b"\x00\x00\x00"
    return b"P" + _length(len(body) + 4) + body


def close(name: bytes) -> bytes:
    """Return the message that forgets a prepared statement."""
    body = b"S" + name + b"\x00"
    return b"C" + _length(len(body) + 4) + body


def describe(name: bytes) -> bytes:
    """Return the message that asks for the columns of a prepared statement."""
    body = b"S" + name + b"\x00"
    return b"D" + _length(len(body) + 4) + body


def execute(portal: bytes, most: int) -> bytes:
    """Return the message that executes a portal for so many rows more."""
    body = portal + b"\x00" + _length(most)
    return b"E" + _length(len(body) + 4) + body


def bind(name: bytes, arguments: Sequence[Argument], portal: bytes = b"") -> bytes:
    """Return the message that binds a prepared statement to a portal, else the unnamed one, all values as text."""
    parts = [portal, b"\x00", name, b"\x00\x00\x00", _count(len(arguments))]
    for argument in arguments:
        if argument is None:
            parts.append(NULL)
        else:
            parts.append(_length(len(argument)))
            parts.append(argument)
    parts.append(BOUND)
    body = b"".join(parts)
    return b"B" + _length(len(body) + 4) + body


def text(value: object) -> Argument:
    """Return a value as PostgreSQL reads it from text; None is NULL. Raises TypeError for a kind never bound."""
    if type(value) is str:
        return value.encode()
    match value:
        case None:
            return None
        case Enum():
            return text(value.value)
        case bool() | int() | float() | Decimal() | UUID():
            written = str(value)
        case str():
            written = value
        case date():
            written = value.isoformat()
        case bytes():
            written = f"\\x{value.hex()}"
        case list() | tuple():
            written = array(value)
        case _:
            raise TypeError(f"a {type(value).__name__} is never bound")
    return written.encode()


def array(items: Sequence[object]) -> str:
    """Return an array as PostgreSQL writes it, every element in quotes."""
    return "{" + ",".join(_element(item) for item in items) + "}"


def _element(item: object) -> str:
    content = text(item)
    if content is None:
        return "NULL"
    if b'"' in content or b"\\" in content:
        content = content.replace(b"\\", b"\\\\").replace(b'"', b'\\"')
    return f'"{content.decode()}"'


def error_fields(body: bytes) -> dict[str, str]:
    """Return an ErrorResponse's fields by their one-letter types: C the code, M the message."""
    fields = (part for part in body.split(b"\x00") if part)
    return {chr(field[0]): field[1:].decode(errors="replace") for field in fields}


class Statements:
    """The prepared statements of a connection, those that were used last, within bounds."""

    def __init__(self) -> None:
        self._names: OrderedDict[str, bytes] = OrderedDict()
        self._characters = 0
        self._given = 0

    def known(self, sql: str) -> bytes | None:
        """Return a statement's name; None where it has none."""
        name = self._names.get(sql)
        if name is not None:
            self._names.move_to_end(sql)
        return name

    def add(self, sql: str) -> tuple[bytes, bytes]:
        """Name a statement; return the name and the message that prepares it, after those that forget others."""
        self._given += 1
        self._names[sql] = name = b"r%d" % self._given
        self._characters += len(sql)
        forgotten = b""
        while len(self._names) > STATEMENTS or self._characters > STATEMENTS_CHARACTERS:
            least, least_name = self._names.popitem(last=False)
            self._characters -= len(least)
            forgotten += close(least_name)
        return name, forgotten + parse(name, sql)

    def names(self) -> set[bytes]:
        """Return the names that are known."""
        return set(self._names.values())

    def forget(self, sql: str, name: bytes) -> None:
        """Forget a statement that the server does not have, unless it was named again since."""
        if self._names.get(sql) == name:
            del self._names[sql]
            self._characters -= len(sql)


class Messages(asyncio.Protocol):
    """Cuts what the server sends into messages."""

    def __init__(self) -> None:
        self._partial = bytearray()
        """The beginning of a message whose end has not come."""
        self._needed = 0
        """How long the beginning has to become before it is looked at again."""

    def data_received(self, data: bytes) -> None:
        """Take in what the server sent."""
        if self._partial:
            self._partial += data
            if len(self._partial) < self._needed:
                return
            data = bytes(self._partial)
            self._partial.clear()
        position, size = 0, len(data)
        while position < size:
            if size - position < HEADER:
                self._keep(data[position:], HEADER)
                return
            kind, length = _header(data, position)
            end = position + 1 + length
            if end > size:
                self._keep(data[position:], 1 + length)
                return
            self.take(kind, data, position + HEADER, end)
            position = end

    def take(self, kind: bytes, data: bytes, start: int, end: int) -> None:
        """Take in a message of a kind, whose body stands in the data from the start up to the end."""
        raise NotImplementedError

    def _keep(self, beginning: bytes, needed: int) -> None:
        """Keep the beginning of a message until it is as long as needed."""
        self._partial += beginning
        self._needed = needed
