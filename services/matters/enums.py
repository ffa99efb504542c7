from enum import StrEnum


class MatterNature(StrEnum):
    """How a matter weighs on people: 麻烦事, 琐碎事, 烦心事, 梗阻事."""

    TROUBLESOME = "TROUBLESOME"
    TRIVIAL = "TRIVIAL"
    WORRYING = "WORRYING"
    BLOCKING = "BLOCKING"


class MatterStatus(StrEnum):
    """State of a matter: 已反映, 已受理, 已立项, 已答复, 不予受理."""

    RAISED = "RAISED"
    ACCEPTED = "ACCEPTED"
    LISTED = "LISTED"
    ANSWERED = "ANSWERED"
    DECLINED = "DECLINED"


class Category(StrEnum):
    """经济发展, 营商环境, 文旅融合, 老旧小区治理, 绿化, 环境卫生, 停车, 文明绿色街巷, 乡村振兴, 水电, 道路, 安全,
    其他.

    What a matter or topic is about.
    """

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
    """In which part somebody spoke or came: 委员, 干部, 部门, 企业, 居民, 利益相关方, 其他."""

    MEMBER = "MEMBER"
    CADRE = "CADRE"
    DEPARTMENT = "DEPARTMENT"
    ENTERPRISE = "ENTERPRISE"
    RESIDENT = "RESIDENT"
    STAKEHOLDER = "STAKEHOLDER"
    OTHER = "OTHER"
