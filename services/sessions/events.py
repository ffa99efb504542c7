from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from services.notices.events import TopicEvent


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionEvent(TopicEvent):
    """A fact about a session that takes the topic."""

    session_id: str
    session_at: datetime
    venue: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TopicScheduled(SessionEvent):
    """A session that takes the topic stands in the calendar."""

    type: ClassVar[str] = "topic.scheduled"

    form: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TopicRescheduled(SessionEvent):
    """The session has another time or place, or is postponed without one."""

    type: ClassVar[str] = "topic.rescheduled"

    postponed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class TopicCancelled(SessionEvent):
    """The session will not take place."""

    type: ClassVar[str] = "topic.cancelled"

    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionHeld(SessionEvent):
    """The parties sat down over the topic."""

    type: ClassVar[str] = "session.held"

    held_at: datetime
    headcount: int | None
