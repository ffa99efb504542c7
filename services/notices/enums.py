from enum import StrEnum


class NoticeStatus(StrEnum):
    """Fate of a notice: waiting, taken by the broker, parked for an operator, skipped (通知状态).

    PARKED waits for an operator and holds back its own lane only.
    """

    PENDING = "PENDING"
    CONFIRMED = "CONFIRMED"
    PARKED = "PARKED"
    SKIPPED = "SKIPPED"


class ReceiptStatus(StrEnum):
    """A department's answer: 已收到, 已受理, 不受理, 办理中, 已办结."""

    RECEIVED = "RECEIVED"
    ACCEPTED = "ACCEPTED"
    DECLINED = "DECLINED"
    IN_PROGRESS = "IN_PROGRESS"
    COMPLETED = "COMPLETED"
