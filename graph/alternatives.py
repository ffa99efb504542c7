"""Objects in `and` and `or` of a filter that differ in nothing but values: one statement for any number of them."""

from collections.abc import Hashable, Iterator, Mapping, Sequence
from typing import Any

from graphql import GraphQLInputObjectType, GraphQLNamedType, get_named_type

from graph.inputs.filters import BY_ITSELF
from services.reads.plan import Alike, Argument, Constant, Every, Items, Value, Variable, shaping

FEW = 4
"""So many are written one by one: PostgreSQL plans each by itself."""


def names_of(type_: GraphQLNamedType) -> Mapping[str, tuple[GraphQLNamedType, Any]]:
    """Return an input object's fields by the services' names."""
    if not isinstance(type_, GraphQLInputObjectType):
        raise TypeError(f"{type_} is no input object")
    fields = ((field, field.extensions["strawberry-definition"]) for field in type_.fields.values())
    return {definition.python_name: (get_named_type(field.type), definition) for field, definition in fields}


def combines(type_: GraphQLNamedType) -> bool:
    """Return whether a list of an input type's objects stands in `and` or `or`: those of other types are no filters."""
    return "or_" in names_of(type_)


def can_be_one(each: Argument, type_: GraphQLNamedType) -> bool:
    """Return whether all values of an object may be lists: none is for itself, and there are no lists of objects."""
    if not isinstance(each, Mapping):
        return not (isinstance(each, Sequence | Alike))
    fields = names_of(type_)
    return all(
        not fields[name][1].metadata.get(BY_ITSELF) and can_be_one(value, fields[name][0])
        for name, value in each.items()
    )


def every(argument: Argument, to_list: tuple[str | int, ...]) -> Argument:
    """Return the first object of a list in the variables as it stands for all of them."""
    match argument:
        case Mapping():
            return {name: every(value, to_list) for name, value in argument.items()}
        case Variable(steps, sample):
            return Every(to_list, steps[len(to_list) + 1 :], sample)
        case _:
            return argument


def of_variable(
    items: Sequence[Argument], shapes: Sequence[Hashable], steps: tuple[str | int, ...], type_: GraphQLNamedType
) -> Alike | None:
    """Return the objects of a list in the variables as one, where they are many and may be."""
    if len(shapes) <= FEW or len(set(shapes)) > 1 or not (combines(type_) and can_be_one(items[0], type_)):
        return None
    each = every(items[0], steps)
    return Alike(each) if isinstance(each, Mapping) else None


def of_literal(items: Sequence[Argument], type_: GraphQLNamedType) -> Alike | None:
    """Return the objects of a list in the document as one, where they are many and may be."""
    if len(items) <= FEW or not combines(type_) or not all(isinstance(item, Mapping) for item in items):
        return None
    first = items[0]
    if not can_be_one(first, type_) or len({form(item) for item in items}) > 1:
        return None
    each = together(items)
    return Alike(each) if isinstance(each, Mapping) else None


def form(argument: Argument) -> Hashable:
    """Return what of an argument shapes the statement."""
    match argument:
        case Mapping():
            return frozenset((name, form(value)) for name, value in argument.items())
        case None | Constant(value=None):
            return None
        case Constant() | Variable():
            value = shaping(argument)
            return value if isinstance(value, bool) else True
        case Items():
            return True
        case _:
            return id(argument)


def together(arguments: Sequence[Argument]) -> Argument:
    """Return one argument for several of one form: its values are lists."""
    first = arguments[0]
    if isinstance(first, Mapping):
        return {name: together([each[name] for each in _mappings(arguments)]) for name in first}
    if first is None or isinstance(shaping(first), bool):
        return first
    return Items(tuple(_values(arguments)))


def _mappings(arguments: Sequence[Argument]) -> Iterator[Mapping[str, Argument]]:
    return (each for each in arguments if isinstance(each, Mapping))


def _values(arguments: Sequence[Argument]) -> Iterator[Value]:
    return (each for each in arguments if isinstance(each, Constant | Variable | Every | Items))
