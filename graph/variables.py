"""An operation's variables: coerced by graphql-core's rules, at once where all are plain and right as they are."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from graphql import (
    GraphQLError,
    GraphQLInputType,
    GraphQLSchema,
    VariableDefinitionNode,
    get_nullable_type,
    get_variable_values,
    is_non_null_type,
    is_scalar_type,
    type_from_ast,
)

from graph.selection import shape
from services.core.scope import CODE

MOST_ERRORS = 20

PLAIN: Mapping[str, Callable[[Any], bool]] = {
    "String": lambda value: type(value) is str,
    "ID": lambda value: type(value) is str,
    "Boolean": lambda value: type(value) is bool,
    "Int": lambda value: type(value) is int and -(2**31) <= value < 2**31,
    "DivisionCode": lambda value: type(value) is str and CODE.fullmatch(value) is not None,
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
        self._plain = [(name, *_plainness(type_)) for name, type_ in self._types.items()]
        self._all_plain = all(accepts for _, accepts, _ in self._plain) and not any(
            definition.default_value for definition in definitions
        )

    def plain(self, raw: Mapping[str, Any]) -> dict[str, Any] | None:
        """Return the values where each is plain and needs no coercion; None where graphql-core has to look."""
        if not self._all_plain:
            return None
        values = {}
        for name, accepts, required in self._plain:
            if name in raw:
                value = raw[name]
                if required if value is None else not accepts(value):  # type: ignore[misc]
                    return None
                values[name] = value
            elif required:
                return None
        return values if len(values) == len(raw) else None

    def coerce(self, raw: Mapping[str, Any]) -> dict[str, Any] | list[GraphQLError]:
        """Return the values by graphql-core's rules, or what is wrong with them."""
        values = get_variable_values(self._schema, self._definitions, dict(raw), max_errors=MOST_ERRORS)
        return values if isinstance(values, list) else values.coerced

    def shapes(self, values: Mapping[str, Any]) -> list[Any]:
        """Return what of each variable may shape a statement; Ellipsis where it was not sent."""
        return [shape(values[name], type_) if name in values else Ellipsis for name, type_ in self._types.items()]


def _plainness(type_: GraphQLInputType) -> tuple[Callable[[Any], bool] | None, bool]:
    """Return what tells a plain value of the type, None for other types, and whether null is refused."""
    nullable = get_nullable_type(type_)
    accepts = PLAIN.get(nullable.name) if is_scalar_type(nullable) else None
    return accepts, is_non_null_type(type_)
