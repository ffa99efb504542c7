"""PostgreSQL's frontend messages for pipelined reads: one prepared statement, text parameters, one text column.

Message formats: PostgreSQL documentation, "Frontend/Backend Protocol" (version 3.0), "Message Formats".
"""

import struct
from collections.abc import Sequence
from datetime import date
from enum import Enum
from typing import TypeAlias
from uuid import UUID

EXECUTE = b"E\x00\x00\x00\x09\x00\x00\x00\x00\x00"
"""Execute the unnamed portal, all rows."""
SYNC = b"S\x00\x00\x00\x04"
"""End the implicit transaction of one read."""
NULL = b"\xff\xff\xff\xff"
BOUND = b"\x00\x00"
"""No result format codes: text."""

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


def bind(name: bytes, arguments: Sequence[Argument]) -> bytes:
    """Return the message that binds a prepared statement to the unnamed portal, all values as text."""
    parts = [b"\x00", name, b"\x00\x00\x00", _count(len(arguments))]
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
        case bool() | int() | float() | UUID():
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
            raise TypeError(f"a {type(value).__name__} is never bound to a read")
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
