import csv
import gzip
import io
from collections.abc import Iterable, Iterator
from importlib.resources import files
from typing import NamedTuple

from services.core.scope import subtree
from services.divisions.enums import DivisionKind, DivisionLevel
from services.seeds.facts import DEVELOPMENT_ZONES

FILE = "shanxi-divisions.csv.gz"

VILLAGE_SUFFIXES = ("村民委员会", "村民员会", "村民委会", "村民委员", "村委员会", "村委会", "村委")
COMMUNITY_SUFFIXES = ("居民委员会", "居委会")
NOBODY_LIVES_THERE = ("虚拟", "类似社区", "集体资产")
"""Words in the names of rows that stand in the table for the statistics only."""


class Place(NamedTuple):
    """A row of the division table."""

    code: str
    name: str
    level: DivisionLevel
    parent_code: str
    number: int
    upper: int

    @property
    def row(self) -> tuple[object, ...]:
        """The row of the table `division`."""
        parent_number = subtree(self.parent_code).lower if self.parent_code else None
        return (self.number, self.upper, self.code, self.name, self.level, self.kind, parent_number)

    @property
    def kind(self) -> DivisionKind:
        """Whether it is a division at all."""
        is_zone = self.code in DEVELOPMENT_ZONES
        return DivisionKind.DEVELOPMENT_ZONE if is_zone else DivisionKind.ADMINISTRATIVE


class Divisions:
    """The division table of the province, from above to below."""

    def __init__(self, places: Iterable[Place]) -> None:
        self.places = tuple(places)
        self.children: dict[str, list[Place]] = {}
        for place in self.places:
            self.children.setdefault(place.parent_code, []).append(place)

    def of_level(self, level: DivisionLevel) -> Iterator[Place]:
        """Return the divisions of a level in the order of their codes."""
        return (place for place in self.places if place.level is level)


def packed_table() -> bytes:
    """Return the table as it is packed."""
    return files(__package__).joinpath(FILE).read_bytes()


def read_divisions(packed: bytes) -> Divisions:
    """Return the table, ordered by level and code."""
    lines = csv.reader(io.StringIO(gzip.decompress(packed).decode()))
    next(lines)
    places = (_place(*line) for line in lines)
    return Divisions(sorted(places, key=lambda place: (len(place.code), place.code)))


def _place(code: str, name: str, level: str, parent_code: str) -> Place:
    scope = subtree(code)
    return Place(code, name, DivisionLevel(level.upper()), parent_code, scope.lower, scope.upper)


def is_inhabited(village: Place) -> bool:
    """Tell whether a community or village is one, and no row made for the statistics."""
    return not any(word in village.name for word in NOBODY_LIVES_THERE)


def is_village(place: Place) -> bool:
    """Tell whether the division of the lowest level is a village and not a community of a town."""
    return place.name.endswith(VILLAGE_SUFFIXES)


def short_name(place: Place) -> str:
    """Return what people call a community or village: 塘坪村委会 is 塘坪村, 劲松社区居民委员会 is 劲松社区."""
    for suffix in VILLAGE_SUFFIXES:
        if place.name.endswith(suffix):
            name = place.name.removesuffix(suffix)
            return name if name.endswith("村") else f"{name}村"
    for suffix in COMMUNITY_SUFFIXES:
        if place.name.endswith(suffix):
            name = place.name.removesuffix(suffix)
            return name if name.endswith("社区") else f"{name}社区"
    return place.name
