from datetime import UTC, datetime, timedelta, timezone
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.core.errors import IdAsOf, MalformedId
from services.core.ids import as_of_suffix, new_id, node_id, node_uuid, parted

OFFSETS = st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))
INSTANTS = st.datetimes(datetime(1, 1, 3), datetime(9999, 12, 29), timezones=OFFSETS)  # noqa: DTZ001 -- gets an offset


@given(INSTANTS)
def test_an_instant_is_named_so_that_it_is_read_again(instant: datetime) -> None:
    text = f"division_14{as_of_suffix(instant)}"
    assert parted(text) == ("division_14", instant)
    assert as_of_suffix(instant.astimezone(UTC)) == as_of_suffix(instant)


@pytest.mark.parametrize(
    ("instant", "suffix"),
    [
        (datetime(2022, 6, 29, 16, tzinfo=UTC), "@2022-06-29T16:00:00Z"),
        (datetime(2022, 6, 30, tzinfo=timezone(timedelta(hours=8))), "@2022-06-29T16:00:00Z"),
        (datetime(2022, 6, 29, 16, 0, 10, 120_000, tzinfo=UTC), "@2022-06-29T16:00:10.12Z"),
        (datetime(300, 1, 1, tzinfo=UTC), "@0300-01-01T00:00:00Z"),
    ],
)
def test_an_instant_is_named_in_utc_with_as_few_digits_as_it_takes(instant: datetime, suffix: str) -> None:
    assert as_of_suffix(instant) == suffix


@pytest.mark.parametrize("text", ["", "topic_x", "@", "a@b", "topic_x@2022-06-29", "x@2022-06-29T16:00:00+00:00"])
def test_a_text_that_names_no_instant_comes_back_whole(text: str) -> None:
    assert parted(text) == (text, None)


def test_an_id_of_the_past_is_none_of_the_present() -> None:
    key = new_id()
    plain = node_id("topic", key)
    assert node_uuid("topic", plain) == key == UUID(str(key))
    with pytest.raises(IdAsOf, match=f"give '{plain}', what it is now"):
        node_uuid("topic", f"{plain}@2022-06-29T16:00:00Z")
    for other in (f"{plain}@", f"{plain}@then", f"session_{key}", "topic_", plain[:-1]):
        with pytest.raises(MalformedId):
            node_uuid("topic", other)
