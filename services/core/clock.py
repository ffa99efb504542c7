from datetime import UTC, datetime
from typing import Protocol


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
