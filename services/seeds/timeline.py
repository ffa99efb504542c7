"""Instants as ms since 1970, days as Beijing has them. The demonstration province stands still after CUT_OFF."""

from datetime import UTC, date, datetime, timedelta, timezone

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


def at(year: int, month: int, day: int, hour: int = 9, minute: int = 0) -> int:
    """Return an instant given in Beijing time."""
    return round(datetime(year, month, day, hour, minute, tzinfo=BEIJING).timestamp()) * SECOND


CUT_OFF = at(2024, 6, 30, 18)
"""Nothing has happened after this instant; what is scheduled or due may lie after it."""


def instant(at_ms: int) -> datetime:
    """Return the instant as PostgreSQL's driver takes it."""
    return datetime.fromtimestamp(at_ms / SECOND, UTC)


def day_of(at_ms: int) -> date:
    """Return the day in Beijing."""
    return EPOCH_DAY + timedelta(days=(at_ms + BEIJING_OFFSET) // DAY)


def midnight(day: date) -> int:
    """Return the instant at which a day begins in Beijing."""
    return (day - EPOCH_DAY).days * DAY - BEIJING_OFFSET


def in_working_hours(at_ms: int) -> int:
    """Move an instant into the working hours of its day, keeping the order of instants."""
    since_midnight = (at_ms + BEIJING_OFFSET) % DAY
    return at_ms - since_midnight + OPENS_AT + since_midnight * OPEN_FOR // DAY


def sitting_time(at_ms: int, slot: int) -> int:
    """Return when a session of that day begins; `slot` is an index of SITTING_TIMES."""
    return at_ms - (at_ms + BEIJING_OFFSET) % DAY + SITTING_TIMES[slot]
