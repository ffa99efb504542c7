from services.core.errors import IllegalTransition
from services.sessions.enums import SessionStatus

LIFECYCLE: dict[tuple[SessionStatus, str], SessionStatus] = {
    (SessionStatus.SCHEDULED, "hold"): SessionStatus.HELD,
    (SessionStatus.SCHEDULED, "cancel"): SessionStatus.CANCELLED,
    (SessionStatus.SCHEDULED, "postpone"): SessionStatus.POSTPONED,
    (SessionStatus.SCHEDULED, "reschedule"): SessionStatus.SCHEDULED,
    (SessionStatus.POSTPONED, "reschedule"): SessionStatus.SCHEDULED,
    (SessionStatus.POSTPONED, "cancel"): SessionStatus.CANCELLED,
}
"""Session × action → session."""


def advance(status: SessionStatus, action: str) -> SessionStatus:
    """Return the state after an action. Raises IllegalTransition where the lifecycle has no such step."""
    following = LIFECYCLE.get((status, action))
    if following is None:
        allowed = tuple(state.value for state, possible in LIFECYCLE if possible == action)
        raise IllegalTransition("session", status.value, action, allowed)
    return following
