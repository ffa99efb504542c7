"""Cursors: the order they belong to and the values of its keys in one row, sealed, opaque to clients."""

import base64
import hashlib
import hmac
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from services.core.errors import InvalidInput
from services.core.words import Words
from services.reads.ordering import SortKey
from services.reads.parameters import Ambient, Request
from services.reads.plan import Value, bind
from services.reads.tables import Table
from services.reads.text import quote

NO_CURSOR = Words(
    "{cursor!r} is not a cursor of a list in this order; take one from its pageInfo or edges.",
    "{cursor!r}不是此排序列表的游标，请取自pageInfo或edges。",
)

READERS: Mapping[str, Callable[[Any], object]] = {
    "text": str,
    "bigint": int,
    "real": float,
    "uuid": UUID,
    "date": date.fromisoformat,
    "timestamptz": datetime.fromisoformat,
}
"""How a key's JSON value becomes what the driver binds."""

SEAL_BYTES = 12


def list_signature(entity: str, keys: Sequence[SortKey]) -> str:
    """Return the text that binds a cursor to a list of a kind in an order."""
    return ",".join([entity, *(f"{key.name}{'-' if key.descending else '+'}" for key in keys)])


def cursor_sql(table: Table, signature: str, columns: Sequence[str]) -> str:
    """Return the SQL expression of a row's cursor: base64url of the seal and the payload."""
    payload = f"convert_to(json_build_array({', '.join([quote(signature), *columns])})::text, 'UTF8')"
    key = table.placeholder(Ambient.cursor_key)
    sealed = f"substr(sha256({key} || sha256({key} || payload)), 1, {SEAL_BYTES}) || payload"
    token = f"translate(encode({sealed}, 'base64'), E'+/=\\n', '-_')"
    return f"(SELECT {token} FROM (SELECT {payload} AS payload OFFSET 0) AS opened)"


def seal(key: bytes, payload: bytes) -> bytes:
    """Return the seal of a payload by an installation's key, the same as in SQL."""
    inner = hashlib.sha256(key + payload).digest()
    return hashlib.sha256(key + inner).digest()[:SEAL_BYTES]


def opened(cursor: str, key: bytes) -> bytes | None:
    """Return a cursor's payload; None for a text that this installation has not sealed."""
    try:
        content = base64.urlsafe_b64decode((cursor + "=" * (-len(cursor) % 4)).encode("ascii"))
    except ValueError:
        return None
    payload = content[SEAL_BYTES:]
    return payload if hmac.compare_digest(content[:SEAL_BYTES], seal(key, payload)) else None


@dataclass(frozen=True, slots=True)
class CursorValue:
    """One key's value in a cursor of the operation's."""

    cursor: Value
    signature: str
    index: int
    sql_type: str

    def of(self, request: Request) -> object:
        """Return the value, typed for the driver. Raises InvalidInput when it is not a cursor of this list."""
        cursor = str(bind(self.cursor, request.variables))
        payload = opened(cursor, request.cursor_key)
        if payload is not None:
            signature, *values = json.loads(payload)
            if signature == self.signature:
                value = values[self.index]
                return None if value is None else READERS[self.sql_type](value)
        raise InvalidInput(NO_CURSOR(cursor=cursor))
