from collections.abc import Iterable

from services.sessions.enums import PUBLIC, ParticipantRole, SessionStatus
from services.topics.enums import TopicKind

LIFECYCLE: dict[tuple[SessionStatus, str], SessionStatus] = {
    (SessionStatus.SCHEDULED, "hold"): SessionStatus.HELD,
    (SessionStatus.SCHEDULED, "cancel"): SessionStatus.CANCELLED,
    (SessionStatus.SCHEDULED, "postpone"): SessionStatus.POSTPONED,
    (SessionStatus.SCHEDULED, "reschedule"): SessionStatus.SCHEDULED,
    (SessionStatus.POSTPONED, "reschedule"): SessionStatus.SCHEDULED,
    (SessionStatus.POSTPONED, "cancel"): SessionStatus.CANCELLED,
}
"""Session × action → session."""

MINUTES_DAYS = 7
"""Calendar days after a session until its minutes are expected, where no setting says otherwise. Our own choice."""


def lacks_public(kinds: Iterable[TopicKind], present: Iterable[ParticipantRole]) -> bool:
    """Tell whether a session took a key topic and nobody of the affected public came."""
    return TopicKind.KEY in kinds and PUBLIC.isdisjoint(present)
