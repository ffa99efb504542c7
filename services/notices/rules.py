from services.notices.enums import ReceiptStatus

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
