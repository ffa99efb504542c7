"""Columns: paths over the schema's fields from an item of a list to its values."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TypeAlias

from graphql import (
    GraphQLError,
    GraphQLField,
    GraphQLObjectType,
    get_named_type,
    is_leaf_type,
    is_object_type,
    is_required_argument,
)

from graph.errors import BAD_USER_INPUT, formatted
from graph.operations import RequestRefused

Tree: TypeAlias = "dict[str, Tree]"
Path: TypeAlias = tuple[str, ...]


def paths(item: GraphQLObjectType, names: Sequence[str]) -> list[Path]:
    """Return the columns of the names, without duplicates. Raises RequestRefused for names that are no columns."""
    found, problems = list[Path](), list[str]()
    for name in dict.fromkeys(names):
        path = tuple(name.split("."))
        problem = fault(item, path)
        if problem is None:
            found.append(path)
        else:
            problems.append(f"{name!r} is no column: {problem}")
    if problems:
        raise refusal(*problems)
    return found


def fault(item: GraphQLObjectType, path: Path) -> str | None:
    """Return why a path does not lead to a value, and what would be right; None where it does."""
    type_ = item
    for index, name in enumerate(path):
        field = type_.fields.get(name)
        if field is None:
            return f"{type_.name} has {', '.join(sorted(type_.fields))}."
        if index + 1 < len(path):
            beneath = get_named_type(field.type)
            if not is_object_type(beneath) or is_apart(field):
                return f"nothing is reached through {'.'.join(path[: index + 1])}."
            type_ = beneath
        elif not is_leaf_type(get_named_type(field.type)):
            return _not_a_value(field, ".".join(path))
    return None


def is_apart(field: GraphQLField) -> bool:
    """Return whether a field cannot stand in a row: it has pages of its own, or cannot be had without an argument."""
    return "first" in field.args or any(is_required_argument(argument) for argument in field.args.values())


def _not_a_value(field: GraphQLField, name: str) -> str:
    """Return the fault of a path that ends at an object."""
    beneath = get_named_type(field.type)
    if not is_object_type(beneath) or is_apart(field):
        return "it is no single value; a list of its own is asked for by /graphql."
    leaves = sorted(name for name, field in beneath.fields.items() if is_leaf_type(get_named_type(field.type)))
    return f"it is a {beneath.name}; choose of {', '.join(f'{name}.{leaf}' for leaf in leaves)}."


def refusal(*messages: str) -> RequestRefused:
    """Return the refusal of a request with which something is wrong."""
    return RequestRefused([formatted(GraphQLError(message), BAD_USER_INPUT) for message in messages])


def selection(columns: Iterable[Path]) -> str:
    """Return the selection set that gives the columns."""
    tree: Tree = {}
    for path in columns:
        place = tree
        for name in path:
            place = place.setdefault(name, {})
    return _written(tree)


def _written(tree: Tree) -> str:
    fields = (f"{name} {_written(beneath)}" if beneath else name for name, beneath in tree.items())
    return f"{{ {' '.join(fields)} }}"


def value(row: Mapping[str, Any], path: Path) -> Any:  # noqa: ANN401 -- a JSON value
    """Return a column's value in a row: null if an object on the path is null, a list if one is a list."""
    found: Any = row
    for index, name in enumerate(path):
        if isinstance(found, list):
            return [value(item, path[index:]) for item in found]
        if found is None:
            return None
        found = found[name]
    return found
