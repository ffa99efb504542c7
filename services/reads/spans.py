"""Which part of a list is wanted, and in which order."""

from collections.abc import Mapping
from dataclasses import dataclass

from services.core.errors import InvalidInput
from services.reads.catalogue.shape import Entity, Order
from services.reads.cursors import Key
from services.reads.filters import scalar
from services.reads.frames import Statement
from services.reads.parameters import Given
from services.reads.plan import Argument, Constant, Value, shaping

PAGE_DEFAULT = 20
PAGE_MOST = 100


def page_size(size: int, *path: str) -> int:
    """Return a page's size. Raises InvalidInput outside 0 to 100, with the path of the argument."""
    if not 0 <= size <= PAGE_MOST:
        raise InvalidInput(f"A page has 0 to {PAGE_MOST} items; {size} were asked for.", path=path)
    return size


@dataclass(frozen=True, slots=True)
class Span:
    """How many items, from which end, beyond which cursor."""

    size: int | Given
    """A number where the operation says it, which the planner then knows; else what is bound."""
    backward: bool
    cursor: Value | None

    @classmethod
    def of(cls, arguments: Mapping[str, Argument]) -> "Span":
        """Read first, after, last, before. Raises InvalidInput for a page with two ends."""
        first, last = scalar(arguments.get("first")), scalar(arguments.get("last"))
        after, before = scalar(arguments.get("after")), scalar(arguments.get("before"))
        if (first and last) or (after and before) or (first and before) or (last and after):
            raise InvalidInput("A page is asked for by first and after, or by last and before; not by both.")
        backward = last is not None or before is not None
        size = first or last or Constant(PAGE_DEFAULT)
        return cls(
            page_size(int(str(size.value)), "last" if last else "first")
            if isinstance(size, Constant)
            else Given(size, "int", page_size),
            backward,
            before if backward else after,
        )

    def limit(self, statement: Statement) -> str:
        """Return the SQL expression of the page's size."""
        return str(self.size) if isinstance(self.size, int) else statement.parameters.placeholder(self.size)


def ordering(entity: Entity, argument: Argument) -> list[Key]:
    """Return the keys of a list's order, up to one that no two rows share; each element names one order.

    The entity's key breaks ties, in the direction of the key before it, so that one index serves both.
    """
    named = [(name, descending) for name, descending in entity.default_order]
    if isinstance(argument, list | tuple) and argument:
        named = [_named(element) for element in argument]
    keys = []
    for name, descending in named:
        keys.append(Key(name, entity.orders[name], descending))
        if keys[-1].order.unique:
            return keys
    tiebreak = Order(entity.key, entity.key_type, unique=True)
    return [*keys, Key("key", tiebreak, keys[-1].descending if keys else False)]


def _named(element: object) -> tuple[str, bool]:
    """Return an order's name and whether it descends."""
    if not isinstance(element, Mapping):
        raise TypeError(f"an order is an object with one field, not {element!r}")
    ((name, direction),) = element.items()
    return name, shaping(direction) == "DESC"
