from datetime import UTC, date, datetime, time
from typing import Protocol
from zoneinfo import ZoneInfo

CHINA = ZoneInfo("Asia/Shanghai")
"""Calendar days and years are China's."""


class Clock(Protocol):
    """Tells the time, so that a test can set it."""

    def now(self) -> datetime:
        """Return the present instant, aware, in UTC."""
        ...


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        """Return the present instant, aware, in UTC."""
        return datetime.now(UTC)


def china_midnight(day: date) -> datetime:
    """Return the instant at which a calendar day begins in China."""
    return datetime.combine(day, time(), CHINA)


def china_day(instant: datetime) -> date:
    """Return the calendar day in China."""
    return instant.astimezone(CHINA).date()
