from collections.abc import Sequence
from typing import TypeVar
from uuid import UUID

from sqlalchemy import select
from sqlmodel import col

from services.core.database import WriteTx
from services.core.errors import NotFound
from services.core.ids import node_id
from services.core.tables import KeyedModel

Row = TypeVar("Row", bound=KeyedModel)


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
    row: Row | None = await tx.get(model, key, with_for_update=lock or None)
    if row is None:
        thing = thing or prefix
        raise NotFound(thing, node_id(prefix, key), path=(path or thing,))
    return row


async def lock_rows(tx: WriteTx, model: type[Row], keys: Sequence[UUID], prefix: str, path: str) -> dict[UUID, Row]:
    """Return the rows by key, each once, locked in primary-key order. Raises NotFound for the first missing."""
    rows = await tx.scalars(select(model).where(col(model.id).in_(keys)).order_by(col(model.id)).with_for_update())
    found: dict[UUID, Row] = {row.id: row for row in rows}
    for one in keys:
        if one not in found:
            raise NotFound(prefix, node_id(prefix, one), path=(path,))
    return found
