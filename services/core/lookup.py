from collections.abc import Sequence
from functools import cache
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import ColumnElement, Select, Uuid, any_, bindparam, literal
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped
from sqlmodel import col

from services.core.direct import rows_of
from services.core.errors import NotFound
from services.core.ids import node_id
from services.core.tables import KeyedModel
from services.core.transaction import WriteTx

Row = TypeVar("Row", bound=KeyedModel)


def among(column: Mapped[Any], values: Sequence[object]) -> ColumnElement[bool]:
    """Return that a column's value is one of some; the same statement for any number of them, as `in_` is not."""
    kind = column.type  # type: ignore[attr-defined]  # a model's attribute has its column's
    return column == any_(literal(list(values), ARRAY(kind)))


async def row_by_id(  # noqa: PLR0913 -- what is looked up, and what a refusal says of it
    tx: WriteTx,
    model: type[Row],
    key: UUID,
    prefix: str,
    *,
    thing: str | None = None,
    path: str | None = None,
    lock: bool = False,
) -> Row:
    """Return the row with the key, locked where that is asked for.

    Raises NotFound with its global id, whose prefix is given; the thing and the input's field are called as it is
    where nothing else is said.
    """
    row = await tx.get(model, key, with_for_update=lock)
    if row is None:
        thing = thing or prefix
        raise NotFound(thing, node_id(prefix, key), path=(path or thing,))
    return row


@cache
def _locking(model: type[KeyedModel]) -> Select[Any]:
    """Return the statement that locks rows of a table by their keys, in the order of these."""
    keys = bindparam("keys", type_=ARRAY(Uuid))
    return rows_of(model).where(col(model.id) == any_(keys)).order_by(col(model.id)).with_for_update()


async def lock_rows(tx: WriteTx, model: type[Row], keys: Sequence[UUID], prefix: str, path: str) -> dict[UUID, Row]:
    """Return the rows by key, each once, locked in primary-key order. Raises NotFound for the first missing."""
    if not keys:
        return {}
    found = {row.id: row for row in await tx.objects(model, _locking(model), {"keys": list(keys)})}
    for one in keys:
        if one not in found:
            raise NotFound(prefix, node_id(prefix, one), path=(path,))
    return found
