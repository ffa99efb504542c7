from services.core.choices import Choice
from services.matters.enums import ParticipantRole

__all__ = ["PUBLIC", "ParticipantRole", "SessionForm", "SessionStatus"]


class SessionStatus(Choice):
    """议事会状态: state of a session."""

    SCHEDULED = "SCHEDULED", "已安排", "Scheduled", "It stands in the calendar."
    HELD = "HELD", "已召开", "Held", "What came of it is recorded."
    POSTPONED = "POSTPONED", "已延期", "Postponed", "It has no time until it gets another."
    CANCELLED = "CANCELLED", "已取消", "Cancelled", "It does not take place."


class SessionForm(Choice):
    """会议形式: where and how people sit down."""

    COUNCIL_HALL = "COUNCIL_HALL", "议事厅", "Council hall"
    ON_SITE = "ON_SITE", "现场", "On site", "Where the matter is."
    HOUSEHOLD = "HOUSEHOLD", "入户", "Household", "In somebody's home."
    ONLINE = "ONLINE", "线上", "Online"
    OTHER = "OTHER", "其他", "Other"


PUBLIC = frozenset({ParticipantRole.RESIDENT, ParticipantRole.STAKEHOLDER})
"""The affected public (受影响的群众)."""
