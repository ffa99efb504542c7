from collections.abc import Mapping

from services.notices.enums import NoticeStatus, ReceiptStatus
from services.notices.events import NoticeReminder, ReplyRejected, SystemTest

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

RESUMED: dict[tuple[ReceiptStatus | None, str], ReceiptStatus] = {
    (ReceiptStatus.RECEIVED, "progress"): ReceiptStatus.IN_PROGRESS,
    (ReceiptStatus.RECEIVED, "completed"): ReceiptStatus.COMPLETED,
    (ReceiptStatus.DECLINED, "progress"): ReceiptStatus.IN_PROGRESS,
    (ReceiptStatus.DECLINED, "completed"): ReceiptStatus.COMPLETED,
    (ReceiptStatus.COMPLETED, "progress"): ReceiptStatus.IN_PROGRESS,
    (ReceiptStatus.COMPLETED, "completed"): ReceiptStatus.COMPLETED,
}
"""The same, where the work that the event is about takes the step that the reply says: it was accepted on another way,
or is taken up again. So a department can go on with its work whatever it has answered before."""

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

ANY_TYPE = "*"
RECEIPT_HOURS = {ANY_TYPE: 72, "topic.scheduled": 24, "topic.rescheduled": 24, "topic.cancelled": 24}
"""Hours from the broker's confirm until a department is expected to say that it has an event, by the event's type."""


def hours_to_answer(set_: Mapping[str, int], event: str) -> int:
    """Return the hours within which a department is expected to answer an event, by what an installation set."""
    patience = {**RECEIPT_HOURS, **set_}
    return patience.get(event, patience[ANY_TYPE])


NOT_REMINDED_OF = frozenset({NoticeReminder.type, ReplyRejected.type, SystemTest.type})
"""Types that a department may leave unanswered: no reminder of a reminder, and done with once they are sent."""
