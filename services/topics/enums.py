from enum import StrEnum

from services.matters.enums import Category

__all__ = ["Category", "InvolvementRole", "TopicKind", "TopicStatus"]


class TopicKind(StrEnum):
    """重点协商议题, 微课题.

    KEY (重点协商议题) topics stand in the annual plan, MICRO (微课题) need not.
    """

    KEY = "KEY"
    MICRO = "MICRO"


class TopicStatus(StrEnum):
    """State of a topic (议题状态)."""

    PROPOSED = "PROPOSED"
    LISTED = "LISTED"
    SCHEDULED = "SCHEDULED"
    DELIBERATED = "DELIBERATED"
    IMPLEMENTING = "IMPLEMENTING"
    RESOLVED = "RESOLVED"
    WITHDRAWN = "WITHDRAWN"


class InvolvementRole(StrEnum):
    """主办, 协办, 知会.

    What a department does in a topic.
    """

    LEAD = "LEAD"
    SUPPORT = "SUPPORT"
    INFORMED = "INFORMED"
