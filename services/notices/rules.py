from services.notices.enums import NoticeStatus, ReceiptStatus

REPLIES: dict[tuple[ReceiptStatus | None, str], ReceiptStatus] = {
    (None, "received"): ReceiptStatus.RECEIVED,
    (ReceiptStatus.RECEIVED, "accepted"): ReceiptStatus.ACCEPTED,
    (ReceiptStatus.RECEIVED, "declined"): ReceiptStatus.DECLINED,
    (ReceiptStatus.ACCEPTED, "progress"): ReceiptStatus.IN_PROGRESS,
    (ReceiptStatus.ACCEPTED, "completed"): ReceiptStatus.COMPLETED,
    (ReceiptStatus.IN_PROGRESS, "progress"): ReceiptStatus.IN_PROGRESS,
    (ReceiptStatus.IN_PROGRESS, "completed"): ReceiptStatus.COMPLETED,
}
"""Receipt × reply → receipt. What is not here is refused."""

LIFECYCLE: dict[tuple[NoticeStatus, str], NoticeStatus] = {
    (NoticeStatus.PARKED, "retry"): NoticeStatus.PENDING,
    (NoticeStatus.PENDING, "skip"): NoticeStatus.SKIPPED,
    (NoticeStatus.PARKED, "skip"): NoticeStatus.SKIPPED,
    (NoticeStatus.CONFIRMED, "replay"): NoticeStatus.PENDING,
    (NoticeStatus.SKIPPED, "replay"): NoticeStatus.PENDING,
}
"""Notice × operator's action → notice; what the relay makes of a pending one is not here."""

ANSWERED = frozenset({ReceiptStatus.RECEIVED, ReceiptStatus.DECLINED, ReceiptStatus.COMPLETED})
"""Receipts after which a department owes nothing: it said at least that it knows, and has no work in hand."""
