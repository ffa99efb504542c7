"""Inputs of lists: ranges, filters and orders."""

import re
from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from typing import Optional

import strawberry
from strawberry import ID, UNSET

from graph.enums import Direction
from graph.inputs.fields import input_type
from graph.scalars import DivisionCode
from services.core.bounds import PART_OF_NAME as PART_OF_NAME_BOUND
from services.reads.catalogue.entities import ENTITIES
from services.reads.catalogue.shape import Filter, Filters, Named, Switch


@input_type()
class DateTimeRange:
    """From an instant until another, which is left out."""

    from_: datetime | None = strawberry.field(name="from")
    until: datetime | None = strawberry.field(description="Exclusive.")


@input_type()
class DateRange:
    """From a day until another, which is left out."""

    from_: date | None = strawberry.field(name="from")
    until: date | None = strawberry.field(description="Exclusive.")


@input_type()
class Period:
    """Calendar days in China, the last one left out (统计期间)."""

    from_: date | None = strawberry.field(name="from")
    until: date | None = strawberry.field(description="Exclusive.")


PART_OF_NAME = (
    f"A part of the name, as it is written, or in other characters that are the same to a reader (full-width or "
    f"half-width, traditional or simplified, capitals or small letters); {PART_OF_NAME_BOUND.words}."
)
"""The description of a filter by name."""

CAPITAL = re.compile("(?<=.)(?=[A-Z])")
BY_ITSELF = "by_itself"
"""A field's metadata: whether each value is a predicate by itself, for it names a thing or an index finds its words."""

SCALARS = {"bigint": int, "date": date, "text": str, "text::tsquery": str, "timestamptz": datetime, "uuid": ID}
"""The Python type of a value by the SQL type that it is bound as."""


def filter_input(
    entity: str, names: Sequence[str], *, called: str = "", combined: bool = False, **descriptions: str
) -> type:
    """Return the input type of some of an entity's filters, each a field with the type that the filter takes.

    With `combined` it has `and`, `or` and `not` too. `called` is the entity's name in the schema if that is another.
    Raises KeyError for a name that is no filter of the entity.
    """
    thing = called or entity
    cls = type(f"{thing}Filter", (), {})
    types: dict[str, object] = {"and_": list[cls], "or_": list[cls], "not_": cls} if combined else {}  # type: ignore[valid-type]
    known = ENTITIES[entity].filters
    types |= {field: argument_type(known[field]) for field in names}
    optional(cls, types, descriptions, by_itself={field for field in names if is_by_itself(known[field])})
    return strawberry.input(cls, description=f"Keeps {plural(thing)} for which every given field holds.")


def order_input(entity: str, *names: str, **descriptions: str) -> type:
    """Return the input type of one of an entity's orders. Raises KeyError for a name that is no order of the entity."""
    if unknown := [name for name in names if name not in ENTITIES[entity].orders]:
        raise KeyError(f"{entity} has no order by {', '.join(unknown)}")
    cls = type(f"{entity}Order", (), {})
    optional(cls, dict.fromkeys(names, Direction), descriptions)
    return strawberry.input(cls, one_of=True, description=f"Order of {plural(entity)}.")


def plural(thing: str) -> str:
    """Return what several things of a type are called in a sentence."""
    return f"{CAPITAL.sub(' ', thing).lower()}s"


def optional(
    cls: type, types: Mapping[str, object], descriptions: Mapping[str, str], *, by_itself: Collection[str] = ()
) -> None:
    """Add an optional field of each type to a class; `_` ends a name that is a Python keyword.

    Each value of those in `by_itself` is a predicate by itself.
    """
    cls.__annotations__ = {name: Optional[type_] for name, type_ in types.items()}  # noqa: UP045 -- of types that are values
    for name in types:
        shown = name.rstrip("_") if name.endswith("_") else None
        field = strawberry.field(
            name=shown, description=descriptions.get(name), default=UNSET, metadata={BY_ITSELF: name in by_itself}
        )
        setattr(cls, name, field)


def is_by_itself(known: "Filter | Switch | Filters") -> bool:
    """Return whether each value of a filter is a predicate by itself."""
    if not isinstance(known, Filter):
        return False
    return known.names is not None or any(sql_type == "text::tsquery" for sql_type, _ in known.parameters.values())


def argument_type(known: "Filter | Switch | Filters") -> object:
    """Return the type of a filter's argument."""
    match known:
        case Switch():
            return bool
        case Filter(names=Named(entity="Division")):
            return DivisionCode
        case Filter(parameters=parameters, values=values):
            (sql_type,) = {sql_type for sql_type, _ in parameters.values()}
            single = values or SCALARS[sql_type.removesuffix("[]")]
            return list[single] if sql_type.endswith("[]") else single  # type: ignore[valid-type]
        case _:
            return DateRange if argument_type(known["from_"]) is date else DateTimeRange
