"""A consultation that is held and comes to an agreement, played by commands."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any
from uuid import UUID

from services.outcomes.commands import record_outcome
from services.sessions.commands import schedule_session
from services.sessions.enums import ParticipantRole, SessionForm
from services.sessions.held import Attended, record_session


async def agreed(act: Callable[..., Awaitable[Any]], platform: UUID, topic: UUID, at: datetime) -> tuple[UUID, UUID]:
    """Take a listed topic to its outcome; return the session's key and the outcome's. `act` runs a command."""
    session = await act(
        schedule_session, platform_id=platform, topic_ids=[topic], scheduled_at=at, venue="议事厅",
        form=SessionForm.ON_SITE, convener=None, liaison_group_id=None,
    )  # fmt: skip
    await act(
        record_session, session_id=session, held_at=None, minutes=None, headcount=12, headcount_is_lower_bound=True,
        attendances=[Attended(ParticipantRole.RESIDENT)], opinions=[],
    )  # fmt: skip
    outcome = await act(
        record_outcome, topic_id=topic, session_id=session, agreement="修路", reached_on=None, expected_version=None
    )
    return session, outcome
