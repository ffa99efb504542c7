"""Values of JSON coerced at once where they are as they should be; all else is left to graphql-core."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from graphql import (
    GraphQLInputObjectType,
    GraphQLInputType,
    GraphQLScalarType,
    Undefined,
    assert_scalar_type,
    get_nullable_type,
    is_enum_type,
    is_input_object_type,
    is_list_type,
    is_non_null_type,
    is_required_input_field,
)
from graphql.utilities.coerce_input_value import coerce_default_value

from services.core.scope import is_shortest_code

NOT_PLAIN = object()
"""Marks a value that graphql-core has to coerce or to refuse."""

Quick = Callable[[Any], Any]

SCALARS: Mapping[str, Callable[[Any], bool]] = {
    "String": lambda value: type(value) is str,
    "ID": lambda value: type(value) is str,
    "Boolean": lambda value: type(value) is bool,
    "Int": lambda value: type(value) is int and -(2**31) <= value < 2**31,
    "DivisionCode": lambda value: type(value) is str and is_shortest_code(value),
}
"""Scalars by name, and whether a value of JSON is already what it is coerced to."""


def quick(type_: GraphQLInputType) -> Quick:
    """Return a function that coerces values of a type, or returns NOT_PLAIN."""
    nullable = get_nullable_type(type_)
    whole: Quick
    if is_list_type(nullable):
        whole = partial(_items, quick(nullable.of_type))
    elif is_input_object_type(nullable):
        whole = PlainObject(nullable)
    elif is_enum_type(nullable):
        whole = partial(_member, {name: nullable.coerce_input_value(name) for name in nullable.values})
    else:
        scalar = assert_scalar_type(nullable)
        accepts = SCALARS.get(scalar.name)
        whole = partial(_scalar, scalar) if accepts is None else partial(_accepted, accepts)
    absent = NOT_PLAIN if is_non_null_type(type_) else None
    return lambda value: absent if value is None else whole(value)


class PlainObject:
    """Coerces objects of a type."""

    def __init__(self, type_: GraphQLInputObjectType) -> None:
        self._fields = type_.fields
        self._required = {name for name, field in self._fields.items() if is_required_input_field(field)}
        self._defaults = {
            name: default
            for name, field in self._fields.items()
            if (default := coerce_default_value(field)) is not Undefined
        }
        self._one = type_.is_one_of
        self._made = type_.out_type
        self._quick: dict[str, Quick] = {}

    def __call__(self, value: object) -> object:
        """Return an object's coerced fields, in the order of the type."""
        if type(value) is not dict or not self._fields.keys() >= value.keys() >= self._required:
            return NOT_PLAIN
        coerced = {}
        for name, field in self._fields.items():
            if name in value:
                found = (self._quick.get(name) or self._of(name))(value[name])
                if found is NOT_PLAIN:
                    return NOT_PLAIN
                coerced[field.out_name or name] = found
            elif name in self._defaults:
                coerced[field.out_name or name] = self._defaults[name]
        if self._one and (len(value) != 1 or None in coerced.values()):
            return NOT_PLAIN
        return self._made(coerced)

    def _of(self, name: str) -> Quick:
        """Return what coerces a field, made when it is first given."""
        return self._quick.setdefault(name, quick(self._fields[name].type))


def _items(item: Quick, value: Any) -> object:  # noqa: ANN401 -- a JSON value
    """Return a list's coerced items."""
    if type(value) is not list:
        return NOT_PLAIN
    items = [item(each) for each in value]
    return NOT_PLAIN if any(each is NOT_PLAIN for each in items) else items


def _member(members: Mapping[str, object], value: object) -> object:
    """Return an enum's value by its name."""
    return members.get(value, NOT_PLAIN) if type(value) is str else NOT_PLAIN


def _accepted(accepts: Callable[[Any], bool], value: object) -> object:
    """Return a scalar's value that is what it is coerced to."""
    return value if accepts(value) else NOT_PLAIN


def _scalar(type_: GraphQLScalarType, value: object) -> object:
    """Return a scalar's value as its type coerces it."""
    try:
        found = type_.coerce_input_value(value)
    except Exception:  # noqa: BLE001 -- graphql-core says what is wrong
        return NOT_PLAIN
    return NOT_PLAIN if found is Undefined else found
