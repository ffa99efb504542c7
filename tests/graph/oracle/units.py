"""A period cut into months, quarters or years: day after day, a new one where the next day is no longer of the same."""

from collections.abc import Callable, Iterator, Mapping
from datetime import date, timedelta
from itertools import groupby, pairwise

NAMES: Mapping[str, Callable[[date], object]] = {
    "MONTH": lambda day: (day.year, day.month),
    "QUARTER": lambda day: (day.year, (day.month + 2) // 3),
    "YEAR": lambda day: day.year,
}
MOST = 120


def days(since: date, until: date) -> Iterator[date]:
    """Give the days of a period."""
    for later in range((until - since).days):
        yield since + timedelta(days=later)


def units(since: date, until: date, unit: str) -> list[tuple[date, date]]:
    """Return the first day of each unit with the day after its last."""
    firsts = [next(each) for _, each in groupby(days(since, until), NAMES[str(unit)])]
    return list(pairwise([*firsts, until]))


def refusal(period: Mapping[str, date | None], unit: str) -> str | None:
    """Return the message of why a period cannot be cut."""
    since, until = period.get("from_"), period.get("until")
    if since is None or until is None:
        return "A period that is cut into units has both ends."
    count = len(units(since, until, unit))
    return f"A period is cut into at most {MOST} units; this one has {count}." if count > MOST else None
