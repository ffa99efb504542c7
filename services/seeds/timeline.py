"""Instants as ms since 1970, days as Beijing has them, and when people work and meet."""

from datetime import UTC, date, datetime, timedelta, timezone
from functools import cache

from chinese_calendar import is_holiday
from chinese_calendar.constants import holidays

SECOND = 1_000
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE
DAY = 24 * HOUR

BEIJING = timezone(timedelta(hours=8), "Asia/Shanghai")
BEIJING_OFFSET = 8 * HOUR
EPOCH_DAY = date(1970, 1, 1)

OPENS_AT = 8 * HOUR + 30 * MINUTE
OPEN_FOR = 9 * HOUR + 30 * MINUTE
SITTING_TIMES = (9 * HOUR, 9 * HOUR + 30 * MINUTE, 10 * HOUR, 14 * HOUR + 30 * MINUTE, 15 * HOUR, 16 * HOUR)
EVENING = 19 * HOUR
"""When a session in a community begins that people come to after work."""

SATURDAY = 5
LAST_KNOWN_YEAR = max(holidays).year
"""Public holidays are decreed year by year; of later years only weekends are known."""


def at(year: int, month: int, day: int, hour: int = 9, minute: int = 0) -> int:
    """Return an instant given in Beijing time."""
    return round(datetime(year, month, day, hour, minute, tzinfo=BEIJING).timestamp()) * SECOND


def instant(at_ms: int) -> datetime:
    """Return the instant as PostgreSQL's driver takes it."""
    return datetime.fromtimestamp(at_ms / SECOND, UTC)


def day_of(at_ms: int) -> date:
    """Return the day in Beijing."""
    return EPOCH_DAY + timedelta(days=(at_ms + BEIJING_OFFSET) // DAY)


def midnight(day: date) -> int:
    """Return the instant at which a day begins in Beijing."""
    return (day - EPOCH_DAY).days * DAY - BEIJING_OFFSET


@cache
def is_working(day_number: int) -> bool:
    """Tell whether a day, counted from 1970, is a working day: no weekend, worked or not, and no public holiday."""
    day = EPOCH_DAY + timedelta(days=day_number)
    return day.weekday() < SATURDAY and not (day.year <= LAST_KNOWN_YEAR and is_holiday(day))


def working_days(first_ms: int, end_ms: int) -> list[int]:
    """Return the instants at which offices open on the working days that begin within [first, end)."""
    first, end = (-((-instant_ms - BEIJING_OFFSET) // DAY) for instant_ms in (first_ms, end_ms))
    return [day * DAY - BEIJING_OFFSET + OPENS_AT for day in range(first, end) if is_working(day)]


def in_office(at_ms: int) -> int:
    """Return the instant where offices are open, else soon after they open next."""
    day, since_midnight = divmod(at_ms + BEIJING_OFFSET, DAY)
    if is_working(day) and OPENS_AT <= since_midnight <= OPENS_AT + OPEN_FOR:
        return at_ms
    if since_midnight > OPENS_AT:
        day += 1
    while not is_working(day):
        day += 1
    return day * DAY - BEIJING_OFFSET + OPENS_AT + at_ms % HOUR


def later(at_ms: int, days: int) -> int:
    """Return an instant of office hours that many days later, or soon after."""
    return in_office(at_ms + days * DAY)


def sitting(at_ms: int, time_of_day: int) -> int:
    """Return when a session begins on the instant's day, or on the next working day."""
    day = (at_ms + BEIJING_OFFSET) // DAY
    while not is_working(day):
        day += 1
    return day * DAY - BEIJING_OFFSET + time_of_day
