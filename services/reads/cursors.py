"""Cursors: the order they belong to and the values of its keys in one row, opaque to clients."""

import base64
import binascii
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from services.core.errors import InvalidInput
from services.reads.catalogue.shape import Order
from services.reads.text import quote

READERS: Mapping[str, Callable[[Any], object]] = {
    "text": str,
    "bigint": int,
    "uuid": UUID,
    "date": date.fromisoformat,
    "timestamptz": datetime.fromisoformat,
}
"""How a key's JSON value becomes what the driver binds."""


@dataclass(frozen=True, slots=True)
class Key:
    """One key of an order in a statement."""

    name: str
    order: Order
    descending: bool


def signature(entity: str, keys: Sequence[Key]) -> str:
    """Return the words that bind a cursor to its list's kind and order."""
    return ",".join([entity, *(f"{key.name}{'-' if key.descending else '+'}" for key in keys)])


def cursor_sql(words: str, columns: Sequence[str]) -> str:
    """Return the SQL expression of a row's cursor."""
    payload = f"json_build_array({', '.join([quote(words), *columns])})::text"
    return f"translate(encode(convert_to({payload}, 'UTF8'), 'base64'), E'+/=\\n', '-_')"


@dataclass(frozen=True, slots=True)
class CursorValue:
    """Takes one key's value out of a cursor. Raises InvalidInput when it is not a cursor of this list."""

    words: str
    index: int
    sql_type: str

    def __call__(self, cursor: str) -> object:
        """Return the value, typed for the driver."""
        try:
            padded = cursor + "=" * (-len(cursor) % 4)
            words, *values = json.loads(base64.urlsafe_b64decode(padded.encode("ascii")))
            if words == self.words:
                value = values[self.index]
                return None if value is None else READERS[self.sql_type](value)
        except (ValueError, TypeError, IndexError, binascii.Error):
            pass
        raise InvalidInput(f"{cursor!r} is not a cursor of a list in this order; take one from its pageInfo or edges.")
