from enum import StrEnum


class TopicKind(StrEnum):
    """KEY (重点协商议题) topics stand in the annual plan, MICRO (微课题) need not."""

    KEY = "KEY"
    MICRO = "MICRO"


class TopicStatus(StrEnum):
    """State of a topic."""

    PROPOSED = "PROPOSED"
    LISTED = "LISTED"
    SCHEDULED = "SCHEDULED"
    DELIBERATED = "DELIBERATED"
    IMPLEMENTING = "IMPLEMENTING"
    RESOLVED = "RESOLVED"
    WITHDRAWN = "WITHDRAWN"


class Category(StrEnum):
    """What a matter or topic is about."""

    ECONOMY = "ECONOMY"
    BUSINESS_ENVIRONMENT = "BUSINESS_ENVIRONMENT"
    CULTURE_TOURISM = "CULTURE_TOURISM"
    OLD_NEIGHBOURHOODS = "OLD_NEIGHBOURHOODS"
    GREENING = "GREENING"
    SANITATION = "SANITATION"
    PARKING = "PARKING"
    STREETS = "STREETS"
    RURAL_REVITALIZATION = "RURAL_REVITALIZATION"
    WATER_POWER = "WATER_POWER"
    ROADS = "ROADS"
    SAFETY = "SAFETY"
    OTHER = "OTHER"


class InvolvementRole(StrEnum):
    """What a department does in a topic: 主办, 协办, 知会."""

    LEAD = "LEAD"
    SUPPORT = "SUPPORT"
    INFORMED = "INFORMED"
