from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, Index, text
from sqlmodel import Field

from services.core.bounds import HEADCOUNT, MINUTES, NAME, PROSE, TITLE
from services.core.history import keep_history
from services.core.tables import (
    GUARDED,
    INSTANT,
    REDACTABLE,
    KeyedModel,
    RedactableModel,
    TableModel,
    bounded,
    choice,
    latest_first,
)
from services.sessions.enums import ParticipantRole, SessionForm, SessionStatus

WITHOUT_MINUTES = text("held_at IS NOT NULL AND minutes IS NULL")
"""A session that was held and of which nobody wrote down what was said."""


class Session(RedactableModel, table=True):
    """A consultation session. `headcount` counts everyone present, named in attendances or not."""

    __table_args__ = (
        CheckConstraint("(status = 'HELD') = (held_at IS NOT NULL)", name="held_has_instant"),
        CheckConstraint("headcount IS NOT NULL OR NOT headcount_is_lower_bound", name="bound_has_headcount"),
        *bounded(headcount=HEADCOUNT, venue=TITLE, convener=NAME, minutes=MINUTES),
        Index("ix_session_division_number", "division_number"),
        Index("ix_session_platform_id", "platform_id", "scheduled_at", "id"),
        Index("ix_session_scheduled_at", "scheduled_at", "id"),
        Index("ix_session_held_at", *latest_first("held_at")),
        Index("ix_session_without_minutes", "held_at", postgresql_where=WITHOUT_MINUTES),
    )

    platform_id: UUID = Field(foreign_key="platform.id")
    division_number: int = Field(sa_type=BigInteger, foreign_key="division.number")
    status: SessionStatus = Field(sa_type=choice(SessionStatus, "status"))
    scheduled_at: datetime = Field(sa_type=INSTANT)
    held_at: datetime | None = Field(default=None, sa_type=INSTANT)
    venue: str = Field(sa_column_kwargs=REDACTABLE)
    form: SessionForm = Field(sa_type=choice(SessionForm, "form"))
    convener: str | None = Field(default=None, sa_column_kwargs=REDACTABLE)
    liaison_group_id: UUID | None = Field(default=None, foreign_key="liaison_group.id", index=True)
    headcount: int | None = None
    headcount_is_lower_bound: bool = False
    """True where the source says "more than"."""
    minutes: str | None = Field(default=None, sa_column_kwargs=REDACTABLE)


SESSION_HISTORY = keep_history(Session, "platform_id", "division_number")
"""What sessions were."""


class SessionTopic(TableModel, table=True):
    """A topic on a session's agenda."""

    __tablename__ = "session_topic"
    __table_args__ = (Index("ix_session_topic_topic_id", "topic_id", "session_id"),)

    session_id: UUID = Field(primary_key=True, foreign_key="session.id")
    topic_id: UUID = Field(primary_key=True, foreign_key="topic.id")
    position: int
    overdue_told_at: datetime | None = Field(default=None, sa_type=INSTANT)
    """When the topic's lead department was told that the minutes are missing."""


class Attendance(KeyedModel, table=True):
    """Somebody who came to a session, named or not."""

    __table_args__ = (
        CheckConstraint("position >= 1", name="position_positive"),
        *bounded(name=(NAME, "attendances", "name")),
        Index("uq_attendance_session_id_position", "session_id", "position", unique=True),
    )

    session_id: UUID = Field(foreign_key="session.id")
    position: int
    name: str | None = Field(default=None, sa_column_kwargs=GUARDED)
    role: ParticipantRole = Field(sa_type=choice(ParticipantRole, "role"))
    member_id: UUID | None = Field(default=None, foreign_key="member.id", index=True)
    department_id: UUID | None = Field(default=None, foreign_key="department.id", index=True)


class Opinion(RedactableModel, table=True):
    """What somebody said in a session or after it, on one of its topics or on all of them."""

    __table_args__ = (
        *bounded(text=PROSE),
        Index("ix_opinion_session_id", "session_id", "at", "id"),
        Index("ix_opinion_topic_id", "topic_id", "at", "id"),
    )

    session_id: UUID = Field(foreign_key="session.id")
    topic_id: UUID | None = Field(default=None, foreign_key="topic.id")
    role: ParticipantRole = Field(sa_type=choice(ParticipantRole, "role"))
    member_id: UUID | None = Field(default=None, foreign_key="member.id", index=True)
    at: datetime = Field(sa_type=INSTANT)
    text: str = Field(sa_column_kwargs=REDACTABLE)
