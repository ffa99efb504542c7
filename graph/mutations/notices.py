from collections.abc import Sequence
from uuid import UUID

import strawberry
from strawberry import ID

from graph.inputs.fields import bounded, refers_to
from graph.inputs.filters import DateTimeRange
from graph.mutations.verb import verb
from graph.types.departments import Department, Notice
from services.core.act import Act
from services.core.bounds import CODE, EVENTS, SKIP_REASON
from services.core.security import SecurityEvent
from services.notices import commands


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
