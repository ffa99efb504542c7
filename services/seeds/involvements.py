"""Which departments take part in a topic."""

from services.departments.enums import DepartmentKind
from services.seeds.chance import Dice
from services.seeds.drafts import InvolvementDraft, TopicDraft
from services.seeds.timeline import HOUR, in_office, later
from services.topics.enums import Category, InvolvementRole

HELPING = {
    Category.ECONOMY: (DepartmentKind.OTHER, DepartmentKind.TRANSPORT, DepartmentKind.URBAN_MANAGEMENT),
    Category.BUSINESS_ENVIRONMENT: (DepartmentKind.OTHER, DepartmentKind.URBAN_MANAGEMENT),
    Category.CULTURE_TOURISM: (DepartmentKind.CULTURE_TOURISM, DepartmentKind.TRANSPORT, DepartmentKind.FORESTRY),
    Category.OLD_NEIGHBOURHOODS: (
        *(DepartmentKind.HOUSING, DepartmentKind.PROPERTY_MANAGEMENT, DepartmentKind.HEATING, DepartmentKind.GAS),
    ),
    Category.GREENING: (DepartmentKind.URBAN_MANAGEMENT, DepartmentKind.FORESTRY, DepartmentKind.WATER),
    Category.SANITATION: (
        *(DepartmentKind.URBAN_MANAGEMENT, DepartmentKind.HOUSING, DepartmentKind.PROPERTY_MANAGEMENT),
    ),
    Category.PARKING: (
        *(DepartmentKind.URBAN_MANAGEMENT, DepartmentKind.PUBLIC_SECURITY, DepartmentKind.HOUSING),
        DepartmentKind.PROPERTY_MANAGEMENT,
    ),
    Category.STREETS: (DepartmentKind.URBAN_MANAGEMENT, DepartmentKind.HOUSING, DepartmentKind.POWER),
    Category.RURAL_REVITALIZATION: (*(DepartmentKind.AGRICULTURE, DepartmentKind.FORESTRY, DepartmentKind.WATER),),
    Category.WATER_POWER: (DepartmentKind.WATER, DepartmentKind.POWER, DepartmentKind.HOUSING),
    Category.ROADS: (DepartmentKind.TRANSPORT, DepartmentKind.HOUSING, DepartmentKind.PUBLIC_SECURITY),
    Category.SAFETY: (DepartmentKind.PUBLIC_SECURITY, DepartmentKind.HOUSING, DepartmentKind.POWER),
    Category.OTHER: (DepartmentKind.CIVIL_AFFAIRS, DepartmentKind.PUBLIC_SECURITY),
}
"""Kinds of departments that may help beside the one that leads, by category."""

WITHOUT_LEAD = 0.04
ANOTHER_TAKES_PART = 0.52
SUPPORTS = 0.7
RELEASED = 0.04


def involve(dice: Dice, topic: TopicDraft, at_ms: int) -> None:
    """Involve the department whose business it is, as a rule in the lead, and perhaps others, in a listed topic."""
    departments = topic.county.departments
    assert topic.lead is not None  # noqa: S101 -- told topics alone lack it, and are not rolled
    role = InvolvementRole.SUPPORT if dice.happens(WITHOUT_LEAD) else InvolvementRole.LEAD
    topic.involvements.append(InvolvementDraft(departments[topic.lead], role, at_ms))
    for kind in HELPING[topic.category]:
        if kind is topic.lead or kind not in departments or not dice.happens(ANOTHER_TAKES_PART):
            continue
        role = InvolvementRole.SUPPORT if dice.happens(SUPPORTS) else InvolvementRole.INFORMED
        involvement = InvolvementDraft(departments[kind], role, in_office(at_ms + dice.below(72) * HOUR))
        if dice.happens(RELEASED):
            involvement.until = later(involvement.since, dice.between(5, 60))
        topic.involvements.append(involvement)
