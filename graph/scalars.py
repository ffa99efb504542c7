import re
from datetime import date, datetime
from typing import NewType

import strawberry
from strawberry.types.scalar import ScalarDefinition

from services.core.bounds import FIRST_DAY, LAST_DAY
from services.core.errors import InvalidInput
from services.core.scope import shortest_code

DivisionCode = NewType("DivisionCode", str)
Parameters = NewType("Parameters", dict[str, object])


def parse_division_code(value: object) -> str:
    """Return a division's shortest code. Raises ValueError for anything but 2, 4, 6, 9 or 12 digits."""
    try:
        return shortest_code(value if isinstance(value, str) else "")
    except InvalidInput:
        raise ValueError(f"{value!r} is not a division code: a string of 2, 4, 6, 9 or 12 digits.") from None


RFC_3339 = re.compile(
    r"(\d{4}-\d{2}-\d{2})[Tt]((?:[01]\d|2[0-3]):\d{2}:\d{2})(?:\.(\d+))?([Zz]|[+-](?:[01]\d|2[0-3]):[0-5]\d)", re.ASCII
)
"""RFC 3339, section 5.6, date-time: with seconds and an offset, T and Z in either case."""
FULL_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
"""RFC 3339, section 5.6, full-date."""
DIGITS_KEPT = 6


def parse_instant(value: object) -> datetime:
    """Return an aware instant of RFC 3339; -00:00 is UTC.

    Raises ValueError for anything else, for a leap second, which no clock here has, and for a fraction finer than a
    microsecond, which could not be read back.
    """
    found = RFC_3339.fullmatch(value) if isinstance(value, str) else None
    if found is None:
        raise ValueError(f"{value!r} is not an instant: RFC 3339, as 2024-05-01T09:00:00+08:00.")
    day, clock, fraction, offset = found.groups()
    kept, finer = (fraction or "")[:DIGITS_KEPT], (fraction or "")[DIGITS_KEPT:]
    if finer.strip("0"):
        raise ValueError(f"{value!r} is finer than a microsecond, which is as fine as instants are kept.")
    try:
        return datetime.fromisoformat(f"{day}T{clock}.{kept:0<{DIGITS_KEPT}}{offset.upper()}")
    except ValueError:
        raise ValueError(f"{value!r} is not an instant: no calendar or no clock has it.") from None


def parse_date(value: object) -> date:
    """Return a calendar date. Raises ValueError for anything but YYYY-MM-DD."""
    try:
        if isinstance(value, str) and FULL_DATE.fullmatch(value):
            return date.fromisoformat(value)
    except ValueError:
        pass
    raise ValueError(f"{value!r} is not a date: YYYY-MM-DD, as 2024-05-01.")


RANGE = f"What is written lies between {FIRST_DAY} and {LAST_DAY}"

SCALARS: dict[object, ScalarDefinition] = {
    Parameters: strawberry.scalar(
        name="Parameters",
        description="参数: a JSON object of facts by name: texts, numbers, instants in UTC, names of enum values, "
        "lists and objects of these. docs/api.md says what each code has.",
        serialize=lambda value: value,
        parse_value=lambda value: value,
    ),
    DivisionCode: strawberry.scalar(
        name="DivisionCode",
        description="行政区划代码, GB/T 2260 and the statistical code beneath it: 2, 4, 6, 9 or 12 digits. With zeros "
        "added to the right it means the same (140521, 140521000000); it is given as short as it can be.",
        serialize=str,
        parse_value=parse_division_code,
    ),
    datetime: strawberry.scalar(
        name="DateTime",
        description=f"Instant of RFC 3339: with seconds, at most to the microsecond, and an offset. {RANGE} (UTC).",
        serialize=str,
        parse_value=parse_instant,
    ),
    date: strawberry.scalar(
        name="Date",
        description=f"Calendar date, YYYY-MM-DD. {RANGE}.",
        serialize=str,
        parse_value=parse_date,
    ),
}
"""Python types as the schema's scalars."""
