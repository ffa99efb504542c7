from datetime import UTC, date, datetime

import pytest

from graph.scalars import parse_date, parse_instant


@pytest.mark.parametrize(
    "text",
    ["2026-12-01t09:00:00z", "2026-12-01T17:00:00+08:00", "2026-12-01T09:00:00-00:00", "2026-12-01T09:00:00.0000000Z"],
)
def test_instant_is_read_as_rfc_3339_has_it(text: str) -> None:
    assert parse_instant(text) == datetime(2026, 12, 1, 9, tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    [
        *("2026-W49-2T09:00:00Z", "2026-12-01x09:00:00Z", "2026-12-01T09:00Z", "2026-12-01T09:00:00"),
        *("2026-12-01T09:00:60Z", "2026-12-01T24:00:00Z", "2026-12-01T09:00:00.1234567Z", "2026-12-01T09:00:00+24:00"),
    ],
)
def test_what_is_no_instant_of_rfc_3339_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="2026"):
        parse_instant(text)


def test_date_is_a_full_date_alone() -> None:
    assert parse_date("2024-05-01") == date(2024, 5, 1)
    for text in ("20240501", "2024-W18-3", "2024-02-30", "infinity"):
        with pytest.raises(ValueError, match="date"):
            parse_date(text)
