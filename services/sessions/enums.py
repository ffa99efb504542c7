from enum import StrEnum

from services.matters.enums import ParticipantRole

__all__ = ["PUBLIC", "ParticipantRole", "SessionForm", "SessionStatus"]


class SessionStatus(StrEnum):
    """State of a session (议事会状态)."""

    SCHEDULED = "SCHEDULED"
    HELD = "HELD"
    POSTPONED = "POSTPONED"
    CANCELLED = "CANCELLED"


class SessionForm(StrEnum):
    """议事厅, 现场, 入户, 线上, 其他."""

    COUNCIL_HALL = "COUNCIL_HALL"
    ON_SITE = "ON_SITE"
    HOUSEHOLD = "HOUSEHOLD"
    ONLINE = "ONLINE"
    OTHER = "OTHER"


PUBLIC = frozenset({ParticipantRole.RESIDENT, ParticipantRole.STAKEHOLDER})
"""The affected public (受影响的群众)."""
