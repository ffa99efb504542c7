"""Instants as commands take and show them."""

from datetime import datetime

from deploy.console import fail
from services.core.bounds import INSTANT_RANGE
from services.core.clock import CHINA


def maybe_instant(text: str | None) -> datetime | None:
    """Return an instant where one is given."""
    return None if text is None else instant(text)


def instant(text: str) -> datetime:
    """Return an instant; a time without an offset is China's. One that there cannot be ends the command."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError as error:
        raise fail(f"{text!r} is not a time: ISO 8601, as 2024-05-01T09:00 or 2024-05-01.") from error
    found = found if found.tzinfo else found.replace(tzinfo=CHINA)
    if fault := INSTANT_RANGE.fault(found):
        raise fail(f"A time takes {INSTANT_RANGE.words}; this one {fault}.")
    return found


def shown(moment: datetime) -> str:
    """Return an instant as China's clocks show it."""
    return moment.astimezone(CHINA).isoformat(sep=" ", timespec="seconds")
