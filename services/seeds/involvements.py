"""Which departments take part in a topic."""

from services.departments.enums import DepartmentKind
from services.seeds.chance import Dice
from services.seeds.drafts import InvolvementDraft, TopicDraft
from services.seeds.timeline import CUT_OFF, DAY, HOUR
from services.topics.enums import Category, InvolvementRole

RESPONSIBLE = {
    Category.ECONOMY: (DepartmentKind.OTHER, DepartmentKind.CULTURE_TOURISM, DepartmentKind.AGRICULTURE),
    Category.BUSINESS_ENVIRONMENT: (DepartmentKind.OTHER, DepartmentKind.COURT, DepartmentKind.PUBLIC_SECURITY),
    Category.CULTURE_TOURISM: (DepartmentKind.CULTURE_TOURISM, DepartmentKind.TRANSPORT, DepartmentKind.FORESTRY),
    Category.OLD_NEIGHBOURHOODS: (
        *(DepartmentKind.HOUSING, DepartmentKind.PROPERTY_MANAGEMENT, DepartmentKind.HEATING, DepartmentKind.GAS),
    ),
    Category.GREENING: (DepartmentKind.FORESTRY, DepartmentKind.URBAN_MANAGEMENT, DepartmentKind.HOUSING),
    Category.SANITATION: (
        *(DepartmentKind.URBAN_MANAGEMENT, DepartmentKind.AGRICULTURE, DepartmentKind.PROPERTY_MANAGEMENT),
    ),
    Category.PARKING: (
        *(DepartmentKind.URBAN_MANAGEMENT, DepartmentKind.PUBLIC_SECURITY, DepartmentKind.HOUSING),
        DepartmentKind.PROPERTY_MANAGEMENT,
    ),
    Category.STREETS: (DepartmentKind.URBAN_MANAGEMENT, DepartmentKind.HOUSING, DepartmentKind.POWER),
    Category.RURAL_REVITALIZATION: (
        *(DepartmentKind.AGRICULTURE, DepartmentKind.FORESTRY, DepartmentKind.CULTURE_TOURISM, DepartmentKind.COURT),
    ),
    Category.WATER_POWER: (
        *(DepartmentKind.WATER, DepartmentKind.POWER, DepartmentKind.HEATING, DepartmentKind.HOUSING),
    ),
    Category.ROADS: (DepartmentKind.TRANSPORT, DepartmentKind.HOUSING, DepartmentKind.PUBLIC_SECURITY),
    Category.SAFETY: (DepartmentKind.PUBLIC_SECURITY, DepartmentKind.GAS, DepartmentKind.POWER, DepartmentKind.HOUSING),
    Category.OTHER: (DepartmentKind.CIVIL_AFFAIRS, DepartmentKind.CULTURE_TOURISM, DepartmentKind.PUBLIC_SECURITY),
}
"""Kinds of departments by category, the likeliest to lead first."""

WITHOUT_LEAD = 0.04
SECOND_LEADS = 0.25
ANOTHER_TAKES_PART = 0.52
SUPPORTS = 0.7
RELEASED = 0.04


def involve(dice: Dice, topic: TopicDraft, at_ms: int) -> None:
    """Involve a lead, as a rule, and perhaps others, in a topic that was just listed."""
    departments = topic.county.departments
    present = [departments[kind] for kind in RESPONSIBLE[topic.category] if kind in departments]
    if len(present) > 1 and dice.happens(SECOND_LEADS):
        present[0], present[1] = present[1], present[0]
    role = InvolvementRole.SUPPORT if dice.happens(WITHOUT_LEAD) else InvolvementRole.LEAD
    topic.involvements.append(InvolvementDraft(present[0], role, at_ms))
    for department in present[1:]:
        if not dice.happens(ANOTHER_TAKES_PART):
            continue
        role = InvolvementRole.SUPPORT if dice.happens(SUPPORTS) else InvolvementRole.INFORMED
        since = min(at_ms + dice.below(72) * HOUR, CUT_OFF)
        involvement = InvolvementDraft(department, role, since)
        if dice.happens(RELEASED):
            involvement.until = min(since + dice.between(5, 60) * DAY, CUT_OFF)
        topic.involvements.append(involvement)
