"""The instant as of which a part of a statement tells: asked for by `asOf`, or named by an id."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import Enum
from typing import Protocol
from uuid import UUID

from services.core.clock import china_day
from services.core.errors import InstantAhead, InstantsDiffer
from services.core.ids import as_of_suffix, parted
from services.reads.parameters import Parameters, Request
from services.reads.plan import Constant, Items, Value, Variable, bind

EARLIEST = datetime(1, 1, 2, tzinfo=UTC)
"""The first instant whose day every calendar has; nothing here is as old."""
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def following(instant: datetime) -> UUID:
    """Return the least id of a row that comes in a later millisecond."""
    return UUID(int=max((instant - EPOCH) // timedelta(milliseconds=1) + 1, 0) << 80)


class Reading(Enum):
    """What statements take from an instant: its SQL type and what it is."""

    INSTANT = ("timestamptz", lambda instant: instant)
    FOLLOWING = ("uuid", following)
    DAY = ("date", china_day)
    SUFFIX = ("text", as_of_suffix)

    def __init__(self, sql_type: str, taken: Callable[[datetime], object]) -> None:
        self.sql_type = sql_type
        self._taken = taken

    def of(self, instant: datetime) -> object:
        """Return what is taken from an instant."""
        return self._taken(instant)


class Moment(Protocol):
    """An instant of which a part of a statement tells."""

    def sql(self, parameters: Parameters, reading: Reading) -> str:
        """Return the SQL expression of what is taken from the instant."""
        ...


@dataclass(frozen=True, slots=True)
class Asked:
    """The instant that a field's arguments ask for, by `asOf` or by an id that names it."""

    as_of: Value | None = None
    id: Value | None = None

    def sql(self, parameters: Parameters, reading: Reading) -> str:
        """Return the place of a parameter."""
        return parameters.placeholder(AsOf(self.as_of, self.id, reading))


@dataclass(frozen=True, slots=True)
class Row:
    """The instant that each row of names has, with all that is taken from it in columns."""

    alias: str

    def sql(self, _parameters: Parameters, reading: Reading) -> str:
        """Return a column of the row."""
        return f"{self.alias}.{reading.name.lower()}"


@dataclass(frozen=True, slots=True)
class AsOf:
    """What a statement takes from an instant that a field's arguments ask for."""

    as_of: Value | None
    id: Value | None
    reading: Reading

    @property
    def sql_type(self) -> str:
        """The type that PostgreSQL takes it as."""
        return self.reading.sql_type

    def of(self, request: Request) -> object:
        """Return the value for one request. Raises InstantAhead, InstantsDiffer."""
        asked = None if self.as_of is None else bind(self.as_of, request.variables)
        named = None if self.id is None else parted(str(bind(self.id, request.variables)))[1]
        if asked is not None and named is not None and asked != named:
            raise InstantsDiffer(named, asked)
        instant = asked or named
        if instant is None:
            raise TypeError("an instant was compiled in where none is given")
        return self.reading.of(past(instant, request, path=("as_of",) if asked else ("by", "id")))


def past(instant: datetime, request: Request, *, path: tuple[str, ...]) -> datetime:
    """Return an instant to read as of, which is past. Raises InstantAhead."""
    if instant > request.now:
        raise InstantAhead(instant, path=path)
    return max(instant, EARLIEST)


def names_instant(content: object) -> bool:
    """Tell whether an id, or any in a list, names an instant: such a request is another statement."""
    match content:
        case str():
            return parted(content)[1] is not None
        case list() | tuple():
            return any(names_instant(one) for one in content)
        case Constant(value=inner) | Variable(sample=inner) | Items(items=inner):
            return names_instant(inner)
        case _:
            return getattr(content, "instant", None) is not None
