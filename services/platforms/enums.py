from enum import StrEnum


class PlatformTier(StrEnum):
    """总平台, 分平台, 微平台.

    The three tiers of a county's platforms.
    """

    GENERAL = "GENERAL"
    SUB = "SUB"
    MICRO = "MICRO"


class PlatformKind(StrEnum):
    """县级, 街道(镇), 社区, 村, 委员工作室, 其他.

    Where a platform stands.
    """

    COUNTY = "COUNTY"
    TOWNSHIP = "TOWNSHIP"
    COMMUNITY = "COMMUNITY"
    VILLAGE = "VILLAGE"
    MEMBER_STUDIO = "MEMBER_STUDIO"
    OTHER = "OTHER"
