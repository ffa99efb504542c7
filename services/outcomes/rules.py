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
}
"""Commitment × what its department does, or those who look at what was done → commitment."""

CLOSED = (CommitmentStatus.DONE, CommitmentStatus.VERIFIED, CommitmentStatus.DECLINED)
"""States in which nothing is left for the department to do."""

ACTIONS = {"accepted": "accept", "declined": "decline", "progress": "progress", "completed": "complete"}
"""What a department does by its reply; what is not here moves no commitment."""

FOLLOWED_UP = frozenset({TopicStatus.IMPLEMENTING, TopicStatus.RESOLVED})
"""States of a topic in which people can be asked how they find the fix."""
