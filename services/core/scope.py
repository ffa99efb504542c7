"""Division codes as numbers, subtrees as ranges.

A code of the national statistical division code (GB/T 2260 to the county, then three digits for the street
or town and three for the community or village) has 2, 4, 6, 9 or 12 digits. Padded to 12 digits it is a
number, and everything beneath it lies in the range from that number to its successor. A code means the same with
zeros added to the right, as other registers write it: 140521, 140521000 and 140521000000 are one county.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from services.core.errors import InvalidInput
from services.core.words import Words

CODE = re.compile(r"\d{2}|\d{4}|\d{6}|\d{9}|\d{12}", re.ASCII)
DIGITS = 12


@dataclass(frozen=True, slots=True, order=True)
class Scope:
    """A subtree of divisions as the half-open range of division numbers [lower, upper)."""

    lower: int
    upper: int

    def __contains__(self, division_number: int) -> bool:
        """Tell whether a division lies in the subtree."""
        return self.lower <= division_number < self.upper


NO_CODE = Words(
    "{code!r} is not a division code: 2, 4, 6, 9 or 12 digits.", "{code!r}不是区划代码：应为2、4、6、9或12位数字。"
)
EVERYWHERE = Scope(0, 10**DIGITS)
NOWHERE = Scope(0, 0)

CITY_SPAN = 10**8
"""How many numbers a city's subtree has."""


@lru_cache(maxsize=4096)
def shortest_code(code: str) -> str:
    """Return a code without the zeros that pad it. Raises InvalidInput when the text is no code."""
    if not CODE.fullmatch(code):
        raise InvalidInput(NO_CODE(code=code))
    return division_code(int(code.ljust(DIGITS, "0")))


def is_shortest_code(text: str) -> bool:
    """Tell whether a text is a code that nothing pads."""
    return CODE.fullmatch(text) is not None and shortest_code(text) == text


@lru_cache(maxsize=4096)
def subtree(code: str) -> Scope:
    """Return the scope of a division and all beneath it. Raises InvalidInput when the text is no code."""
    code = shortest_code(code)
    step: int = 10 ** (DIGITS - len(code))
    lower = int(code) * step
    return Scope(lower, lower + step)


def is_wide(code: str) -> bool:
    """Tell whether a code names a city or a province: so much lies beneath that an order is better read than sorted."""
    return subtree(code).upper - subtree(code).lower >= CITY_SPAN


def multirange(scopes: Iterable[Scope]) -> str:
    """Return subtrees as PostgreSQL writes an int8multirange."""
    return "{" + ",".join(f"[{scope.lower},{scope.upper})" for scope in scopes) + "}"


def county_code(division_number: int) -> str:
    """Return the six-digit code of the county that a division lies in; above the county, its padded code."""
    return f"{division_number:0{DIGITS}d}"[:6]


def division_code(division_number: int) -> str:
    """Return the shortest code of a division's number: 140106000000 is 140106."""
    padded = f"{division_number:0{DIGITS}d}"
    for length in (2, 4, 6, 9):
        if not padded[length:].strip("0"):
            return padded[:length]
    return padded
