"""What order in time holds for what is recorded: it has happened, and not before what it follows from."""

from datetime import date, datetime, timedelta

from services.core.clock import CHINA
from services.core.errors import DomainError

SKEW = timedelta(seconds=10)
"""How far a client's clock may run ahead of ours."""


class NotYetHappened(DomainError):
    """What is recorded as having happened lies in the future."""

    code = "NOT_YET_HAPPENED"

    def __init__(self, value: date, now: date, *, path: str) -> None:
        super().__init__(f"It is recorded once it has happened; {shown(value)} is after {shown(now)}.", path=(path,))
        self.value = value
        self.now = now


class TooEarly(DomainError):
    """Something is said to have happened, or is to happen, before what it follows from."""

    code = "TOO_EARLY"

    def __init__(self, value: date, least: date, what: str, *, path: str) -> None:
        super().__init__(f"{shown(value)} is before {shown(least)}, when {what}.", path=(path,))
        self.value = value
        self.least = least


class TooLate(DomainError):
    """Something is said to have happened after what followed from it."""

    code = "TOO_LATE"

    def __init__(self, value: date, most: date, what: str, *, path: str) -> None:
        super().__init__(f"{shown(value)} is after {shown(most)}, when {what}.", path=(path,))
        self.value = value
        self.most = most


def require_happened(at: datetime, now: datetime, *, path: str) -> None:
    """Require that an instant is not still to come. Raises NotYetHappened."""
    if at > now + SKEW:
        raise NotYetHappened(at, now, path=path)


def require_day_reached(day: date, today: date, *, path: str) -> None:
    """Require that a calendar day is not still to come. Raises NotYetHappened."""
    if day > today:
        raise NotYetHappened(day, today, path=path)


def require_not_before(value: date, least: date | None, what: str, *, path: str) -> None:
    """Require that a day or an instant is not before another, where that is known; `what` happened then.

    Raises TooEarly.
    """
    if least is not None and value < least:
        raise TooEarly(value, least, what, path=path)


def require_not_after(value: date, most: date | None, what: str, *, path: str) -> None:
    """Require that a day or an instant is not after another, where that is known; `what` happened then.

    Raises TooLate.
    """
    if most is not None and value > most:
        raise TooLate(value, most, what, path=path)


def shown(value: date) -> str:
    """Return a day, or an instant in China's time, as people read it."""
    return value.astimezone(CHINA).isoformat(" ", "seconds") if isinstance(value, datetime) else value.isoformat()
