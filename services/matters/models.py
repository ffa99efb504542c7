from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, Index, text
from sqlmodel import Field

from services.core.bounds import PROSE, SUBJECT, TITLE
from services.core.history import keep_history
from services.core.tables import GUARDED, INSTANT, REDACTABLE, RedactableModel, bounded, choice
from services.matters.enums import Category, MatterNature, MatterStatus, ParticipantRole

OPEN = text("topic_id IS NULL AND answered_at IS NULL")
"""A matter that still waits: neither taken into a topic nor answered nor declined."""


class Matter(RedactableModel, table=True):
    """Something that somebody raised at a platform.

    `subject` is who signed in to raise it, for them alone; null where it came in on another way. `answer` is what
    was answered, or why it was declined.
    """

    __table_args__ = (
        *bounded(title=TITLE, description=PROSE, answer=PROSE, subject=SUBJECT),
        CheckConstraint("(status <> 'RAISED') = (accepted_at IS NOT NULL)", name="accepted_has_instant"),
        CheckConstraint("(status IN ('ANSWERED', 'DECLINED')) = (answer IS NOT NULL)", name="answered_has_text"),
        CheckConstraint("(answer IS NULL) = (answered_at IS NULL)", name="answered_has_instant"),
        CheckConstraint("(status = 'LISTED') = (topic_id IS NOT NULL)", name="listed_has_topic"),
        CheckConstraint("version >= 1", name="version_positive"),
        Index("ix_matter_division_number", "division_number"),
        Index("ix_matter_platform_id", "platform_id", "raised_at", "id"),
        Index("ix_matter_raised_at", "raised_at", "id"),
        Index("ix_matter_topic_id", "topic_id", "raised_at", "id"),
        Index("ix_matter_subject", "subject", "raised_at", "id"),
        Index("ix_matter_open", "division_number", "raised_at", postgresql_where=OPEN),
    )

    title: str = Field(sa_column_kwargs=REDACTABLE)
    description: str = Field(sa_column_kwargs=REDACTABLE)
    nature: MatterNature | None = Field(default=None, sa_type=choice(MatterNature, "nature"))
    raised_by: ParticipantRole = Field(sa_type=choice(ParticipantRole, "raised_by"))
    subject: str | None = Field(default=None, sa_column_kwargs=GUARDED)
    raised_at: datetime = Field(sa_type=INSTANT)
    platform_id: UUID = Field(foreign_key="platform.id")
    division_number: int = Field(sa_type=BigInteger, foreign_key="division.number")
    category: Category = Field(sa_type=choice(Category, "category"))
    status: MatterStatus = Field(sa_type=choice(MatterStatus, "status"))
    version: int = 1
    accepted_at: datetime | None = Field(default=None, sa_type=INSTANT)
    answer: str | None = None
    answered_at: datetime | None = Field(default=None, sa_type=INSTANT)
    topic_id: UUID | None = Field(default=None, foreign_key="topic.id")


MATTER_HISTORY = keep_history(Matter, "topic_id", "platform_id", "division_number")
"""What matters were."""
