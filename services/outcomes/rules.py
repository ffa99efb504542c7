from services.outcomes.enums import CommitmentStatus

LIFECYCLE: dict[tuple[CommitmentStatus, str], CommitmentStatus] = {
    (CommitmentStatus.ASSIGNED, "accept"): CommitmentStatus.ACCEPTED,
    (CommitmentStatus.ASSIGNED, "decline"): CommitmentStatus.DECLINED,
    (CommitmentStatus.ACCEPTED, "progress"): CommitmentStatus.IN_PROGRESS,
    (CommitmentStatus.ACCEPTED, "complete"): CommitmentStatus.DONE,
    (CommitmentStatus.IN_PROGRESS, "progress"): CommitmentStatus.IN_PROGRESS,
    (CommitmentStatus.IN_PROGRESS, "complete"): CommitmentStatus.DONE,
}
"""Commitment × what its department does → commitment."""

CLOSED = (CommitmentStatus.DONE, CommitmentStatus.VERIFIED, CommitmentStatus.DECLINED)
"""States in which nothing is left for the department to do."""

ACTIONS = {"accepted": "accept", "declined": "decline", "progress": "progress", "completed": "complete"}
"""What a department does by its reply to `commitment.assigned`; what is not here moves no commitment."""
