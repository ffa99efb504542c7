"""Pages of a list held in memory: order, cursors, windows."""

import base64
import hashlib
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cmp_to_key
from typing import Any
from uuid import UUID

from services.reads.catalogue.shape import Entity

DEFAULT = 20
MOST = 100
SEAL_KEY = b"a key of the tests"
SEAL_BYTES = 12
KEY = "key"
"""What an order that no other makes unique ends with."""
Order = tuple[tuple[str, bool], ...]
READERS: Mapping[str, Callable[[Any], Any]] = {
    "text": str,
    "bigint": int,
    "real": float,
    "uuid": UUID,
    "date": date.fromisoformat,
    "timestamptz": datetime.fromisoformat,
}


def plain(value: Any) -> Any:
    """Return a driver's value as JSON has it: instants in UTC without superfluous zeros."""
    if isinstance(value, datetime):
        fraction = f".{value.microsecond:06d}".rstrip("0").rstrip(".")
        return f"{value.replace(microsecond=0, tzinfo=None).isoformat()}{fraction}+00:00"
    if isinstance(value, date):
        return value.isoformat()
    return str(value) if isinstance(value, UUID) else value


def order_of(entity: Entity, order_by: Sequence[Mapping[str, Any]] | None) -> Order:
    """Return the names of a list's orders up to a unique one, each with True for descending."""
    order = entity.default_order
    if order_by:
        order = tuple((name, str(direction) == "DESC") for element in order_by for name, direction in element.items())
    for count, (name, _) in enumerate(order, 1):
        if entity.orders[name].unique:
            return order[:count]
    return (*order, (KEY, order[-1][1] if order else False))


def words(entity: Entity, order: Order) -> str:
    """Return what binds a cursor to its list."""
    return ",".join([entity.name, *(f"{name}{'-' if descending else '+'}" for name, descending in order)])


def cursor(entity: Entity, order: Order, values: Sequence[Any]) -> str:
    """Return the cursor of a row from the values of its order."""
    payload = json.dumps([words(entity, order), *map(plain, values)], ensure_ascii=False).encode()
    return base64.urlsafe_b64encode(seal(payload) + payload).decode().rstrip("=")


def seal(payload: bytes) -> bytes:
    """Return what shows that a cursor was given out."""
    return hashlib.sha256(SEAL_KEY + hashlib.sha256(SEAL_KEY + payload).digest()).digest()[:SEAL_BYTES]


def opened(entity: Entity, order: Order, text: str) -> list[Any]:
    """Return the values in a cursor. Raises ValueError when it is none of this list."""
    try:
        content = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except ValueError:
        content = b""
    payload = content[SEAL_BYTES:]
    if seal(payload) == content[:SEAL_BYTES]:
        named, *values = json.loads(payload)
        if named == words(entity, order):
            types = [entity.key_type if name == KEY else entity.orders[name].sql_type for name, _ in order]
            return [
                None if value is None else READERS[type_](value) for type_, value in zip(types, values, strict=True)
            ]
    raise ValueError(f"{text!r} is not a cursor of a list in this order; take one from its pageInfo or edges.")


def refusals(entity: Entity, arguments: Mapping[str, Any]) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Give the messages of what is wrong with a page's arguments, each with the argument."""
    first, after, last, before = (arguments.get(name) for name in ("first", "after", "last", "before"))
    if not (first is None and after is None) and not (last is None and before is None):
        yield "A page is asked for by first and after, or by last and before; not by both.", ()
    for name, size in (("first", first), ("last", last)):
        if size is not None and not 0 <= size <= MOST:
            yield f"A page has 0 to {MOST} items; {size} were asked for.", (name,)
    for name, text in (("after", after), ("before", before)):
        if text is not None:
            try:
                opened(entity, order_of(entity, arguments.get("order_by")), text)
            except ValueError as error:
                yield str(error), (name,)


@dataclass(frozen=True)
class Listed:
    """A row of a list with the values of its order."""

    row: Any
    values: tuple[Any, ...]


@dataclass(frozen=True)
class Window:
    """A page: its rows, and whether there are more on either side."""

    items: list[Listed]
    more_after: bool
    more_before: bool


def window(entity: Entity, listed: list[Listed], arguments: Mapping[str, Any]) -> Window:
    """Return the page that the arguments ask for."""
    order = order_of(entity, arguments.get("order_by"))

    def compare(one: Sequence[Any], other: Sequence[Any]) -> int:
        for (_, descending), left, right in zip(order, one, other, strict=True):
            if left == right:
                continue
            if left is None or right is None:
                return 1 if left is None else -1
            return (1 if left > right else -1) * (-1 if descending else 1)
        return 0

    def place(item: Listed) -> Any:
        return cmp_to_key(compare)(item.values)

    ordered = sorted(listed, key=place)
    first, after, last, before = (arguments.get(name) for name in ("first", "after", "last", "before"))
    if last is None and before is None:
        size = DEFAULT if first is None else first
        if after is not None:
            edge = opened(entity, order, after)
            ordered = [item for item in ordered if compare(item.values, edge) > 0]
        return Window(ordered[:size], len(ordered) > size, after is not None)
    size = DEFAULT if last is None else last
    if before is not None:
        edge = opened(entity, order, before)
        ordered = [item for item in ordered if compare(item.values, edge) < 0]
    return Window(ordered[len(ordered) - min(size, len(ordered)) :], before is not None, len(ordered) > size)
