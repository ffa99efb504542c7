from datetime import UTC, date, datetime

import pytest

from services.seeds.timeline import CUT_OFF, DAY, at, day_of, in_working_hours, instant, midnight, sitting_time


def test_instants_are_given_in_beijing_time() -> None:
    assert instant(at(2021, 10, 18, 10, 30)) == datetime(2021, 10, 18, 2, 30, tzinfo=UTC)
    assert instant(CUT_OFF) == datetime(2024, 6, 30, 10, tzinfo=UTC)


@pytest.mark.parametrize(("hour", "day"), [(0, date(2022, 1, 1)), (23, date(2022, 1, 1))])
def test_days_are_those_of_beijing(hour: int, day: date) -> None:
    assert day_of(at(2022, 1, 1, hour)) == day
    assert midnight(day) == at(2022, 1, 1, 0)


@pytest.mark.parametrize(("hour", "minute", "moved"), [(0, 0, (8, 30)), (12, 0, (13, 15)), (23, 59, (17, 59))])
def test_working_hours_keep_the_day(hour: int, minute: int, moved: tuple[int, int]) -> None:
    placed = in_working_hours(at(2022, 5, 1, hour, minute)) // 60_000 * 60_000

    assert placed == at(2022, 5, 1, *moved)


def test_working_hours_keep_the_order() -> None:
    moments = range(at(2022, 5, 1, 0), at(2022, 5, 1, 0) + 3 * DAY, 60_001)

    moved = [in_working_hours(moment) for moment in moments]

    assert moved == sorted(set(moved))


def test_sessions_begin_at_a_slot_of_their_day() -> None:
    assert sitting_time(at(2022, 5, 1, 17, 59), 0) == at(2022, 5, 1, 9)
    assert sitting_time(at(2022, 5, 1, 0), 5) == at(2022, 5, 1, 16)
