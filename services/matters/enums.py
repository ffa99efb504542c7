from services.core.choices import Choice


class MatterNature(Choice):
    """诉求性质: how a matter weighs on people."""

    TROUBLESOME = "TROUBLESOME", "麻烦事", "Troublesome", "It takes trouble to settle."
    TRIVIAL = "TRIVIAL", "琐碎事", "Trivial", "It is small, and of every day."
    WORRYING = "WORRYING", "烦心事", "Worrying", "It weighs on people's minds."
    BLOCKING = "BLOCKING", "梗阻事", "Blocking", "It stands in the way of something."


class MatterStatus(Choice):
    """反映事项状态: state of a matter."""

    RAISED = "RAISED", "已反映", "Raised", "Nobody has taken it up yet."
    ACCEPTED = "ACCEPTED", "已受理", "Accepted", "Staff has taken it up."
    LISTED = "LISTED", "已立项", "Listed", "It is part of a topic."
    ANSWERED = "ANSWERED", "已答复", "Answered", "It was answered without a topic."
    DECLINED = "DECLINED", "不予受理", "Declined", "It was not taken up; its answer says why."


class Category(Choice):
    """类别: what a matter or topic is about."""

    ECONOMY = "ECONOMY", "经济发展", "Economy"
    BUSINESS_ENVIRONMENT = "BUSINESS_ENVIRONMENT", "营商环境", "Business environment"
    CULTURE_TOURISM = "CULTURE_TOURISM", "文旅融合", "Culture and tourism"
    OLD_NEIGHBOURHOODS = "OLD_NEIGHBOURHOODS", "老旧小区治理", "Old neighbourhoods"
    GREENING = "GREENING", "绿化", "Greening"
    SANITATION = "SANITATION", "环境卫生", "Sanitation"
    PARKING = "PARKING", "停车", "Parking"
    STREETS = "STREETS", "文明绿色街巷", "Streets and lanes"
    RURAL_REVITALIZATION = "RURAL_REVITALIZATION", "乡村振兴", "Rural revitalization"
    WATER_POWER = "WATER_POWER", "水电", "Water and power"
    ROADS = "ROADS", "道路", "Roads"
    SAFETY = "SAFETY", "安全", "Safety"
    OTHER = "OTHER", "其他", "Other"


class ParticipantRole(Choice):
    """身份: in which part somebody spoke or came."""

    MEMBER = "MEMBER", "委员", "Member", "Of a committee of the political consultative conference."
    CADRE = "CADRE", "干部", "Cadre", "Of the county, the street or the community."
    DEPARTMENT = "DEPARTMENT", "部门", "Department", "An agency that is responsible."
    ENTERPRISE = "ENTERPRISE", "企业", "Enterprise"
    RESIDENT = "RESIDENT", "居民", "Resident", "Of the affected public."
    STAKEHOLDER = "STAKEHOLDER", "利益相关方", "Stakeholder", "Of the affected public, without living there."
    OTHER = "OTHER", "其他", "Other"
