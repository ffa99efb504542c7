from collections.abc import Iterable
from datetime import date, datetime

from services.core.chronology import Milestone, require_happened, require_not_before
from services.core.clock import china_day
from services.sessions.enums import PUBLIC, ParticipantRole, SessionStatus
from services.sessions.errors import NothingRescheduled, PostponedWithTime, SessionPast
from services.topics.enums import TopicKind

LIFECYCLE: dict[tuple[SessionStatus, str], SessionStatus] = {
    (SessionStatus.SCHEDULED, "hold"): SessionStatus.HELD,
    (SessionStatus.SCHEDULED, "cancel"): SessionStatus.CANCELLED,
    (SessionStatus.SCHEDULED, "postpone"): SessionStatus.POSTPONED,
    (SessionStatus.SCHEDULED, "reschedule"): SessionStatus.SCHEDULED,
    (SessionStatus.SCHEDULED, "move"): SessionStatus.SCHEDULED,
    (SessionStatus.POSTPONED, "reschedule"): SessionStatus.SCHEDULED,
    (SessionStatus.POSTPONED, "move"): SessionStatus.POSTPONED,
    (SessionStatus.POSTPONED, "cancel"): SessionStatus.CANCELLED,
}
"""Session × action → session. To move is to sit down elsewhere: when stays as it was."""


def change_of(scheduled_at: datetime | None, venue: str | None, *, postpone: bool) -> str:
    """Return which action on a session is asked for: reschedule, postpone or, with a venue alone, move.

    Raises NothingRescheduled where none is, PostponedWithTime where two are that exclude each other.
    """
    if postpone:
        if scheduled_at is not None:
            raise PostponedWithTime
        return "postpone"
    if scheduled_at is not None:
        return "reschedule"
    if venue is None:
        raise NothingRescheduled
    return "move"


def require_ahead(scheduled_at: datetime, today: date) -> None:
    """Require that a session is put into the calendar for today or later. Raises SessionPast."""
    if china_day(scheduled_at) < today:
        raise SessionPast(scheduled_at, today)


def require_held_in_time(held_at: datetime, proposed: Iterable[datetime], now: datetime) -> None:
    """Require that a session was held once all of its topics were proposed, and is not still to come.

    Raises NotYetHappened, TooEarly.
    """
    require_happened(held_at, now, path="held_at")
    require_not_before(held_at, max(proposed, default=None), Milestone.TOPIC_PROPOSED, path="held_at")


def lacks_public(kinds: Iterable[TopicKind], present: Iterable[ParticipantRole]) -> bool:
    """Tell whether a session took a key topic and nobody of the affected public came."""
    return TopicKind.KEY in kinds and PUBLIC.isdisjoint(present)
