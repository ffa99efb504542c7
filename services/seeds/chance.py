from collections.abc import Sequence
from random import Random
from typing import TypeVar

Item = TypeVar("Item")


class Dice:
    """Numbers that look random and are the same for a seed on every machine and every Python.

    Only `Random.random` is used: it alone is promised to give the same sequence in every version.
    """

    __slots__ = ("_roll",)

    def __init__(self, seed: int) -> None:
        self._roll = Random(seed).random  # noqa: S311 -- the same numbers for ever are the point

    def fraction(self) -> float:
        """Return a number in [0, 1)."""
        return self._roll()

    def below(self, bound: int) -> int:
        """Return an integer in [0, bound)."""
        return int(self._roll() * bound)

    def between(self, lowest: int, highest: int) -> int:
        """Return an integer in [lowest, highest]."""
        return lowest + int(self._roll() * (highest - lowest + 1))

    def happens(self, probability: float) -> bool:
        """Tell whether something of this probability happens."""
        return self._roll() < probability

    def pick(self, items: Sequence[Item]) -> Item:
        """Return one of the items."""
        return items[int(self._roll() * len(items))]


def shares(total: int, weights: Sequence[int]) -> list[int]:
    """Divide a total among weights by the largest remainder; the earlier wins a tie. The shares sum to the total."""
    whole = sum(weights)
    parts = [total * weight // whole for weight in weights]
    by_remainder = sorted(range(len(weights)), key=lambda index: (-(total * weights[index] % whole), index))
    for index in by_remainder[: total - sum(parts)]:
        parts[index] += 1
    return parts


def spread(items: Sequence[Item], count: int) -> list[Item]:
    """Return `count` of the items, evenly spread over their order. `count` is at most their number."""
    return [items[index * len(items) // count] for index in range(count)]
