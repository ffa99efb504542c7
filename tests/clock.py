from datetime import UTC, datetime


class SetClock:
    """A clock that the test sets."""

    def __init__(self, time: datetime = datetime(2024, 5, 1, tzinfo=UTC)) -> None:
        self.time = time

    def now(self) -> datetime:
        """Return the instant that was set."""
        return self.time
