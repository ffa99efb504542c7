"""An operation's variables: coerced by graphql-core's rules, at once where all are plain."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

from graphql import (
    GraphQLError,
    GraphQLInputType,
    GraphQLSchema,
    VariableDefinitionNode,
    get_named_type,
    get_nullable_type,
    get_variable_values,
    is_enum_type,
    is_input_object_type,
    is_list_type,
    is_non_null_type,
    type_from_ast,
)

from graph.alternatives import FEW, combines, evened
from graph.selection import shape, shaper
from services.core.scope import is_shortest_code
from services.reads.plan import Alike

MOST_ERRORS = 20

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


class Variables:
    """The variables that one operation declares."""

    def __init__(self, schema: GraphQLSchema, definitions: Sequence[VariableDefinitionNode]) -> None:
        self._schema = schema
        self._definitions = definitions
        self._types: dict[str, GraphQLInputType] = {
            definition.variable.name.value: type_from_ast(schema, definition.type)  # type: ignore[misc]
            for definition in definitions
        }
        self._shapers = [(name, shaper(type_)) for name, type_ in self._types.items()]
        self._evens = any(is_input_object_type(get_named_type(type_)) for type_ in self._types.values())
        quick = {name: _quick(type_) for name, type_ in self._types.items()}
        has_defaults = any(definition.default_value for definition in definitions)
        self._quick = None if has_defaults or None in quick.values() else tuple(quick.items())

    def plain(self, raw: Mapping[str, Any]) -> dict[str, Any] | None:
        """Return the values if all are plain; None if graphql-core has to coerce them."""
        if self._quick is None:
            return None
        values = {}
        for name, quick in self._quick:
            value = quick(raw.get(name)) if quick is not None else NOT_PLAIN
            if value is NOT_PLAIN:
                return None
            if value is not None or name in raw:
                values[name] = value
        return values if len(values) == len(raw) else None

    def coerce(self, raw: Mapping[str, Any]) -> dict[str, Any] | list[GraphQLError]:
        """Return the values by graphql-core's rules, or what is wrong with them."""
        values = get_variable_values(self._schema, self._definitions, dict(raw), max_errors=MOST_ERRORS)
        return values if isinstance(values, list) else values.coerced

    def evened(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """Return coerced values that mean the same, as few statements as may be answer them."""
        if not self._evens:
            return dict(values)
        return {name: _evened(content, self._types[name]) for name, content in values.items()}

    def shapes(self, values: Mapping[str, Any]) -> list[Any]:
        """Return what of each variable may shape a statement; Ellipsis where it was not sent."""
        return [shape_of(values[name]) if name in values else Ellipsis for name, shape_of in self._shapers]


def _evened(value: Any, type_: GraphQLInputType) -> Any:  # noqa: ANN401 -- a coerced value
    """Return a value in whose filters objects come in an order and a number that many lists share."""
    nullable = get_nullable_type(type_)
    named = get_named_type(nullable)
    if value is None or not is_input_object_type(named):
        return value
    if not is_list_type(nullable):
        return {name: _evened(content, named.fields[name].type) for name, content in value.items()}
    items = [_evened(item, nullable.of_type) for item in value]
    if len(items) <= FEW or not combines(named) or shape(items, nullable)[0] is Alike:
        return items
    return evened(items, [shape(item, nullable.of_type) for item in items])


def _quick(type_: GraphQLInputType) -> Quick | None:
    """Return a function that coerces plain values of a type; None for types with input objects."""
    nullable = get_nullable_type(type_)
    whole: Quick | None
    if is_list_type(nullable):
        item = _quick(nullable.of_type)
        whole = None if item is None else lambda value: _items(value, item)
    elif is_enum_type(nullable):
        whole = partial(_member, {name: member.value for name, member in nullable.values.items()})
    else:
        accepts = SCALARS.get(get_named_type(nullable).name)
        whole = None if accepts is None else lambda value: value if accepts(value) else NOT_PLAIN
    if whole is None:
        return None
    absent = NOT_PLAIN if is_non_null_type(type_) else None
    return lambda value: absent if value is None else whole(value)


def _member(members: Mapping[str, object], value: object) -> object:
    """Return an enum's value by its name."""
    return members.get(value, NOT_PLAIN) if type(value) is str else NOT_PLAIN


def _items(value: Any, item: Quick) -> Any:  # noqa: ANN401 -- a JSON value
    """Return a list's plain items."""
    if type(value) is not list:
        return NOT_PLAIN
    items = [item(each) for each in value]
    return NOT_PLAIN if NOT_PLAIN in items else items
