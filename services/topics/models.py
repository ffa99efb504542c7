from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, Index, text
from sqlmodel import Field

from services.core.bounds import NOTE, PROSE, SUBJECT, TITLE, URL
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
    redactable_since,
)
from services.topics.enums import Category, InvolvementRole, TopicKind, TopicStatus


class Topic(RedactableModel, table=True):
    """A topic of consultation.

    `next_session_at` is when the earliest session begins that is to take it, `scheduled_at` the same, else when the
    last one that was held stood in the calendar; both are settled with every change of a session. `subject` is who
    signed in to propose it, for them alone; null where it came in on another way.
    """

    __table_args__ = (
        CheckConstraint("number ~ '^[A-Z0-9-]+$'", name="number_form"),
        *bounded(title=TITLE, summary=PROSE, resolution=(PROSE, "summary"), subject=SUBJECT),
        CheckConstraint("version >= 1", name="version_positive"),
        CheckConstraint("status IN ('PROPOSED', 'WITHDRAWN') OR listed_at IS NOT NULL", name="listed_has_instant"),
        CheckConstraint("(status = 'RESOLVED') = (resolved_at IS NOT NULL)", name="resolved_has_instant"),
        CheckConstraint("(status = 'WITHDRAWN') = (withdrawn_at IS NOT NULL)", name="withdrawn_has_instant"),
        CheckConstraint(
            "next_session_at IS NULL OR scheduled_at IS NOT DISTINCT FROM next_session_at",
            name="scheduled_for_next_session",
        ),
        Index("ix_topic_division_number", "division_number"),
        Index("ix_topic_platform_id", "platform_id", "number"),
        Index("ix_topic_proposed_at", "proposed_at", "id"),
        Index("ix_topic_scheduled_at", "scheduled_at", "id"),
        Index("ix_topic_listed_at", *latest_first("listed_at")),
        Index("ix_topic_unpublished", "division_number", postgresql_where=text("listed_at IS NULL")),
    )

    number: str = Field(unique=True)
    title: str = Field(sa_column_kwargs=REDACTABLE)
    summary: str | None = Field(default=None, sa_column_kwargs=REDACTABLE)
    kind: TopicKind = Field(sa_type=choice(TopicKind, "kind"))
    category: Category = Field(sa_type=choice(Category, "category"))
    status: TopicStatus = Field(sa_type=choice(TopicStatus, "status"))
    version: int = 1
    platform_id: UUID = Field(foreign_key="platform.id")
    division_number: int = Field(sa_type=BigInteger, foreign_key="division.number")
    proposed_at: datetime = Field(sa_type=INSTANT)
    listed_at: datetime | None = Field(default=None, sa_type=INSTANT)
    scheduled_at: datetime | None = Field(default=None, sa_type=INSTANT)
    next_session_at: datetime | None = Field(default=None, sa_type=INSTANT)
    resolved_at: datetime | None = Field(default=None, sa_type=INSTANT)
    withdrawn_at: datetime | None = Field(default=None, sa_type=INSTANT)
    resolution: str | None = Field(default=None, sa_column_kwargs=redactable_since("resolved_at"))
    subject: str | None = Field(default=None, sa_column_kwargs=GUARDED)


TOPIC_HISTORY = keep_history(Topic, "number", "platform_id", "division_number")
"""What topics were."""


class TopicNumber(TableModel, table=True):
    """The last running number that a county gave to a topic in a year."""

    __tablename__ = "topic_number"

    county_code: str = Field(primary_key=True)
    year: int = Field(primary_key=True)
    last: int


class Involvement(KeyedModel, table=True):
    """A department's part in a topic, from `since` until it was released.

    `published` says that everybody sees the topic; triggers keep it.
    """

    __table_args__ = (
        CheckConstraint("until >= since", name="until_after_since"),
        Index(
            "uq_involvement_current",
            "topic_id",
            "department_id",
            unique=True,
            postgresql_where=text("until IS NULL"),
        ),
        Index(
            "uq_involvement_one_lead",
            "topic_id",
            unique=True,
            postgresql_where=text("until IS NULL AND role = 'LEAD'"),
        ),
        Index("ix_involvement_department_id", "department_id", "topic_id"),
        Index("ix_involvement_topic_id", "topic_id"),
    )

    topic_id: UUID = Field(foreign_key="topic.id")
    department_id: UUID = Field(foreign_key="department.id")
    role: InvolvementRole = Field(sa_type=choice(InvolvementRole, "role"))
    since: datetime = Field(sa_type=INSTANT)
    until: datetime | None = Field(default=None, sa_type=INSTANT)
    published: bool = Field(default=False, sa_column_kwargs={"server_default": text("false")})


class Evidence(RedactableModel, table=True):
    """What shows that a topic is resolved or a commitment done: a document's address and its digest."""

    __table_args__ = (
        CheckConstraint("num_nonnulls(topic_id, commitment_id) = 1", name="one_subject"),
        CheckConstraint("sha256 ~ '^[0-9a-f]{64}$'", name="sha256_form"),
        *bounded(url=(URL, "evidence", "url"), note=(NOTE, "evidence", "note")),
        Index("ix_evidence_topic_id", "topic_id", "at", "id"),
        Index("ix_evidence_commitment_id", "commitment_id", "at", "id"),
    )

    topic_id: UUID | None = Field(default=None, foreign_key="topic.id")
    commitment_id: UUID | None = Field(default=None, foreign_key="commitment.id")
    at: datetime = Field(sa_type=INSTANT)
    url: str = Field(sa_column_kwargs=REDACTABLE)
    sha256: str | None = None
    note: str | None = Field(default=None, sa_column_kwargs=REDACTABLE)
