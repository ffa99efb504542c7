"""Filters, by the set of keys that each single predicate keeps; and, or and not are set operations."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Any, TypeAlias

from services.core.errors import DomainError
from services.reads.catalogue.shape import Entity, Filter, Filters, Switch
from tests.graph.oracle.rows import Rows
from tests.graph.oracle.templates import quoted

UNUSABLE = "A value cannot be used"


def given(values: Mapping[str, Any], known: Filters) -> dict[str, Any]:
    """Return what an input object sets among known filters; a null leaves its field out."""
    return {
        name: value
        for name, value in values.items()
        if value is not None and (name in known or name in {"and_", "or_", "not_"})
    }


async def matching(rows: Rows, entity: Entity, values: Mapping[str, Any], known: Filters) -> set[Any]:
    """Return the keys of an entity's rows for which every given field holds."""
    kept = set(await rows.keys(entity, "true"))
    for name, value in given(values, known).items():
        kept &= await _one(rows, entity, name, value, known)
    return kept


async def _one(rows: Rows, entity: Entity, name: str, value: Any, known: Filters) -> set[Any]:
    """Return the keys for which one field of an input object holds."""
    if name == "not_":
        return set(await rows.keys(entity, "true")) - await matching(rows, entity, value, known)
    if name in {"and_", "or_"}:
        each = [await matching(rows, entity, branch, known) for branch in value]
        if name == "or_":
            return set().union(*each)
        return set(await rows.keys(entity, "true")).intersection(*each)
    match known[name]:
        case Switch(when_true, when_false):
            return set(await rows.keys(entity, when_true if value else when_false))
        case Filter(sql, parameters):
            constants = {name: constant(value, *details) for name, details in parameters.items()}
            return set(await rows.keys(entity, sql, **constants))
        case nested:
            return await matching(rows, entity, value, nested)


def constant(value: Any, sql_type: str, via: Any) -> str:
    """Return an argument as a constant of its SQL type."""
    return f"{quoted(via(value) if via else value)}::{sql_type}"


Path: TypeAlias = tuple[str, ...]


def leaves(values: Mapping[str, Any], known: Filters, above: Path = ()) -> Iterator[tuple[Any, Filter | Switch, Path]]:
    """Give the values in an input object that are no objects, with what they stand for and the way to them."""
    for name, value in given(values, known).items():
        path = (*above, name)
        if name in {"and_", "or_", "not_"}:
            for branch in value if isinstance(value, list) else [value]:
                yield from leaves(branch, known, path)
            continue
        match known[name]:
            case Filter() | Switch() as found:
                yield value, found, path
            case nested:
                yield from leaves(value, nested, path)


def refusals(values: Mapping[str, Any], known: Filters, above: Path = ()) -> Iterator[tuple[str, Path]]:
    """Give the messages of what in an input object no request could use, with the way to it."""
    for value, found, path in leaves(values, known, above):
        if isinstance(found, Filter):
            for _, via in found.parameters.values():
                yield from ((message, path) for message in refused(value, via))


def refused(value: Any, via: Any) -> Iterator[str]:
    """Give the message of why one value cannot be bound, if it cannot."""
    try:
        bound = via(value) if via else value
    except DomainError as error:
        yield error.message
        return
    if any(isinstance(item, str) and "\0" in item for item in (bound if isinstance(bound, list) else [bound])):
        yield UNUSABLE


def day(value: date | datetime | None) -> str:
    """Return a calendar day, or its absence, as a constant."""
    return f"{quoted(value)}::date"
