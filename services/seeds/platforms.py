"""The platforms: how many each county has, where they stand, when they opened."""

from collections.abc import Iterable, Iterator
from itertools import chain
from typing import NamedTuple

from services.platforms.enums import PlatformKind, PlatformTier
from services.seeds import facts
from services.seeds.chance import Dice, shares, spread
from services.seeds.committees import Brands
from services.seeds.divisions import Divisions, Place, is_inhabited, is_village
from services.seeds.identifiers import IdSequence
from services.seeds.load import Row
from services.seeds.registry import County, Platform
from services.seeds.timeline import at, day_of, instant, later

QINSHUI_MICRO_PLATFORMS = 20
"""Not told: a county of its size has about so many."""

TOWNSHIP_WEIGHT = 10
"""A street or town weighs as much as so many villages when the untold platforms are shared out."""

SUB_PLATFORMS_OF_20 = 11
"""Of 20 platforms beneath a general one that many are sub-platforms, where there are streets and towns enough."""

STUDIO_EVERY = 5
"""One micro platform in so many is a member's studio."""

OPENED = {
    facts.YINGZE: at(2021, 3, 1),  # the launch of its brand
    facts.QINSHUI: at(2022, 3, 1),  # not told
}
"""When general platforms opened."""
PILOTS_FROM, PILOTS_WITHIN_DAYS = at(2021, 3, 8), 150
ELSEWHERE_FROM, ELSEWHERE_WITHIN_DAYS = at(2022, 3, 1), 290
"""First the pilot city's, then the others' under the guiding opinion, whose day is not told."""
SUB_WITHIN_DAYS = 120
MICRO_WITHIN_DAYS = 240
LAST_OPENING = at(2023, 11, 20)


DIRECTLY_BENEATH = "00"
"""In the codes of micro platforms whose street or town has no sub-platform, in place of its number."""


class Sites(NamedTuple):
    """Where a county's platforms can stand, in the order of codes."""

    townships: list[Place]
    villages: list[Place]


def sites_of(county: County, divisions: Divisions) -> Sites:
    """Return the streets and towns, and the communities and villages where people live."""
    return Sites(
        [place for place in county.townships.values() if place.name.endswith(("街道", "镇", "乡"))],
        [village for code in county.townships for village in divisions.children.get(code, []) if is_inhabited(village)],
    )


class Allotment(NamedTuple):
    """How many platforms a county has beneath its general one."""

    sub: int
    micro: int


def allot(sites: dict[str, Sites]) -> dict[str, Allotment]:
    """Share the province's platforms out among the counties, given by code; the told counties have theirs."""
    told = {
        facts.YINGZE: Allotment(facts.YINGZE_SUB_PLATFORMS, facts.YINGZE_MICRO_PLATFORMS),
        facts.QINSHUI: Allotment(len(sites[facts.QINSHUI].townships), QINSHUI_MICRO_PLATFORMS),
    }
    others = [code for code in sites if code not in told]
    rest = facts.PLATFORMS - len(sites) - sum(map(sum, told.values()))
    weights = [TOWNSHIP_WEIGHT * len(sites[code].townships) + len(sites[code].villages) for code in others]
    for code, count in zip(others, shares(rest, weights), strict=True):
        sub = min(len(sites[code].townships), count * SUB_PLATFORMS_OF_20 // 20)
        told[code] = Allotment(sub, count - sub)
    return told


class Platforms:
    """Opens the platforms of one county after the other."""

    def __init__(self, brands: Brands, scale: int) -> None:
        self._brands = brands
        self._scale = scale
        self._ids = IdSequence("platform")

    def open_in(self, county: County, sites: Sites, allotment: Allotment) -> None:
        """Open a county's platforms; an enlarged province has further micro platforms."""
        dice = Dice(county.place.number)
        general = self._general(county, dice)
        subs = {
            place.code: self._sub(county, place, general, number, dice)
            for number, place in enumerate(_chosen(sites.townships, allotment.sub), start=1)
        }
        county.platforms = [general, *subs.values()]
        numbers: dict[str, int] = {}
        for index, (place, ordinal) in enumerate(self._micro_places(sites.villages, allotment)):
            parent = subs.get(place.parent_code, general)
            number = numbers[parent.code] = numbers.get(parent.code, 0) + 1
            platform = self._micro(county, place, parent, number, dice)
            platform.ordinal = ordinal
            if index % STUDIO_EVERY == STUDIO_EVERY - 1 and place.code not in facts.PLACES_OF_STORIES:
                platform.kind = PlatformKind.MEMBER_STUDIO
            county.platforms.append(platform)

    def _micro_places(self, villages: list[Place], allotment: Allotment) -> Iterator[tuple[Place, int]]:
        """Return the places of the micro platforms, each with the platform's number among those of the place."""
        ordinals: dict[str, int] = {}
        further = (self._scale - 1) * (1 + sum(allotment))
        cycled = (villages[index % len(villages)] for index in range(further))
        for place in chain(_chosen(villages, allotment.micro), cycled):
            ordinals[place.code] = ordinals.get(place.code, 0) + 1
            yield place, ordinals[place.code]

    def _general(self, county: County, dice: Dice) -> Platform:
        place = county.place
        pilot = place.code.startswith(facts.PILOT_CITY)
        first, within_days = (PILOTS_FROM, PILOTS_WITHIN_DAYS) if pilot else (ELSEWHERE_FROM, ELSEWHERE_WITHIN_DAYS)
        opened_at = OPENED.get(place.code) or later(first, dice.below(within_days))
        return Platform(
            id=self._ids.issue(opened_at),
            code=f"P{place.code}",
            tier=PlatformTier.GENERAL,
            kind=PlatformKind.COUNTY,
            place=place,
            brand=self._brands.valid_in(place),
            parent_id=None,
            group=None,
            opened_at=opened_at,
        )

    def _sub(self, county: County, place: Place, general: Platform, number: int, dice: Dice) -> Platform:
        opened_at = _opening(place, general, dice.below(SUB_WITHIN_DAYS))
        return Platform(
            id=self._ids.issue(opened_at),
            code=f"{general.code}-{number:02d}",
            tier=PlatformTier.SUB,
            kind=PlatformKind.TOWNSHIP,
            place=place,
            brand=self._brands.valid_in(place),
            parent_id=general.id,
            group=county.groups[place.code],
            opened_at=opened_at,
        )

    def _micro(self, county: County, place: Place, parent: Platform, number: int, dice: Dice) -> Platform:
        branch = parent.code if parent.tier is PlatformTier.SUB else f"{parent.code}-{DIRECTLY_BENEATH}"
        opened_at = _opening(place, parent, dice.below(MICRO_WITHIN_DAYS))
        return Platform(
            id=self._ids.issue(opened_at),
            code=f"{branch}-{number:02d}",
            tier=PlatformTier.MICRO,
            kind=PlatformKind.VILLAGE if is_village(place) else PlatformKind.COMMUNITY,
            place=place,
            brand=self._brands.valid_in(place),
            parent_id=parent.id,
            group=county.groups[place.parent_code],
            opened_at=opened_at,
        )


def _opening(place: Place, parent: Platform, days_later: int) -> int:
    """Return when a platform beneath another opened; where stories play it opened with its parent."""
    if place.code in facts.PLACES_OF_STORIES:
        return parent.opened_at
    return min(later(parent.opened_at, days_later), LAST_OPENING)


def _chosen(places: list[Place], count: int) -> list[Place]:
    """Return that many places, evenly spread, among them those of the stories."""
    told = [place for place in places if place.code in facts.PLACES_OF_STORIES]
    others = [place for place in places if place.code not in facts.PLACES_OF_STORIES]
    return sorted(told + spread(others, count - len(told)), key=lambda place: place.number)


def platform_rows(counties: Iterable[County], end: int) -> Iterator[Row]:
    """Return the rows of the platforms that opened before an instant, each after its parent."""
    for county in counties:
        for platform in county.platforms:
            if platform.opened_at >= end:
                continue
            yield (
                platform.id,
                platform.code,
                _name(county, platform),
                platform.tier,
                platform.kind,
                platform.brand.id,
                platform.place.number,
                platform.parent_id,
                platform.group.id if platform.group else None,
                day_of(platform.opened_at),
                None,
                instant(platform.opened_at),
            )


def _name(county: County, platform: Platform) -> str:
    """Return what a platform is called."""
    place = county.place_name(platform)
    if platform.tier is PlatformTier.GENERAL:
        return f"{place}{platform.brand.name}总平台"
    if platform.tier is PlatformTier.SUB:
        return f"{place}分平台"
    form = "委员工作室" if platform.kind is PlatformKind.MEMBER_STUDIO else "微平台"
    return f"{place}{form}" if platform.ordinal == 1 else f"{place}第{platform.ordinal}{form}"
