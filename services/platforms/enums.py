from enum import StrEnum


class PlatformTier(StrEnum):
    """The three tiers of a county's platforms."""

    GENERAL = "GENERAL"
    SUB = "SUB"
    MICRO = "MICRO"


class PlatformKind(StrEnum):
    """Where a platform stands."""

    COUNTY = "COUNTY"
    TOWNSHIP = "TOWNSHIP"
    COMMUNITY = "COMMUNITY"
    VILLAGE = "VILLAGE"
    MEMBER_STUDIO = "MEMBER_STUDIO"
    OTHER = "OTHER"
