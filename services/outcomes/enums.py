from enum import StrEnum


class CommitmentStatus(StrEnum):
    """State of a commitment."""

    ASSIGNED = "ASSIGNED"
    ACCEPTED = "ACCEPTED"
    DECLINED = "DECLINED"
    IN_PROGRESS = "IN_PROGRESS"
    DONE = "DONE"
    VERIFIED = "VERIFIED"
    DISPUTED = "DISPUTED"
