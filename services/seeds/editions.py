"""When annual plans (年度协商计划) are drawn up and approved: at the year's start, and some once more within it."""

from collections.abc import Iterator
from functools import cache
from itertools import count
from typing import NamedTuple

from services.seeds.chance import Dice
from services.seeds.timeline import at, day_of, later

SUPPLEMENTED = 0.5
"""Part of the plans that get a second version within the year."""
RETURNED = 0.12
"""Part of the second versions that are returned, and stay so."""

DRAWN_UP_FROM, SUPPLEMENTED_FROM = (1, 8), (4, 1)
"""Month and day."""
SUPPLEMENTED_WITHIN_DAYS = 140
LAST_SITTING = (12, 20)
"""Until when in the year its topics are taken up."""


class Edition(NamedTuple):
    """A version of a platform's plan for a year, and when it takes its steps."""

    place_number: int
    platform_code: str
    year: int
    drafted_at: int
    submitted_at: int
    approved_at: int | None
    returned_at: int | None = None

    @property
    def last_sitting(self) -> int:
        """The instant before which its topics are taken up."""
        return at(self.year, *LAST_SITTING, 18)


LAUNCH = Edition(140106000000, "P140106", 2021, at(2021, 3, 15, 10), at(2021, 3, 18, 9, 30), at(2021, 3, 26, 15, 20))
"""Yingze's plan for the year in which its mechanism was launched; its days are not told."""


@cache
def editions_of(place_number: int, platform_code: str, year: int) -> tuple[Edition, ...]:
    """Return the versions of a platform's plan for a year."""
    if (place_number, platform_code, year) == LAUNCH[:3]:
        return (LAUNCH,)
    dice = Dice(place_number + year * 1_000)
    first = _edition(dice, place_number, platform_code, later(at(year, *DRAWN_UP_FROM, 10), dice.below(4)))
    if not dice.happens(SUPPLEMENTED):
        return (first,)
    drafted_at = later(at(year, *SUPPLEMENTED_FROM, 10, 40), dice.below(SUPPLEMENTED_WITHIN_DAYS))
    second = _edition(dice, place_number, platform_code, drafted_at)
    if dice.happens(RETURNED):
        second = second._replace(approved_at=None, returned_at=second.approved_at)
    return (first, second)


def _edition(dice: Dice, place_number: int, platform_code: str, drafted_at: int) -> Edition:
    submitted_at = later(drafted_at, dice.between(2, 6))
    approved_at = later(submitted_at, dice.between(3, 10))
    return Edition(place_number, platform_code, day_of(drafted_at).year, drafted_at, submitted_at, approved_at)


def edition_after(place_number: int, platform_code: str, listed_at: int) -> Iterator[Edition]:
    """Yield the versions that take in a topic listed at an instant: those returned, and at last one approved."""
    for year in count(day_of(listed_at).year):
        for edition in editions_of(place_number, platform_code, year):
            if edition.drafted_at > listed_at:
                yield edition
                if edition.approved_at is not None:
                    return
