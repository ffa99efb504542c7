from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest

from events.fates import Fates, Outcome, Published, decide, pause_delays
from services.notices.claim import Notice

DEPARTMENT = UUID(int=7)


def notice() -> Notice:
    return Notice(
        id=uuid4(), lane_id=1, sequence=1, role=None, attempts=0, department_id=DEPARTMENT,
        department_code="court", event_id=uuid4(), type="topic.listed", topic_id=None, division_number=0,
        subject=None, occurred_at=datetime(2024, 1, 1, tzinfo=UTC), data={}, traceparent=None, causation_id=None,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("outcome", "window", "expected"),
    [
        (Outcome.ACKED, 100, ("confirmed", None, False)),
        (Outcome.RETURNED, 100, ("paused", None, False)),
        (Outcome.NACKED, 100, ("paused", None, False)),
        (Outcome.REFUSED, 100, ("pending", "why", True)),
        (Outcome.REFUSED, 1, ("parked", "why", False)),
        (Outcome.FORBIDDEN, 100, ("pending", "why", True)),
        (Outcome.FORBIDDEN, 1, ("paused", "why", False)),
        (Outcome.UNKNOWN, 100, ("pending", "why", False)),
        (Outcome.UNKNOWN, 1, ("pending", "why", False)),
    ],
)
def test_decide_gives_each_outcome_its_fate(
    outcome: Outcome, window: int, expected: tuple[str, str | None, bool]
) -> None:
    one = Published(notice(), outcome, "why")
    fates = decide([one], window=window)
    assert (fate_of(fates, one), fates.connection_error, fates.suspects) == expected


def fate_of(fates: Fates, one: Published) -> str:
    if one.notice in fates.confirmed:
        return "confirmed"
    return "paused" if one in fates.paused else "parked" if one in fates.parked else "pending"


def test_decide_confirms_what_was_acked_beside_what_was_not() -> None:
    batch = [Published(notice(), outcome, outcome.name) for outcome in (Outcome.ACKED, Outcome.UNKNOWN, Outcome.ACKED)]
    fates = decide(batch, window=100)
    assert fates.confirmed == [batch[0].notice, batch[2].notice]
    assert fates.connection_error == "UNKNOWN"


@pytest.mark.parametrize(
    ("pauses", "jitter", "expected_s"),
    [(0, 1.0, 5), (0, 0.0, 2.5), (1, 1.0, 10), (9, 1.0, 2560), (10, 1.0, 3600), (10_000, 0.0, 1800)],
)
def test_pause_doubles_up_to_an_hour(pauses: int, jitter: float, expected_s: float) -> None:
    paused = [Published(notice(), Outcome.RETURNED)] * 2
    delays = pause_delays(paused, {DEPARTMENT: pauses}, lambda: jitter)
    assert delays == {DEPARTMENT: timedelta(seconds=expected_s)}
