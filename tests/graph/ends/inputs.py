"""Every field of every verb's input, as the schema has it, and values at and beyond its ends."""

from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from graphql import (
    GraphQLEnumType,
    GraphQLInputField,
    GraphQLInputObjectType,
    GraphQLSchema,
    get_named_type,
    get_nullable_type,
    is_input_object_type,
    is_list_type,
    is_required_input_field,
)

from graph.inputs.fields import BOUND
from services.core.bounds import END_OF_INSTANTS, FIRST_DAY, FIRST_INSTANT, LAST_DAY, Bound, Items, Real, Text, Whole

DAY, TICK = timedelta(days=1), timedelta(microseconds=1)
LAST_INSTANT = END_OF_INSTANTS - TICK

BLANK = "\u200b"
STRANGE = ("e\u0301\u0323", "שלום עליכם", "👩‍👩‍👧‍👦", "𠀀𪚥", "＝１＋１", "'; --", "a\u202eb", '"\\')
"""Texts that are taken: combining marks, right to left, joined emoji, Han beyond the first plane, signs."""
REFUSED = (BLANK, " \u3000\u2028", "a\x1bb", "\x01", "a\0b", "\x7f", "\u2800")
"""Texts that are not: they show nothing, or hold controls."""
INT = 2**31
ODD_IDS = ("", "x" * 10_000, "topic_\0")
DAYS = ("0001-01-01", "9999-12-31")
INSTANTS = (
    "0001-01-01T00:00:00Z",
    "9999-12-31T16:00:00Z",
    "9999-12-31T23:59:59.999999-23:59",
    "0001-01-01T00:00:00+23:59",
)
NEVER = ("2026-W49-2T09:00:00Z", "2026-12-01x09:00:00Z", "2026-12-01T09:00Z", "20261201", "infinity", "-infinity", "")


@dataclass(frozen=True, slots=True)
class Place:
    """A field of a verb's input: the way to it, through the first item of a list, and what it takes."""

    verb: str
    path: tuple[str, ...]
    type_name: str
    is_list: bool
    bound: Bound | None

    def put(self, values: dict[str, Any], value: Any) -> dict[str, Any]:
        """Return an input with a value in this place; what leads there has to be in the input."""
        made = deepcopy(values)
        holder = made
        for step in self.path[:-1]:
            inner = holder[step]
            holder = inner[0] if isinstance(inner, list) else inner
        holder[self.path[-1]] = value
        return made

    def __str__(self) -> str:
        return f"{self.verb}({'.'.join(self.path)})"


def verbs(schema: GraphQLSchema) -> dict[str, GraphQLInputObjectType]:
    """Return the input of each verb."""
    assert schema.mutation_type is not None
    return {name: get_named_type(field.args["input"].type) for name, field in schema.mutation_type.fields.items()}


def places(verb: str, type_: GraphQLInputObjectType, *path: str) -> Iterator[Place]:
    """Give the fields of an input, those of inner inputs too."""
    for name, field in type_.fields.items():
        named, is_list = get_named_type(field.type), is_list_type(get_nullable_type(field.type))
        metadata = field.extensions["strawberry-definition"].metadata
        yield Place(verb, (*path, name), named.name, is_list, metadata.get(BOUND))
        if is_input_object_type(named):
            yield from places(verb, named, *path, name)


def least(type_: GraphQLInputObjectType) -> dict[str, Any]:
    """Return an input with some value in each field that has to have one."""
    return {name: some(field) for name, field in type_.fields.items() if is_required_input_field(field)}


def some(field: GraphQLInputField) -> Any:
    """Return some value of a field."""
    named = get_named_type(field.type)
    if isinstance(named, GraphQLInputObjectType):
        value: Any = least(named)
    elif isinstance(named, GraphQLEnumType):
        value = next(iter(named.values))
    else:
        value = {
            "ID": "topic_00000000-0000-7000-8000-000000000000", "String": "漏水", "Int": 1, "Float": 1.0,
            "Boolean": True, "Date": "2026-05-01", "DateTime": "2097-05-01T01:00:00Z", "DivisionCode": "140521",
            "DateTimeRange": {},
        }[named.name]  # fmt: skip
        metadata = field.extensions["strawberry-definition"].metadata
        if BOUND in metadata and getattr(metadata[BOUND], "form", None):
            fits = ("https://example.org/1", "ab" * 32, "ab-1", "AB-1")
            value = next(one for one in fits if metadata[BOUND].fault(one) is None)
    return [value] if is_list_type(get_nullable_type(field.type)) else value


def holding(values: dict[str, Any], type_: GraphQLInputObjectType, path: tuple[str, ...]) -> dict[str, Any]:
    """Return an input that has in it what leads to an inner field."""
    made = deepcopy(values)
    if len(path) > 1:
        field = type_.fields[path[0]]
        inner = made.get(path[0]) or some(field)
        first = inner[0] if isinstance(inner, list) else inner
        found = holding(first, get_named_type(field.type), path[1:])
        made[path[0]] = [found, *inner[1:]] if isinstance(inner, list) else found
    return made


def edges(place: Place, present: Any) -> Iterator[Any]:
    """Give values at, around and far beyond the ends of a place; `present` is what stands there now."""
    match place.type_name, place.bound:
        case _, Items(fewest, most):
            one = present[0] if isinstance(present, list) and present else None
            if one is not None:
                yield from ([one] * count for count in {fewest, most, most + 1, max(fewest - 1, 0)})
        case _, Text(most, lines, fewest):
            yield from ("漏" * count for count in sorted({0, max(fewest - 1, 0), fewest, most, most + 1}))
            yield "𠀀" * most
            turn = sum(map(ord, str(place)))  # each field some of them, all fields together all
            yield from (STRANGE[turn % len(STRANGE)], REFUSED[turn % len(REFUSED)], REFUSED[turn // 7 % len(REFUSED)])
            yield "两\n行\t字" if lines else "两\n行"
        case _, Whole(fewest, most):
            yield from sorted({fewest - 1, fewest, most, most + 1, -INT, INT - 1, -1, 0, INT, -INT - 1})
        case _, Real(fewest, most):
            yield from (float(fewest), float(most), float(most) + 1, -1.0, 0.001, 1e308, -1e308)
        case "Date", _:
            yield from (
                str(FIRST_DAY),
                str(LAST_DAY),
                *(str(day) for day in (FIRST_DAY - DAY, LAST_DAY + DAY)),
                *DAYS,
                *NEVER,
            )
        case "DateTime", _:
            ends = (FIRST_INSTANT, LAST_INSTANT, FIRST_INSTANT - TICK, LAST_INSTANT + TICK)
            yield from (*(end.isoformat() for end in ends), *INSTANTS, *NEVER)
        case "ID", _:
            yield from ([odd] if place.is_list else odd for odd in ODD_IDS)
        case "DivisionCode", _:
            yield from ("", "1", "99", "999999999999", "１４", "14\0")


def is_beyond(place: Place, value: Any) -> bool | None:
    """Tell whether a value lies beyond its place's ends; None where the language itself refuses it."""
    if place.type_name == "Int" and not -INT <= value < INT:
        return None
    if place.bound is not None:
        return place.bound.fault(value) is not None
    try:
        if place.type_name == "Date":
            return not FIRST_DAY <= date.fromisoformat(value if len(value) == 10 else "") <= LAST_DAY
        if place.type_name == "DateTime":
            return not FIRST_INSTANT <= instant(value) <= LAST_INSTANT
    except ValueError:
        return None
    return None if place.type_name == "DivisionCode" else place.type_name == "ID"


def instant(text: str) -> datetime:
    """Return an instant written as it should be. Raises ValueError."""
    if text[10:11] != "T" or text[4:5] != "-" or "W" in text or text.count(":") < 2:
        raise ValueError(text)
    found = datetime.fromisoformat(text)
    return found if found.tzinfo else found.replace(tzinfo=UTC)
