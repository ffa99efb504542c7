from services.topics.enums import TopicStatus

P, L, S = TopicStatus.PROPOSED, TopicStatus.LISTED, TopicStatus.SCHEDULED
D, I, R = TopicStatus.DELIBERATED, TopicStatus.IMPLEMENTING, TopicStatus.RESOLVED  # noqa: E741 -- one letter a state
W = TopicStatus.WITHDRAWN

LIFECYCLE: dict[tuple[TopicStatus, str], TopicStatus] = {
    (P, "list"): L,
    (P, "withdraw"): W,
    (L, "schedule"): S,
    (L, "withdraw"): W,
    (S, "schedule"): S,
    (S, "unschedule"): L,
    (S, "deliberate"): D,
    (S, "withdraw"): W,
    (D, "schedule"): D,
    (D, "unschedule"): D,
    (D, "deliberate"): D,
    (D, "implement"): I,
    (D, "withdraw"): W,
    (I, "schedule"): I,
    (I, "unschedule"): I,
    (I, "deliberate"): I,
    (I, "implement"): I,
    (I, "resolve"): R,
    (I, "withdraw"): W,
    (R, "unschedule"): R,
    (R, "deliberate"): R,
    (R, "reopen"): I,
}
"""Topic × action → topic. Sessions after the first leave a deliberated topic where it is, those that were still ahead
when it was resolved leave it resolved; an outcome that is recorded makes it one being implemented."""

OPEN = frozenset({P, L, S, D, I})
"""States in which departments may be involved and released."""
