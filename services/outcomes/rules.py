from services.core.lifecycle import advance
from services.outcomes.enums import CommitmentStatus
from services.topics.enums import TopicStatus

LIFECYCLE: dict[tuple[CommitmentStatus, str], CommitmentStatus] = {
    (CommitmentStatus.ASSIGNED, "accept"): CommitmentStatus.ACCEPTED,
    (CommitmentStatus.ASSIGNED, "decline"): CommitmentStatus.DECLINED,
    (CommitmentStatus.ACCEPTED, "progress"): CommitmentStatus.IN_PROGRESS,
    (CommitmentStatus.ACCEPTED, "complete"): CommitmentStatus.DONE,
    (CommitmentStatus.IN_PROGRESS, "progress"): CommitmentStatus.IN_PROGRESS,
    (CommitmentStatus.IN_PROGRESS, "complete"): CommitmentStatus.DONE,
    (CommitmentStatus.DONE, "verify"): CommitmentStatus.VERIFIED,
    (CommitmentStatus.DONE, "dispute"): CommitmentStatus.DISPUTED,
    (CommitmentStatus.DISPUTED, "progress"): CommitmentStatus.IN_PROGRESS,
    (CommitmentStatus.ASSIGNED, "withdraw"): CommitmentStatus.WITHDRAWN,
    (CommitmentStatus.ACCEPTED, "withdraw"): CommitmentStatus.WITHDRAWN,
    (CommitmentStatus.IN_PROGRESS, "withdraw"): CommitmentStatus.WITHDRAWN,
    (CommitmentStatus.DISPUTED, "withdraw"): CommitmentStatus.WITHDRAWN,
}
"""Commitment × what its department does, those who look at what was done, or those who assigned it → commitment."""

CLOSED = (CommitmentStatus.DONE, CommitmentStatus.VERIFIED, CommitmentStatus.DECLINED, CommitmentStatus.WITHDRAWN)
"""States in which nothing is left for the department to do."""

SETTLED = (CommitmentStatus.DONE, CommitmentStatus.VERIFIED, CommitmentStatus.WITHDRAWN)
"""States in which a commitment does not stand in the way of its topic's resolution: what was declined nobody does."""

ACTIONS = {"accepted": "accept", "declined": "decline", "progress": "progress", "completed": "complete"}
"""What a department does by its reply; what is not here moves no commitment."""

BEYOND: dict[str, frozenset[CommitmentStatus]] = {
    "accept": frozenset(
        {
            CommitmentStatus.ACCEPTED,
            CommitmentStatus.IN_PROGRESS,
            CommitmentStatus.DONE,
            CommitmentStatus.VERIFIED,
            CommitmentStatus.DISPUTED,
        }
    ),
    "decline": frozenset({CommitmentStatus.DECLINED}),
    "progress": frozenset({CommitmentStatus.DONE, CommitmentStatus.VERIFIED}),
    "complete": frozenset({CommitmentStatus.DONE, CommitmentStatus.VERIFIED}),
}
"""Action → the states in which it was taken already, say by staff, or is behind: a reply that says so contradicts
nothing, and moves its receipt alone."""


def takes(status: CommitmentStatus, action: str) -> bool:
    """Tell whether a reply's action moves the commitment; False where that is there already, or beyond it.

    Raises IllegalTransition where the reply contradicts what the commitment is.
    """
    if status in BEYOND[action] and (status, action) not in LIFECYCLE:
        return False
    advance(LIFECYCLE, "commitment", status, action)
    return True


FOLLOWED_UP = frozenset({TopicStatus.IMPLEMENTING, TopicStatus.RESOLVED})
"""States of a topic in which people can be asked how they find the fix."""
