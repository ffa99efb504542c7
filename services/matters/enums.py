from enum import StrEnum


class MatterNature(StrEnum):
    """How a matter weighs on people: 麻烦事, 琐碎事, 烦心事, 梗阻事."""

    TROUBLESOME = "TROUBLESOME"
    TRIVIAL = "TRIVIAL"
    WORRYING = "WORRYING"
    BLOCKING = "BLOCKING"


class MatterStatus(StrEnum):
    """State of a matter."""

    RAISED = "RAISED"
    ACCEPTED = "ACCEPTED"
    LISTED = "LISTED"
    ANSWERED = "ANSWERED"
    DECLINED = "DECLINED"


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


class ParticipantRole(StrEnum):
    """In which part somebody raised a matter or took part."""

    MEMBER = "MEMBER"
    CADRE = "CADRE"
    DEPARTMENT = "DEPARTMENT"
    ENTERPRISE = "ENTERPRISE"
    RESIDENT = "RESIDENT"
    STAKEHOLDER = "STAKEHOLDER"
    OTHER = "OTHER"
