import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.seeds.chance import Dice, shares, spread


def test_dice_give_the_same_numbers_for_a_seed() -> None:
    dice = Dice(140106000000)

    rolls = [dice.below(1_000), dice.between(3, 5), dice.happens(0.5), dice.pick("abc"), round(dice.fraction(), 6)]

    assert rolls == [681, 5, False, "a", 0.231673]


@pytest.mark.parametrize(
    ("total", "weights", "parts"),
    [
        (10, [1, 1, 1], [4, 3, 3]),
        (7, [3, 2, 1], [4, 2, 1]),
        (0, [5, 5], [0, 0]),
        (5, [0, 1], [0, 5]),
    ],
)
def test_shares_by_largest_remainder(total: int, weights: list[int], parts: list[int]) -> None:
    assert shares(total, weights) == parts


@given(st.integers(0, 10**6), st.lists(st.integers(1, 10**4), min_size=1, max_size=120))
def test_shares_sum_to_the_total_and_keep_within_one_of_the_quota(total: int, weights: list[int]) -> None:
    parts = shares(total, weights)

    assert sum(parts) == total
    assert all(
        0 <= part * sum(weights) - total * weight // sum(weights) * sum(weights) <= sum(weights)
        for part, weight in zip(parts, weights, strict=True)
    )


@given(st.integers(1, 200), st.data())
def test_spread_keeps_the_order_and_takes_none_twice(size: int, data: st.DataObject) -> None:
    count = data.draw(st.integers(0, size))

    chosen = spread(range(size), count)

    assert len(chosen) == count
    assert chosen == sorted(set(chosen))
