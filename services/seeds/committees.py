"""Committees, their liaison groups and members, and the brands."""

from collections.abc import Iterator
from uuid import UUID

from services.divisions.enums import DivisionKind, DivisionLevel
from services.seeds.divisions import Divisions, Place
from services.seeds.facts import BRANDS, SECTORS, UMBRELLA
from services.seeds.identifiers import IdSequence
from services.seeds.load import Row
from services.seeds.registry import Brand, County, LiaisonGroup, Member
from services.seeds.timeline import at

REGISTERED_AT = at(2021, 3, 1, hour=0)
"""Instant in the ids of what has no instant of its own."""

PROVINCE_MEMBERS = 200
CITY_MEMBERS = 160
COUNTY_MEMBERS = 80
"""And one more for every two streets or towns."""


class Committees:
    """The rows of every committee, of its liaison groups and of its members."""

    def __init__(self) -> None:
        self.committee_rows: list[Row] = []
        self.group_rows: list[Row] = []
        self.member_rows: list[Row] = []
        self._committee_ids = IdSequence("committee")
        self._group_ids = IdSequence("liaison_group")
        self._member_ids = IdSequence("member")

    def found(self, title: str, place: Place) -> UUID:
        """Found the committee of a division."""
        committee_id = self._committee_ids.issue(REGISTERED_AT)
        self.committee_rows.append((committee_id, f"政协{title}委员会", place.number))
        return committee_id

    def form_group(self, committee_id: UUID, county: Place, township: Place) -> LiaisonGroup:
        """Form the liaison group of a street or town."""
        group = LiaisonGroup(self._group_ids.issue(REGISTERED_AT), f"{county.name}政协{township.name}联络组")
        self.group_rows.append((group.id, group.name, committee_id, township.number))
        return group

    def seat_members(
        self, committee_id: UUID, place: Place, count: int, groups: list[LiaisonGroup]
    ) -> Iterator[Member]:
        """Seat members, sector by sector, and share them out among the liaison groups in turn."""
        for index in range(count):
            member = Member(self._member_ids.issue(REGISTERED_AT), f"委员 {index + 1:04d}")
            group_id = groups[index % len(groups)].id if groups else None
            sector = SECTORS[index % len(SECTORS)]
            self.member_rows.append((member.id, member.name, sector, committee_id, group_id, place.number))
            yield member


def found_counties(divisions: Divisions, committees: Committees) -> list[County]:
    """Return the counties with their liaison groups and members, after founding every committee of the province."""
    for place in divisions.places:
        if place.level in (DivisionLevel.PROVINCE, DivisionLevel.CITY):
            committee_id = committees.found(place.name, place)
            count = PROVINCE_MEMBERS if place.level is DivisionLevel.PROVINCE else CITY_MEMBERS
            for _ in committees.seat_members(committee_id, place, count, []):
                pass
    cities = {place.code: place for place in divisions.of_level(DivisionLevel.CITY)}
    return [
        _found_county(place, cities[place.parent_code], divisions.children[place.code], committees)
        for place in divisions.of_level(DivisionLevel.COUNTY)
        if place.kind is DivisionKind.ADMINISTRATIVE
    ]


def _found_county(place: Place, city: Place, townships: list[Place], committees: Committees) -> County:
    title = f"{city.name}{place.name}" if place.name.endswith("区") else place.name
    committee_id = committees.found(title, place)
    groups = {township.code: committees.form_group(committee_id, place, township) for township in townships}
    count = COUNTY_MEMBERS + len(townships) // 2
    members = list(committees.seat_members(committee_id, place, count, list(groups.values())))
    by_township = {code: members[index :: len(groups)] for index, code in enumerate(groups)}
    return County(
        place=place,
        city=city,
        title=title,
        townships={township.code: township for township in townships},
        groups=groups,
        members={place.code: members, **by_township},
    )


class Brands:
    """The brands, each valid in its division unless a deeper one has its own."""

    def __init__(self, divisions: Divisions, umbrella_id: UUID) -> None:
        by_code = {place.code: place for place in divisions.places}
        ids = IdSequence("brand")
        province = divisions.places[0]
        self.rows: list[Row] = [(umbrella_id, UMBRELLA, None, province.number, None)]
        self._brands = [(province, Brand(umbrella_id, UMBRELLA))]
        for fact in BRANDS:
            home, brand = by_code[fact.division_code], Brand(ids.issue(REGISTERED_AT), fact.name)
            self.rows.append((brand.id, brand.name, UMBRELLA, home.number, fact.launched_on))
            self._brands.insert(0, (home, brand))

    def valid_in(self, place: Place) -> Brand:
        """Return the brand under which a division consults. No brand lies within another but for the umbrella."""
        return next(brand for home, brand in self._brands if home.number <= place.number < home.upper)
