from datetime import date

import pytest

from services.core.errors import InvalidInput
from services.reads.units import MOST_UNITS, count_units, cut
from services.tallies.enums import TimeUnit


@pytest.mark.parametrize(
    ("since", "until", "unit", "expected"),
    [
        ("2023-01-01", "2023-04-01", "MONTH", ["2023-01-01", "2023-02-01", "2023-03-01", "2023-04-01"]),
        ("2022-11-20", "2023-05-10", "QUARTER", ["2022-11-20", "2023-01-01", "2023-04-01", "2023-05-10"]),
        ("2022-12-31", "2023-01-02", "YEAR", ["2022-12-31", "2023-01-01", "2023-01-02"]),
        ("2023-06-15", "2023-06-16", "YEAR", ["2023-06-15", "2023-06-16"]),
        ("2023-06-15", "2023-06-15", "MONTH", []),
        ("2023-06-15", "2001-01-01", "MONTH", []),
        ("0001-01-01", "0001-01-02", "YEAR", ["0001-01-01", "0001-01-02"]),
        ("9999-12-01", "9999-12-31", "MONTH", ["9999-12-01", "9999-12-31"]),
    ],
)
def test_period_is_cut_where_units_of_the_calendar_begin(
    since: str, until: str, unit: str, expected: list[str]
) -> None:
    first, end = date.fromisoformat(since), date.fromisoformat(until)
    days = cut(first, end, TimeUnit(unit))
    assert [day.isoformat() for day in days] == expected
    assert count_units(first, end, TimeUnit(unit)) == max(len(expected) - 1, 0)


def test_ten_years_of_months_are_the_most() -> None:
    since = date(2014, 1, 1)
    assert len(cut(since, date(2024, 1, 1), TimeUnit.MONTH)) == MOST_UNITS + 1
    with pytest.raises(InvalidInput, match="at most 120 units; this one has 121"):
        cut(since, date(2024, 1, 2), TimeUnit.MONTH)
