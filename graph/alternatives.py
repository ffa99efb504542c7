"""Objects in `and` and `or` of a filter: few statements for any number of them.

Those that differ in nothing but values are one predicate over arrays. Of those that cannot be, for an index finds each
by itself, the last is repeated until there are as many as in one of few sizes.
"""

from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, TypeVar

from graphql import GraphQLInputObjectType, GraphQLNamedType, get_named_type

from graph.inputs.filters import BY_ITSELF
from services.reads.plan import Alike, Argument, Constant, Every, Items, Value, Variable, shaping

FEW = 4
"""So many are written one by one: PostgreSQL plans each by itself."""


SIZES = (8, 12, 16, 24, 32, 48, 64, 96, 128)
"""How many objects of one shape are written where there are more than a few; above, all of them, which is refused."""

T = TypeVar("T")


def evened(items: Sequence[T], shapes: Sequence[Hashable]) -> list[T]:
    """Return objects in `and` or `or` in an order and a number that many lists share: they mean the same.

    Those of one shape follow each other, and the last of them is repeated.
    """
    groups: dict[Hashable, list[T]] = {}
    for item, shape in zip(items, shapes, strict=True):
        groups.setdefault(shape, []).append(item)
    found: list[T] = []
    for shape in sorted(groups, key=repr):
        group = groups[shape]
        most = next((size for size in SIZES if size >= len(group)), 0) if len(group) > FEW else 0
        found += group + [group[-1]] * (most - len(group))
    return found


def placed(argument: Argument, position: int) -> Argument:
    """Return an argument whose values are parameters by themselves, though others are equal."""
    match argument:
        case Mapping():
            return {name: placed(value, position) for name, value in argument.items()}
        case Constant() | Variable():
            return replace(argument, position=(position, *argument.position))
        case Items(items):
            return Items(tuple(_values([placed(item, position) for item in items])))
        case Sequence():
            return [placed(item, position) for item in argument]
        case _:
            return argument


def of_few_sizes(items: Sequence[Argument], type_: GraphQLNamedType) -> Sequence[Argument]:
    """Return objects of a list in the document; those of a filter in an order and a number that many lists share."""
    if len(items) <= FEW or not combines(type_):
        return items
    return [placed(item, index) for index, item in enumerate(evened(items, [form(item) for item in items]))]


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
            return tuple(sorted((name, form(value)) for name, value in argument.items()))
        case None | Constant(value=None):
            return None
        case Constant() | Variable() | Items():
            value = shaping(argument)
            return value if isinstance(value, bool) else True
        case Alike(each):
            return Alike, form(each)
        case Sequence():
            return tuple(form(item) for item in argument)
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
