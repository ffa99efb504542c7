"""Why a field is refused: arguments that no state of the data would make right, or that name what is not there."""

from collections.abc import AsyncIterator, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from graph.errors import camel
from services.reads.catalogue.shape import AnyNode, Filter, Filters, Many, One, Paged, Series
from tests.graph.oracle import filters, lists, units
from tests.graph.oracle.rows import Rows
from tests.graph.oracle.statistics import ENTITIES
from tests.graph.oracle.templates import canonical


@dataclass(frozen=True)
class Reason:
    """How a message begins, the code, and the way from the field to the argument."""

    message: str
    code: str = "BAD_USER_INPUT"
    path: tuple[str, ...] = ()

    def extensions(self) -> dict[str, Any]:
        """Return what an error says of it beside the message."""
        path = {"path": [camel(step) for step in self.path]} if self.path else {}
        return {"code": self.code, **path}


class Refused(Exception):
    """A field is refused, for one of the reasons."""

    def __init__(self, reasons: list[Reason]) -> None:
        super().__init__(reasons[0].message)
        self.reasons = reasons


def parted(text: str) -> tuple[str, datetime | None]:
    """Return an id without the instant that it names, and the instant."""
    plain, _, tail = text.rpartition("@")
    try:
        instant = datetime.fromisoformat(tail)
    except ValueError:
        return text, None
    return (plain, instant) if instant.tzinfo is not None and canonical(instant) == tail else (text, None)


async def check(rows: Rows, now: datetime, type_: str, name: str, arguments: Mapping[str, Any]) -> None:
    """Hold that a field's arguments can be used. Raises Refused."""
    found = list(_unusable(now, type_, name, arguments))
    found = found or [one async for one in _unknown(rows, type_, name, arguments)]
    if found:
        raise Refused(found)


def _unusable(now: datetime, type_: str, name: str, arguments: Mapping[str, Any]) -> Iterator[Reason]:
    """Give the reasons that lie in the values themselves."""
    yield from _instants(now, arguments)
    spec = ENTITIES[type_].fields.get(name) if type_ in ENTITIES else None
    if isinstance(spec, Paged):
        for argument, _, via in spec.given.values():
            yield from (Reason(message, path=(argument,)) for message in filters.refused(arguments[argument], via))
        yield from (Reason(message, path=path) for message, path in lists.refusals(ENTITIES[spec.entity], arguments))
    if isinstance(spec, AnyNode) and spec.most is not None and len(arguments[spec.argument]) > spec.most:
        came = len(arguments[spec.argument])
        yield Reason(f"At most {spec.most} ids are taken at once; {came} came.", path=(spec.argument,))
    if isinstance(spec, Series) and (problem := units.refusal(arguments["period"], arguments["unit"])):
        yield Reason(problem, path=("period",))
    for values, known, path in _filters(spec, arguments):
        yield from (Reason(message, path=at) for message, at in filters.refusals(values, known, path))


def _instants(now: datetime, arguments: Mapping[str, Any]) -> Iterator[Reason]:
    """Give the reasons that lie in the instants that are asked for, by themselves or in ids."""
    ids: dict[tuple[str, ...], list[Any]] = {
        ("by", "id"): [(arguments.get("by") or {}).get("id")],
        ("id",): [arguments.get("id")],
        ("ids",): arguments.get("ids") or [],
    }
    named = [(path, instant) for path, texts in ids.items() for text in texts if (instant := parted(str(text))[1])]
    asked = arguments.get("as_of")
    for path, instant in [*([(("as_of",), asked)] if asked else []), *named]:
        if instant > now:
            yield Reason("Nothing can be read as of ", "INSTANT_AHEAD", path)
        if asked is not None and asked != instant:
            yield Reason("The id names the instant ", path=("as_of",))


async def _unknown(rows: Rows, type_: str, name: str, arguments: Mapping[str, Any]) -> AsyncIterator[Reason]:
    """Give the reasons that lie in what the values name."""
    spec = ENTITIES[type_].fields.get(name) if type_ in ENTITIES else None
    for given, known, above in _filters(spec, arguments):
        for value, filter_, path in filters.leaves(given, known, above):
            if isinstance(filter_, Filter) and filter_.names is not None:
                entity = ENTITIES[filter_.names.entity]
                constants = {key: filters.constant(value, *details) for key, details in filter_.parameters.items()}
                keys = await rows.keys(entity, filter_.names.sql, **constants)
                if not await rows.seen([rows.of(entity, key) for key in keys]):
                    yield Reason(f"No {entity.name.lower()} {value} exists.", "NOT_FOUND", path)


def _filters(
    spec: object, arguments: Mapping[str, Any]
) -> Iterator[tuple[Mapping[str, Any], Filters, tuple[str, ...]]]:
    """Give the input objects of a field's arguments with what is known of their fields."""
    match spec:
        case Paged(entity=entity, arguments=own):
            yield arguments, own, ()
            yield arguments.get("filter") or {}, ENTITIES[entity].filters, ("filter",)
        case One(arguments=own) | Many(arguments=own):
            yield arguments, own, ()
