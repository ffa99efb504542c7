from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest

from events.batches import BatchResult, LaneScan, Outcome, Published, decide, pause_delays
from services.notices.claim import ClaimedDelivery

DEPARTMENT = UUID(int=7)


def notice() -> ClaimedDelivery:
    return ClaimedDelivery(
        id=uuid4(), lane_id=1, sequence=1, role=None, attempts=0, replays=0, department_id=DEPARTMENT,
        department_code="court", event_id=uuid4(), type="topic.listed", topic_id=None, division_number=0,
        subject=None, occurred_at=datetime(2024, 1, 1, tzinfo=UTC), data={}, traceparent=None, causation_id=None,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("outcome", "alone", "among_others"),
    [
        (Outcome.ACKED, ("confirmed", None, False), ("confirmed", None, False)),
        (Outcome.RETURNED, ("paused", None, False), ("paused", None, False)),
        (Outcome.NACKED, ("paused", None, False), ("paused", None, False)),
        (Outcome.UNSENDABLE, ("parked", None, False), ("parked", None, False)),
        (Outcome.REFUSED, ("parked", "why", False), ("pending", "why", True)),
        (Outcome.FORBIDDEN, ("paused", "why", False), ("pending", "why", True)),
        (Outcome.UNKNOWN, ("pending", "why", False), ("pending", "why", False)),
    ],
)
def test_decide_gives_each_outcome_its_fate(
    outcome: Outcome, alone: tuple[str, str | None, bool], among_others: tuple[str, str | None, bool]
) -> None:
    one, other = Published(notice(), outcome, "why"), Published(notice(), Outcome.ACKED)
    for batch, expected in (([one], alone), ([one, other], among_others)):
        fates = decide(batch)
        assert (fate_of(fates, one), fates.connection_error, fates.isolate) == expected


def fate_of(fates: BatchResult, one: Published) -> str:
    if one.delivery in fates.confirmed:
        return "confirmed"
    return "paused" if one in fates.paused else "parked" if one in fates.parked else "pending"


def test_decide_confirms_what_was_acked_beside_what_was_not() -> None:
    batch = [Published(notice(), outcome, outcome.name) for outcome in (Outcome.ACKED, Outcome.UNKNOWN, Outcome.ACKED)]
    fates = decide(batch)
    assert fates.confirmed == [batch[0].delivery, batch[2].delivery]
    assert fates.connection_error == "UNKNOWN"


@pytest.mark.parametrize(
    ("pauses", "jitter", "expected_s"),
    [(0, 1.0, 5), (0, 0.0, 2.5), (1, 1.0, 10), (9, 1.0, 2560), (10, 1.0, 3600), (10_000, 0.0, 1800)],
)
def test_pause_doubles_up_to_an_hour(pauses: int, jitter: float, expected_s: float) -> None:
    paused = [Published(notice(), Outcome.RETURNED)] * 2
    delays = pause_delays(paused, {DEPARTMENT: pauses}, lambda: jitter)
    assert delays == {DEPARTMENT: timedelta(seconds=expected_s)}


def advance(place: LaneScan, lanes: list[int], fates: BatchResult) -> None:
    """Take one batch from its claim to its end."""
    place.published(place.claimed(lanes), fates)


def test_round_goes_on_behind_a_full_batch_and_starts_again_after_another() -> None:
    place = LaneScan(3)
    advance(place, [4, 6, 5], BatchResult())
    assert (place.after_lane, place.limit) == (6, 3)
    advance(place, [7, 9], BatchResult())
    assert (place.after_lane, place.limit) == (0, 3)
    advance(place, [], BatchResult())
    assert (place.after_lane, place.limit) == (0, 3)


def test_round_tries_each_lane_of_a_batch_with_a_suspect_once() -> None:
    place = LaneScan(3, after_lane=10)
    advance(place, [11, 12, 13], BatchResult(isolate=True))
    tried = []
    while place.limit == 1:
        tried.append(place.after_lane)
        advance(place, [place.after_lane + 1], BatchResult(connection_error="parked its guilty one"))
    assert tried == [10, 11, 12]
    assert (place.after_lane, place.limit) == (13, 3)


def test_round_remembers_suspects_that_somebody_else_holds() -> None:
    place = LaneScan(3)
    advance(place, [1, 2, 3], BatchResult(isolate=True))
    place.claimed([])
    assert (place.after_lane, place.limit) == (0, 1)
    for lane in (1, 2, 3):
        advance(place, [lane], BatchResult())
    assert (place.after_lane, place.limit) == (3, 3)


@pytest.mark.parametrize(("suspects", "after_lane"), [(True, 0), (False, 3)])
def test_round_comes_back_to_what_was_claimed_behind_a_batch_that_ended_the_connection(
    suspects: bool, after_lane: int
) -> None:
    place = LaneScan(3)
    first = place.claimed([1, 2, 3])
    place.claimed([4, 5, 6])
    place.published(first, BatchResult(connection_error="gone", isolate=suspects))
    assert place.after_lane == after_lane


def test_round_goes_on_behind_what_was_claimed_while_a_batch_was_published() -> None:
    place = LaneScan(3)
    first = place.claimed([1, 2, 3])
    second = place.claimed([4, 5, 6])
    place.published(first, BatchResult())
    place.published(second, BatchResult())
    assert place.after_lane == 6
