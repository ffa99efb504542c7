from datetime import date, datetime
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, Index, UniqueConstraint, text
from sqlmodel import Field

from services.core.bounds import AGREEMENT, NAME, NOTE, PERCENT, SCORE, SUBJECT, TITLE
from services.core.history import keep_history
from services.core.tables import GUARDED, INSTANT, REDACTABLE, RedactableModel, bounded, choice, redactable_since
from services.outcomes.enums import CommitmentStatus, ConversionKind, FollowUpChannel
from services.outcomes.rules import CLOSED
from services.sessions.enums import ParticipantRole

OPEN = text(" AND ".join(f"status <> '{state}'" for state in CLOSED))
"""A commitment that is still to be fulfilled."""
TO_TELL = text(f"{OPEN} AND overdue_told IS DISTINCT FROM due_on")
"""One whose department may still have to be told that it is due."""


class Outcome(RedactableModel, table=True):
    """What the parties agreed on over a topic, in a session or after it."""

    __table_args__ = (
        *bounded(agreement=AGREEMENT),
        Index("ix_outcome_division_number", "division_number"),
        Index("ix_outcome_topic_id", "topic_id", "reached_on", "id"),
        Index("ix_outcome_reached_on", "reached_on", "id"),
    )

    topic_id: UUID = Field(foreign_key="topic.id")
    session_id: UUID | None = Field(default=None, foreign_key="session.id", index=True)
    division_number: int = Field(sa_type=BigInteger, foreign_key="division.number")
    agreement: str = Field(sa_column_kwargs=REDACTABLE)
    reached_on: date


OUTCOME_HISTORY = keep_history(Outcome, "topic_id", "session_id", "division_number")
"""What outcomes were before they were put right."""


class Commitment(RedactableModel, table=True):
    """What a department or company promised to do about an outcome."""

    __table_args__ = (
        *bounded(task=NOTE),
        Index("ix_commitment_division_number", "division_number"),
        Index("ix_commitment_outcome_id", "outcome_id", "id"),
        Index("ix_commitment_department_id", "department_id", "id"),
        Index("ix_commitment_due_on", "due_on", "id"),
        Index("ix_commitment_assigned_at", "assigned_at", "id"),
        Index(
            "ix_commitment_open",
            "division_number",
            "due_on",
            postgresql_where=OPEN,
        ),
        Index("ix_commitment_to_tell", "due_on", postgresql_where=TO_TELL),
    )

    outcome_id: UUID = Field(foreign_key="outcome.id")
    topic_id: UUID = Field(foreign_key="topic.id", index=True)
    department_id: UUID = Field(foreign_key="department.id")
    division_number: int = Field(sa_type=BigInteger, foreign_key="division.number")
    task: str = Field(sa_column_kwargs=REDACTABLE)
    due_on: date | None = None
    status: CommitmentStatus = Field(sa_type=choice(CommitmentStatus, "status"))
    assigned_at: datetime = Field(sa_type=INSTANT)
    answered_at: datetime | None = Field(default=None, sa_type=INSTANT)
    """When its department accepted or declined it."""
    completed_at: datetime | None = Field(default=None, sa_type=INSTANT)
    """When it was last called done, unless that is disputed."""
    due_told: date | None = None
    """The due date that the department was told is near; of another one it is told anew."""
    overdue_told: date | None = None
    """The due date that it was told is past."""


COMMITMENT_HISTORY = keep_history(Commitment, "outcome_id", "topic_id", "department_id", "division_number")
"""What commitments were, but for what their departments were told of."""


class Progress(RedactableModel, table=True):
    """A department's report on a commitment."""

    __table_args__ = (
        *bounded(percent=PERCENT, note=NOTE),
        Index("ix_progress_commitment_id", "commitment_id", "at", "id"),
    )

    commitment_id: UUID = Field(foreign_key="commitment.id")
    at: datetime = Field(sa_type=INSTANT)
    percent: int | None = None
    note: str = Field(sa_column_kwargs=REDACTABLE)


class Verdict(RedactableModel, table=True):
    """What somebody who looked says of a commitment that was called done: that it is, or why it is not."""

    __table_args__ = (
        CheckConstraint("fulfilled OR note IS NOT NULL", name="dispute_has_reason"),
        *bounded(note=NOTE),
        Index("ix_verdict_commitment_id", "commitment_id", "at", "id"),
    )

    commitment_id: UUID = Field(foreign_key="commitment.id")
    at: datetime = Field(sa_type=INSTANT)
    role: ParticipantRole = Field(sa_type=choice(ParticipantRole, "role"))
    fulfilled: bool
    note: str | None = Field(default=None, sa_column_kwargs=REDACTABLE)


class Conversion(RedactableModel, table=True):
    """A document that an outcome or an opinion became. A source has one of each kind, however often it is used."""

    __table_args__ = (
        CheckConstraint("num_nonnulls(outcome_id, opinion_id) = 1", name="one_source"),
        *bounded(title=TITLE),
        UniqueConstraint("outcome_id", "kind"),
        UniqueConstraint("opinion_id", "kind"),
        Index("ix_conversion_division_number", "division_number"),
    )

    kind: ConversionKind = Field(sa_type=choice(ConversionKind, "kind"))
    title: str = Field(sa_column_kwargs=REDACTABLE)
    submitted_on: date
    filed: bool | None = None
    """Whether a case was opened on it (立案); null until that is decided."""
    author_id: UUID | None = Field(default=None, foreign_key="member.id", index=True)
    outcome_id: UUID | None = Field(default=None, foreign_key="outcome.id")
    opinion_id: UUID | None = Field(default=None, foreign_key="opinion.id")
    platform_id: UUID = Field(foreign_key="platform.id", index=True)
    division_number: int = Field(sa_type=BigInteger, foreign_key="division.number")


CONVERSION_HISTORY = keep_history(Conversion, "outcome_id", "opinion_id", "division_number", "platform_id")
"""What conversions were before it was decided whether a case is opened on them."""


class FollowUp(RedactableModel, table=True):
    """What somebody says of a topic's fix when asked later: one standing answer of each person, with its versions."""

    __tablename__ = "follow_up"
    __table_args__ = (
        *bounded(score=SCORE, comment=NOTE, respondent=NAME, subject=SUBJECT),
        CheckConstraint("(channel = 'ONLINE') = (recorded_by IS NULL)", name="recorded_by_staff"),
        CheckConstraint("recorded_by IN ('CADRE', 'SECRETARIAT')", name="recorded_by"),
        CheckConstraint("subject IS NULL OR recorded_by IS NULL", name="own_has_subject"),
        CheckConstraint("respondent IS NULL OR recorded_by IS NOT NULL", name="recorded_has_respondent"),
        UniqueConstraint("topic_id", "subject"),
        UniqueConstraint("topic_id", "respondent"),
        Index("ix_follow_up_division_number", "division_number"),
        Index("ix_follow_up_topic_id", "topic_id", "at", "id"),
    )

    topic_id: UUID = Field(foreign_key="topic.id")
    division_number: int = Field(sa_type=BigInteger, foreign_key="division.number")
    at: datetime = Field(sa_type=INSTANT)
    role: ParticipantRole = Field(sa_type=choice(ParticipantRole, "role"))
    score: int
    confirms_fix: bool
    comment: str | None = Field(default=None, sa_column_kwargs=redactable_since("at"))
    channel: FollowUpChannel = Field(sa_type=choice(FollowUpChannel, "channel"))
    subject: str | None = Field(default=None, sa_column_kwargs=GUARDED)
    """Who answered themselves, as their tokens call them; nobody reads it."""
    recorded_by: str | None = Field(default=None, sa_column_kwargs=GUARDED)
    """The role of the staff who wrote down what somebody else said."""
    respondent: str | None = Field(default=None, sa_column_kwargs=GUARDED)
    """What that staff calls whom they asked, so that one is told from another."""


FOLLOW_UP_HISTORY = keep_history(FollowUp, "topic_id", "division_number")
"""What people said before they answered again."""
