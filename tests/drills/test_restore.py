"""A short drill of each way to back up: the database is lost under load and restored to a moment before."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.drills.backups import WAYS, Unfit
from tests.drills.load import Acknowledged
from tests.drills.restore import Lost, arguments, drill, twice
from tests.servers import need_broker

POINT = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.mark.timeout(600)
@pytest.mark.parametrize("by", WAYS)
async def test_database_that_is_lost_under_load_is_restored_and_no_number_is_given_twice(by: str) -> None:
    need_broker()
    asked = arguments(["--by", by, "--back", "6", "--before", "4", "--after", "3", "--archive-timeout", "1"])
    told: list[str] = []
    try:
        report = await drill(asked, told.append)
    except Unfit as unfit:
        pytest.skip(str(unfit))
    assert report.faults == [], report.text()
    assert report.lost.after_the_point > 0
    assert report.lost.acknowledged > report.lost.after_the_point
    assert 5 <= report.rpo_s < 12  # a write from just before the point may be acknowledged just after it
    assert report.topics > 0


def test_lost_writes_are_told_apart_by_the_point() -> None:
    second = timedelta(seconds=1)
    writes = [Acknowledged("a", POINT - second), Acknowledged("b", POINT), Acknowledged("c", POINT + second)]
    assert Lost.of(writes, {"a"}, POINT) == Lost(3, after_the_point=1, before_the_point=1)
    assert Lost.of(writes, {"a", "b"}, POINT) == Lost(3, after_the_point=1, before_the_point=0)


def test_number_counts_as_given_twice_with_another_event_alone() -> None:
    one = {"partitionkey": "topic_1", "sequence": "000000000001", "id": "a"}
    assert twice([one, one, {**one, "partitionkey": "topic_2", "id": "b"}, {**one, "sequence": "2", "id": "c"}]) == 0
    assert twice([one, {**one, "id": "b"}, {**one, "id": "c"}]) == 1
