"""Inputs made of coerced values, as Strawberry makes them, by functions that are made once for each type."""

from collections.abc import Callable
from dataclasses import MISSING
from functools import cache
from typing import Any

from strawberry import UNSET
from strawberry.schema.name_converter import NameConverter
from strawberry.types.base import StrawberryList, StrawberryOptional, StrawberryType, has_object_definition

Make = Callable[[Any], Any]


@cache
def maker(declared: type, names: NameConverter) -> Make:
    """Return a function that makes an input of a type from an object's coerced fields."""
    definition = declared.__strawberry_definition__  # type: ignore[attr-defined]  # of every input type
    absent = {
        field.python_name: None
        for field in definition.fields
        if field.default_value is MISSING and field.default_factory is MISSING
    }
    made = [
        (names.from_field(field), field.python_name, _made(field.resolve_type(type_definition=definition), names))
        for field in definition.fields
    ]

    def make(value: Any) -> Any:  # noqa: ANN401 -- an input of the type
        given = {python: value[name] if of is None else of(value[name]) for name, python, of in made if name in value}
        return declared(**{**absent, **given})

    return make


def _made(type_: StrawberryType | type, names: NameConverter) -> Make | None:
    """Return a function that makes what a field takes; None where the value stays as it is."""
    if isinstance(type_, StrawberryOptional):
        return _made(type_.of_type, names)
    make: Make | None = None
    if isinstance(type_, StrawberryList):
        item = _made(type_.of_type, names)
        make = list if item is None else lambda values: [item(one) for one in values]
    elif has_object_definition(type_):
        make = maker(type_, names)
    return make and (lambda value: value if value is None or value is UNSET else make(value))
