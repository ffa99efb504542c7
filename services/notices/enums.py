from enum import StrEnum


class NoticeStatus(StrEnum):
    """Fate of a delivery. PARKED waits for an operator and holds back its own lane only."""

    PENDING = "PENDING"
    CONFIRMED = "CONFIRMED"
    PARKED = "PARKED"
    SKIPPED = "SKIPPED"


class ReceiptStatus(StrEnum):
    """A department's latest answer to a notice."""

    RECEIVED = "RECEIVED"
    ACCEPTED = "ACCEPTED"
    DECLINED = "DECLINED"
    IN_PROGRESS = "IN_PROGRESS"
    COMPLETED = "COMPLETED"
