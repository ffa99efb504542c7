from datetime import UTC, date, datetime

import pytest

from services.seeds.timeline import DAY, at, day_of, in_office, instant, later, midnight, sitting, working_days


def test_instants_are_given_in_beijing_time() -> None:
    assert instant(at(2021, 10, 18, 10, 30)) == datetime(2021, 10, 18, 2, 30, tzinfo=UTC)


@pytest.mark.parametrize(("hour", "day"), [(0, date(2022, 1, 1)), (23, date(2022, 1, 1))])
def test_days_are_those_of_beijing(hour: int, day: date) -> None:
    assert day_of(at(2022, 1, 1, hour)) == day
    assert midnight(day) == at(2022, 1, 1, 0)


@pytest.mark.parametrize(
    ("moment", "in_hours"),
    [
        (at(2022, 6, 15, 10, 20), at(2022, 6, 15, 10, 20)),
        (at(2022, 6, 15, 7, 20), at(2022, 6, 15, 8, 50)),
        (at(2022, 6, 15, 19, 20), at(2022, 6, 16, 8, 50)),
        (at(2022, 6, 18, 10, 20), at(2022, 6, 20, 8, 50)),  # a Saturday
        (at(2023, 1, 21, 10), at(2023, 1, 30, 8, 30)),  # the eve of the lunar new year; the weekend after is worked
        (at(2024, 10, 1, 10), at(2024, 10, 8, 8, 30)),
        (at(2099, 10, 1, 10), at(2099, 10, 1, 10)),  # a Thursday of a year whose holidays nobody knows
    ],
)
def test_offices_are_open_on_working_days(moment: int, in_hours: int) -> None:
    assert in_office(moment) == in_hours
    assert in_office(in_hours) == in_hours


def test_offices_open_no_earlier_than_asked() -> None:
    moments = range(at(2022, 9, 29, 0), at(2022, 10, 12, 0), 3_600_001)

    assert all(moment <= in_office(moment) < moment + 10 * DAY for moment in moments)


def test_later_is_in_office_hours() -> None:
    assert later(at(2022, 6, 15, 10, 20), 2) == at(2022, 6, 17, 10, 20)
    assert later(at(2022, 6, 15, 10, 20), 3) == at(2022, 6, 20, 8, 50)


def test_working_days_leave_weekends_and_holidays_out() -> None:
    days = working_days(at(2023, 9, 25, 0), at(2023, 10, 10, 0))

    assert [day_of(day).day for day in days] == [25, 26, 27, 28, 9]


def test_sessions_begin_at_their_time_of_a_working_day() -> None:
    assert sitting(at(2022, 5, 19, 17, 59), 9 * 3_600_000) == at(2022, 5, 19, 9)
    assert sitting(at(2022, 5, 21, 0), 19 * 3_600_000) == at(2022, 5, 23, 19)
