import pytest

from services.seeds.agenda import yingze_headcounts


@pytest.mark.parametrize(("scale", "sessions", "people"), [(1, 238, 2_316), (2, 476, 4_632), (100, 23_800, 231_600)])
def test_headcounts_in_yingze_sum_to_the_attendances(scale: int, sessions: int, people: int) -> None:
    headcounts = list(yingze_headcounts(scale))

    assert (len(headcounts), sum(headcounts)) == (sessions, people)
    assert (min(headcounts), max(headcounts)) == (6, 13)
