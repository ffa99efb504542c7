from services.core.choices import Choice
from services.matters.enums import Category

__all__ = ["Category", "InvolvementRole", "TopicKind", "TopicStatus"]


class TopicKind(Choice):
    """议题种类: whether a topic has to stand in an annual plan."""

    KEY = "KEY", "重点协商议题", "Key topic", "It is scheduled in a year whose approved plan has it."
    MICRO = "MICRO", "微课题", "Micro topic", "It needs no plan."


class TopicStatus(Choice):
    """议题状态: state of a topic."""

    PROPOSED = "PROPOSED", "已提出", "Proposed", "It is not on the agenda yet, nor published."
    LISTED = "LISTED", "已立项", "Listed", "It stands on the agenda, and is published."
    SCHEDULED = "SCHEDULED", "已安排议事", "Scheduled", "A session that takes it stands in the calendar."
    DELIBERATED = "DELIBERATED", "已协商", "Deliberated", "A session that took it was held."
    IMPLEMENTING = "IMPLEMENTING", "落实中", "Implementing", "What was agreed on is being carried out."
    RESOLVED = "RESOLVED", "已办结", "Resolved", "The committee says so, with evidence."
    WITHDRAWN = "WITHDRAWN", "已撤回", "Withdrawn", "It is not consulted on any further."


class InvolvementRole(Choice):
    """责任分工: what a department does in a topic."""

    LEAD = "LEAD", "主办", "Lead", "It answers for the topic; a topic has one at most."
    SUPPORT = "SUPPORT", "协办", "Support", "It helps the lead."
    INFORMED = "INFORMED", "知会", "Informed", "It is told, and has nothing to do."
