from services.core.choices import Choice


class PlatformTier(Choice):
    """平台层级: the three tiers of a county's platforms."""

    GENERAL = "GENERAL", "总平台", "General platform", "One in a county."
    SUB = "SUB", "分平台", "Sub-platform", "In streets and towns."
    MICRO = "MICRO", "微平台", "Micro platform", "In communities, villages and members' studios."


class PlatformKind(Choice):
    """平台类型: where a platform stands."""

    COUNTY = "COUNTY", "县级", "County"
    TOWNSHIP = "TOWNSHIP", "街道（镇）", "Street or town"
    COMMUNITY = "COMMUNITY", "社区", "Community"
    VILLAGE = "VILLAGE", "村", "Village"
    MEMBER_STUDIO = "MEMBER_STUDIO", "委员工作室", "Members' studio"
    OTHER = "OTHER", "其他", "Other"
