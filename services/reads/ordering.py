"""ORDER BY and what follows from it: the keys of a list's order, and the predicate that a row comes after a cursor."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from services.core.errors import InvalidInput
from services.core.words import Words
from services.reads.catalogue.shape import Entity, Order
from services.reads.plan import Argument, shaping
from services.reads.text import conjunction

MOST_KEYS = 10
TOO_MANY_KEYS = Words(
    "A list is ordered by at most {most} keys; {given} were given.", "列表最多按{most}项排序；所给为{given}项。"
)
PATH = ("order_by",)


@dataclass(frozen=True, slots=True)
class SortKey:
    """One key of ORDER BY. Nulls stand last, unless the list is read backwards."""

    name: str
    order: Order
    descending: bool
    nulls_first: bool = False

    def reversed(self) -> "SortKey":
        """Return the key of the opposite direction."""
        return SortKey(self.name, self.order, not self.descending, not self.nulls_first)

    def order_by(self, column: str) -> str:
        """Return the key's part of ORDER BY."""
        nulls = f" NULLS {'FIRST' if self.nulls_first else 'LAST'}" if self.order.nullable else ""
        return f"{column}{' DESC' if self.descending else ''}{nulls}"

    def equals(self, column: str, value: str) -> str:
        """Return the predicate that a row has the value."""
        return f"{column} {'IS NOT DISTINCT FROM' if self.order.nullable else '='} {value}"

    def follows(self, column: str, value: str) -> str:
        """Return the predicate that a row comes after those with the value."""
        further = f"{column} {'<' if self.descending else '>'} {value}"
        if not self.order.nullable:
            return further
        null, other = (value, column) if self.nulls_first else (column, value)
        return f"({further} OR ({null} IS NULL AND {other} IS NOT NULL))"


def sort_keys(entity: Entity, argument: Argument) -> tuple[SortKey, ...]:
    """Return the keys of a list's order, up to one that no two rows share; each element of the argument names one.

    The entity's key breaks ties, in the direction of the key before it, so that one index serves both. Raises
    InvalidInput for too many.
    """
    names = entity.default_order
    if isinstance(argument, list | tuple) and argument:
        if len(argument) > MOST_KEYS:
            raise InvalidInput(TOO_MANY_KEYS(most=MOST_KEYS, given=len(argument)), path=PATH)
        names = tuple(_order(element) for element in argument)
    keys: list[SortKey] = []
    for name, descending in names:
        keys.append(SortKey(name, entity.orders[name], descending))
        if keys[-1].order.unique:
            return tuple(keys)
    tiebreak = Order(entity.key, entity.key_type, unique=True)
    return (*keys, SortKey("key", tiebreak, keys[-1].descending if keys else False))


def _order(element: object) -> tuple[str, bool]:
    """Return an order's name and whether it descends."""
    if not isinstance(element, Mapping):
        raise TypeError(f"an order is an object with one field, not {element!r}")
    ((name, direction),) = element.items()
    return name, shaping(direction) == "DESC"


def order_by(keys: Sequence[SortKey], columns: Sequence[str]) -> str:
    """Return the list of ORDER BY over one column for each key."""
    return ", ".join(key.order_by(column) for key, column in zip(keys, columns, strict=True))


def after_cursor(keys: Sequence[SortKey], columns: Sequence[str], values: Sequence[str]) -> str:
    """Return the predicate that a row comes after the one with the values, in the order of the keys."""
    if len({key.descending for key in keys}) == 1 and not any(key.order.nullable for key in keys):
        # Compared as a row, which an index serves.
        return f"({', '.join(columns)}) {'<' if keys[0].descending else '>'} ({', '.join(values)})"
    alternatives, ties = [], list[str]()
    for key, column, value in zip(keys, columns, values, strict=True):
        alternatives.append(f"({conjunction([*ties, key.follows(column, value)])})")
        ties.append(key.equals(column, value))
    return f"({' OR '.join(alternatives)})"
