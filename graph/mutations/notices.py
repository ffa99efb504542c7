from collections.abc import Sequence
from uuid import UUID

import strawberry
from strawberry import ID

from graph.enums import ReceiptStatus
from graph.inputs.fields import bounded, refers_to
from graph.inputs.filters import DateTimeRange
from graph.mutations.evidence import EvidenceInput
from graph.mutations.verb import verb
from graph.types.departments import Department, Notice
from services.core.act import Act
from services.core.bounds import CODE, DOCUMENTS, EVENTS, NOTE, PERCENT, SKIP_REASON
from services.core.security import SecurityEvent
from services.notices import commands
from services.outcomes.receipts import answer_notice


@verb(commands.send_test_notice, gives=Notice, event=SecurityEvent.OPERATOR_ACTED)
class SendTestNotice:
    """Try a department's way on the broker (测试通知): a `system.test` that it is to answer."""

    department: str = bounded(CODE)


async def replay_notices(
    act: Act, *, department: str, event_ids: Sequence[UUID] | None, occurred: DateTimeRange | None
) -> UUID:
    """Replay notices as the command does, of events that occurred in a range. Returns the department's id."""
    replayed = await commands.replay_notices(
        act,
        department=department,
        events=event_ids,
        since=(occurred.from_ or None) if occurred else None,
        until=(occurred.until or None) if occurred else None,
    )
    return replayed.department_id


@verb(replay_notices, gives=Department, event=SecurityEvent.OPERATOR_ACTED)
class ReplayNotices:
    """Send a department what it was sent before (重发通知), with the same ids and the attribute `replay`."""

    department: str = bounded(CODE)
    events: list[ID] | None = refers_to(
        "event", "Which, by event; skipped ones too. Without, all that were delivered.", bound=EVENTS
    )
    occurred: DateTimeRange | None = strawberry.field(description="Of events that occurred then; not beside `events`.")


@verb(commands.retry_notice, gives=Notice, event=SecurityEvent.OPERATOR_ACTED)
class RetryNotice:
    """Send a parked notice once more (重试通知); its lane goes on with it."""

    notice: ID = refers_to("notice")


@verb(commands.skip_notice, gives=Notice, event=SecurityEvent.OPERATOR_ACTED)
class SkipNotice:
    """Decide that a waiting notice is not sent (跳过通知); its lane goes on without it."""

    notice: ID = refers_to("notice")
    reason: str = bounded(SKIP_REASON, private=True)


@verb(answer_notice, gives=Notice)
class AnswerNotice:
    """Answer a notice (回执), for its department, as a reply over AMQP does.

    It is received, then accepted or declined, then in progress any number of times, then completed. An answer to
    `commitment.assigned` or `commitment.disputed` moves the commitment too.
    """

    notice: ID = refers_to("notice")
    receipt: ReceiptStatus = strawberry.field(description="What the receipt becomes.")
    note: str | None = bounded(NOTE, "Why it is declined, or how far the work is; the receipt's note.")
    percent: int | None = bounded(PERCENT, "Of a commitment's work, with IN_PROGRESS.")
    evidence: list[EvidenceInput] | None = bounded(
        DOCUMENTS, "With IN_PROGRESS and COMPLETED; the receipt shows the first, the trace all."
    )
