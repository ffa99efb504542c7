from dataclasses import replace

import pytest

from tests.faults.ledger import Arrival, Delivery, arrival, judge

COURT, POWER = "court", "power"


def committed(*numbers: int, department: str = COURT, lane: str = "a", first: int = 1) -> list[Delivery]:
    return [Delivery(f"{lane}{number + first - 1}", department, lane, number) for number in numbers]


def message(delivery: Delivery, replay: int = 0) -> Arrival:
    body = f"{delivery.event} {replay}".encode()
    return Arrival(delivery.event, delivery.department, delivery.lane, delivery.sequence, replay, body)


def test_all_received_in_order_is_clean() -> None:
    one, two, three = committed(1, 2, 3)
    other = committed(1, 2, department=POWER)
    verdict = judge([one, two, three, *other], [message(each) for each in (one, other[0], two, three, other[1])])
    assert not verdict.wrong()
    assert (verdict.events, verdict.deliveries, verdict.received, verdict.duplicates) == (3, 5, 5, 0)


def test_what_did_not_come_is_lost() -> None:
    one, two, three = committed(1, 2, 3)
    verdict = judge([one, two, three], [message(one), message(two)])
    assert verdict.lost == [f"{three} was not received"]
    assert not verdict.unexpected
    assert not verdict.out_of_order


def test_what_came_to_another_department_only_is_lost_and_unexpected() -> None:
    (one,) = committed(1)
    verdict = judge([one], [message(replace(one, department=POWER))])
    assert (len(verdict.lost), len(verdict.unexpected)) == (1, 1)


def test_what_its_writer_was_told_is_committed_must_be_in_the_rows() -> None:
    (one,) = committed(1)
    verdict = judge([one], [message(one)], told=[one.key, ("gone", COURT)])
    assert verdict.lost == ["('gone', 'court') was committed and is gone"]


def test_a_number_that_a_lane_lacks_is_lost() -> None:
    one, three = committed(1, 3)
    verdict = judge([one, three], [message(one), message(three)])
    assert verdict.lost == ["('court', 'a') has the numbers [1, 3]"]


def test_what_was_never_committed_is_unexpected() -> None:
    one, rolled_back = committed(1, 2)
    verdict = judge([one], [message(one), message(rolled_back)])
    assert [text.endswith("was never committed") for text in verdict.unexpected] == [True]
    assert not verdict.out_of_order


@pytest.mark.parametrize("changed", [{"sequence": 2}, {"lane": "b"}, {"replay": 1}, {"body": b"other"}])
def test_a_message_that_says_something_else_is_unexpected(changed: dict[str, object]) -> None:
    (one,) = committed(1)
    verdict = judge([one], [message(one), replace(message(one), **changed)])  # type: ignore[arg-type]
    assert len(verdict.unexpected) == 1


def test_what_comes_before_its_turn_is_out_of_order() -> None:
    one, two, three, four = committed(1, 2, 3, 4)
    verdict = judge([one, two, three, four], [message(each) for each in (one, three, four, two)])
    assert verdict.out_of_order == ["a of court: 3 before 2", "a of court: 4 before 2"]
    assert not verdict.lost


def test_a_lost_one_does_not_put_the_later_ones_out_of_order() -> None:
    one, two, three, four = committed(1, 2, 3, 4)
    verdict = judge([one, two, three, four], [message(one), message(four), message(three)])
    assert verdict.lost == [f"{two} was not received"]
    assert verdict.out_of_order == ["a of court: 4 before 3"]


def test_lanes_and_departments_have_orders_of_their_own() -> None:
    deliveries = [*committed(1, 2), *committed(1, 2, lane="b"), *committed(1, 2, department=POWER)]
    one, two, b_one, b_two, power_one, power_two = map(message, deliveries)
    assert not judge(deliveries, [b_one, one, two, power_one, b_two, power_two]).wrong()


def test_repeated_messages_are_counted_and_otherwise_ignored() -> None:
    one, two = committed(1, 2)
    verdict = judge([one, two], [message(each) for each in (one, two, one, two, two)])
    assert not verdict.wrong()
    assert (verdict.duplicates, verdict.duplicate_share) == (3, 1.5)


def test_a_replay_is_owed_and_no_duplicate() -> None:
    one, two = committed(1, 2)
    again = replace(one, replays=1)
    assert len(judge([again, two], [message(one), message(two)]).lost) == 1
    verdict = judge([again, two], [message(one), message(two), message(one, 1)])
    assert not verdict.wrong()
    assert verdict.duplicates == 0


def test_a_replay_may_be_the_first_to_arrive() -> None:
    one, two = committed(1, 2)
    assert not judge([replace(one, replays=1), two], [message(one, 1), message(two)]).wrong()


def test_what_was_skipped_may_be_missing_late_or_there() -> None:
    one, two, three = committed(1, 2, 3)
    skipped = replace(two, skipped=True)
    for came in ((one, three), (one, two, three), (one, three, two)):
        assert not judge([one, skipped, three], [message(each) for each in came]).wrong()


def test_a_message_is_read_as_departments_read_it() -> None:
    body = b'{"id": "7", "partitionkey": "topic_1", "sequence": "000000000012", "replay": 2}'
    assert arrival(COURT, body) == Arrival("7", COURT, "topic_1", 12, 2, body)
    assert arrival(COURT, body.replace(b', "replay": 2', b"")).replay == 0
