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
