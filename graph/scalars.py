from datetime import date, datetime
from typing import NewType

import strawberry
from strawberry.types.scalar import ScalarDefinition

from services.core.errors import InvalidInput
from services.core.scope import shortest_code

DivisionCode = NewType("DivisionCode", str)


def parse_division_code(value: object) -> str:
    """Return a division's shortest code. Raises ValueError for anything but 2, 4, 6, 9 or 12 digits."""
    try:
        return shortest_code(value if isinstance(value, str) else "")
    except InvalidInput:
        raise ValueError(f"{value!r} is not a division code: a string of 2, 4, 6, 9 or 12 digits.") from None


def parse_instant(value: object) -> datetime:
    """Return an aware instant. Raises ValueError without an offset: a place in time, not on a clock."""
    try:
        instant = datetime.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        instant = None
    if instant is None or instant.tzinfo is None:
        raise ValueError(f"{value!r} is not an instant: ISO 8601 with offset, as 2024-05-01T09:00:00+08:00.")
    return instant


def parse_date(value: object) -> date:
    """Return a calendar date. Raises ValueError for anything but ISO 8601."""
    try:
        return date.fromisoformat(value if isinstance(value, str) else "")
    except ValueError:
        raise ValueError(f"{value!r} is not a date: ISO 8601, as 2024-05-01.") from None


SCALARS: dict[object, ScalarDefinition] = {
    DivisionCode: strawberry.scalar(
        name="DivisionCode",
        description="行政区划代码, GB/T 2260 and the statistical code beneath it: 2, 4, 6, 9 or 12 digits. With zeros "
        "added to the right it means the same (140521, 140521000000); it is given as short as it can be.",
        serialize=str,
        parse_value=parse_division_code,
    ),
    datetime: strawberry.scalar(
        name="DateTime", description="Instant, ISO 8601 with offset.", serialize=str, parse_value=parse_instant
    ),
    date: strawberry.scalar(name="Date", description="Calendar date, ISO 8601.", serialize=str, parse_value=parse_date),
}
"""Python types as the schema's scalars."""
