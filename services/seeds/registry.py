"""The standing order of the demonstration province as the consultations need it."""

from dataclasses import dataclass, field
from typing import NamedTuple
from uuid import UUID

from services.departments.enums import DepartmentKind
from services.platforms.enums import PlatformKind, PlatformTier
from services.seeds.divisions import Place, is_village, short_name
from services.seeds.subjects import Setting


class LiaisonGroup(NamedTuple):
    """A liaison group (联络组) of a street or town."""

    id: UUID
    name: str


class Member(NamedTuple):
    """A member of a committee, named by a label."""

    id: UUID
    name: str


class Department(NamedTuple):
    """A department or company of a county."""

    id: UUID
    code: str
    name: str
    kind: DepartmentKind
    division_number: int


class Brand(NamedTuple):
    """A brand under which platforms consult."""

    id: UUID
    name: str


@dataclass(slots=True, eq=False)
class Platform:
    """A consultation platform."""

    id: UUID
    code: str
    tier: PlatformTier
    kind: PlatformKind
    place: Place
    brand: Brand
    parent_id: UUID | None
    group: LiaisonGroup | None
    opened_at: int
    ordinal: int = 1
    """The number of the platform among those of its place; above one only in an enlarged province."""


@dataclass(slots=True, eq=False)
class County:
    """A county, district or county-level city."""

    place: Place
    city: Place
    title: str
    """The name; of a district with its city's before it."""
    townships: dict[str, Place]
    groups: dict[str, LiaisonGroup]
    """By the code of the street or town."""
    members: dict[str, list[Member]]
    """By the code of the street or town that they serve, and all of them by the county's."""
    departments: dict[DepartmentKind, Department] = field(default_factory=dict)
    told_company: Department | None = None
    """The company of a told topic, which takes part in no other."""
    platforms: list[Platform] = field(default_factory=list)
    """General, sub and micro platforms in this order, each tier in the order of codes."""

    def place_name(self, platform: Platform) -> str:
        """Return the name of the place that a platform serves, as titles begin with it."""
        place = platform.place
        if platform.tier is PlatformTier.GENERAL:
            return self.title
        if platform.tier is PlatformTier.SUB:
            return f"{self.place.name}{place.name}"
        return f"{self.townships[place.parent_code].name}{short_name(place)}"

    def setting(self, platform: Platform) -> Setting:
        """Return from which list a platform's subjects come."""
        if platform.tier is PlatformTier.GENERAL:
            return Setting.COUNTY
        if platform.tier is PlatformTier.SUB:
            return Setting.URBAN if platform.place.name.endswith("街道") else Setting.RURAL
        return Setting.RURAL if is_village(platform.place) else Setting.URBAN

    def members_near(self, platform: Platform) -> list[Member]:
        """Return the members who serve a platform's street or town; for a general platform the county's."""
        return self.members.get(platform.place.code[:9]) or self.members[self.place.code]
