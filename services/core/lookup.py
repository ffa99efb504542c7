from typing import TypeVar
from uuid import UUID

from sqlmodel import SQLModel

from services.core.database import WriteTx
from services.core.errors import NotFound
from services.core.ids import node_id

Row = TypeVar("Row", bound=SQLModel)


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
