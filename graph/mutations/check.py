"""The bounds of a verb's input, checked before it runs."""

from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from functools import cache
from typing import Any

from strawberry import UNSET

from graph.errors import camel
from graph.inputs.fields import BOUND
from services.core.bounds import DAY, INSTANT_RANGE, Bound


def check(values: Any, *path: str, name: str = "") -> None:  # noqa: ANN401 -- any input
    """Raise OutOfBounds unless an input and all within it lie within their bounds; days and instants have one always.

    The error has the path of the first field that does not. Positions in lists stand in its message alone.
    """
    for field, step, own, bound in checked(values.__class__):
        value = getattr(values, field)
        if value is None or value is UNSET:
            continue
        inner, called = (*path, step), f"{name}.{own}" if name else own
        if bound is not None:
            bound.check(value, *inner, name=called)
        if type(value) is not str:
            for one, at in items_of(value, called):
                _check_one(one, inner, at)


@cache
def checked(declared: type) -> list[tuple[str, str, str, Bound | None]]:
    """Return the fields of an input: the name, its step in a path, what it is called, and its bound."""
    found = []
    for field in fields(declared):
        step = field.name.rstrip("_")
        found.append((field.name, step, camel(step), field.metadata.get(BOUND)))
    return found


def items_of(value: object, name: str) -> Iterator[tuple[object, str]]:
    """Yield the items of a list and what each is called; a value that is no list is its one item."""
    if isinstance(value, list):
        yield from ((one, f"{name}[{at}]") for at, one in enumerate(value))
    else:
        yield value, name


def _check_one(value: object, path: tuple[str, ...], name: str) -> None:
    if isinstance(value, datetime):
        INSTANT_RANGE.check(value, *path, name=name)
    elif isinstance(value, date):
        DAY.check(value, *path, name=name)
    elif is_dataclass(value):
        check(value, *path, name=name)
