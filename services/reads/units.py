"""A period cut into months, quarters or years of the calendar; its first and last may be parts of one."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from services.core.errors import InvalidInput
from services.core.words import Words
from services.reads.parameters import Request
from services.reads.plan import Value, bind
from services.tallies.enums import TimeUnit

MOST_UNITS = 120
"""Ten years of months."""
TOO_MANY = Words(
    "A period is cut into at most {most} units; this one has {count}.",
    "一段时间最多分为{most}个单位，所给为{count}个。",
)
OPEN_PERIOD = Words("A period that is cut into units has both ends.", "按单位统计的时段须有起止时间。")
MONTHS = {TimeUnit.MONTH: 1, TimeUnit.QUARTER: 3, TimeUnit.YEAR: 12}
A_YEAR = 12


def number_of(day: date, unit: TimeUnit) -> int:
    """Return the number of the unit that a day lies in, counted through."""
    return (day.year * A_YEAR + day.month - 1) // MONTHS[unit]


def count_units(since: date, until: date, unit: TimeUnit) -> int:
    """Return how many units the days from one until another lie in."""
    return 0 if until <= since else number_of(until - timedelta(days=1), unit) - number_of(since, unit) + 1


def cut(since: date, until: date, unit: TimeUnit) -> Sequence[date]:
    """Return the first day of each unit of a period and at last its end; nothing of an empty one.

    Raises InvalidInput for too many.
    """
    count = count_units(since, until, unit)
    if count > MOST_UNITS:
        raise InvalidInput(TOO_MANY(most=MOST_UNITS, count=count))
    if count == 0:
        return ()
    firsts = [divmod((number_of(since, unit) + later) * MONTHS[unit], A_YEAR) for later in range(1, count)]
    return (since, *(date(year, month + 1, 1) for year, month in firsts), until)


@dataclass(frozen=True, slots=True)
class Ends:
    """A parameter: of each unit of a period one of its ends, the first day or the day after the last."""

    since: Value
    until: Value
    unit: Value
    last: bool
    rounded: Callable[[date], date] | None = None
    """What is made of each."""

    @property
    def sql_type(self) -> str:
        """The type that PostgreSQL takes it as."""
        return "date[]"

    def of(self, request: Request) -> object:
        """Return the values for one request. Raises InvalidInput for too many units."""
        since, until, unit = (bind(value, request.variables) for value in (self.since, self.until, self.unit))
        days = cut(since, until, TimeUnit(unit))
        ends = days[1:] if self.last else days[:-1]
        return [self.rounded(end) for end in ends] if self.rounded else list(ends)
