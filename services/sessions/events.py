from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, ClassVar

from pydantic import Field

from services.notices.events import TopicEvent
from services.sessions.enums import SessionForm


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionEvent(TopicEvent):
    """A fact about a session that takes the topic."""

    session_id: Annotated[
        str,
        Field(
            description="The session's global id, as the GraphQL API takes it.",
            pattern="^session_",
            examples=["session_01a2078e-d9db-7166-982f-82ce016ade7f"],
        ),
    ]
    session_at: Annotated[
        datetime,
        Field(
            description="When it begins; of a postponed session, when it was to begin.",
            examples=["2026-11-30T01:00:00+00:00"],
        ),
    ]
    venue: Annotated[str, Field(description="Where people sit down.", examples=["土沃乡协商议事室"])]


@dataclass(frozen=True, slots=True, kw_only=True)
class TopicScheduled(SessionEvent):
    """A session that takes the topic stands in the calendar (安排议事会)."""

    type: ClassVar[str] = "topic.scheduled"
    trace: ClassVar[str] = "安排议事会:{session_at},{venue}"

    form: Annotated[
        SessionForm, Field(description="Where and how people sit down (会议形式).", examples=[SessionForm.ON_SITE])
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class TopicRescheduled(SessionEvent):
    """The session has another time or place, or is postponed without one (改期)."""

    type: ClassVar[str] = "topic.rescheduled"
    trace: ClassVar[str] = "议事会改期:{session_at},{venue}"

    postponed: Annotated[bool, Field(description="Whether no new time is set yet.", examples=[False])]


@dataclass(frozen=True, slots=True, kw_only=True)
class TopicCancelled(SessionEvent):
    """The session will not take place (取消议事会)."""

    type: ClassVar[str] = "topic.cancelled"
    trace: ClassVar[str] = "取消议事会:{session_at},{venue}"

    reason: Annotated[str, Field(description="Why.", examples=["道路因降雪中断。"])]


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionHeld(SessionEvent):
    """The parties sat down over the topic (召开议事会)."""

    type: ClassVar[str] = "session.held"
    trace: ClassVar[str] = "召开议事会:{held_at},{venue}"

    held_at: Annotated[datetime, Field(description="When it was held.", examples=["2026-11-30T01:05:00+00:00"])]
    headcount: Annotated[
        Annotated[int, Field(ge=0)] | None,
        Field(description="How many came; null where nobody counted (参与人次).", examples=[12]),
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionCorrected(SessionEvent):
    """What is recorded of the session was put right; departments are told where they were told it (更正议事会记录)."""

    type: ClassVar[str] = "session.corrected"
    trace: ClassVar[str] = "更正议事会记录:{corrections}"

    held_at: Annotated[datetime, Field(description="When it was held.", examples=["2026-11-30T01:05:00+00:00"])]
    headcount: Annotated[
        int | None, Field(description="How many came; null where nobody counted (参与人次).", ge=0, examples=[21])
    ]
    reason: Annotated[str, Field(description="Why.", examples=["签到表漏计九人。"])]


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionOverdue(SessionEvent):
    """The session was held and its minutes are missing; only the lead department is told, once (会议记录超期)."""

    type: ClassVar[str] = "session.overdue"

    held_at: Annotated[datetime, Field(description="When it was held.", examples=["2026-11-30T01:05:00+00:00"])]


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionMinuted(TopicEvent):
    """The minutes of a session that was held are there."""

    type: ClassVar[str] = "session.minuted"
    trace: ClassVar[str] = "整理议事会记录"

    session_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OpinionAdded(TopicEvent):
    """Somebody has an opinion on the topic after its session."""

    type: ClassVar[str] = "opinion.added"
    trace: ClassVar[str] = "补充意见"

    opinion_id: str
