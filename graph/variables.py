"""An operation's variables: coerced by graphql-core's rules, at once where all are plain."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from graphql import (
    GraphQLError,
    GraphQLInputType,
    GraphQLSchema,
    VariableDefinitionNode,
    get_named_type,
    get_nullable_type,
    get_variable_values,
    is_input_object_type,
    is_list_type,
    type_from_ast,
)

from graph.alternatives import FEW, combines, evened
from graph.plain import NOT_PLAIN, quick
from graph.selection import shape, shaper
from services.reads.plan import Alike

MOST_ERRORS = 20


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
        has_defaults = any(definition.default_value for definition in definitions)
        self._quick = None if has_defaults else [(name, quick(type_)) for name, type_ in self._types.items()]

    def plain(self, raw: Mapping[str, Any]) -> dict[str, Any] | None:
        """Return the values if all are plain; None if graphql-core has to coerce them."""
        if self._quick is None:
            return None
        values = {}
        for name, coerced in self._quick:
            value = coerced(raw.get(name))
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

    def shapes(self, values: Mapping[str, Any], among: Collection[str] | None = None) -> list[Any]:
        """Return what of each variable, or of those among some, may shape a statement; Ellipsis for one not sent."""
        return [
            shape_of(values[name]) if name in values else Ellipsis
            for name, shape_of in self._shapers
            if among is None or name in among
        ]


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
