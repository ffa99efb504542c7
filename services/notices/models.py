from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, Identity, Index, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field

from services.core.bounds import MESSAGE_ID, NOTE, SKIP_REASON, SOURCE, URL
from services.core.tables import GUARDED, INSTANT, KeyedModel, TableModel, bounded, choice
from services.notices.enums import NoticeStatus, ReceiptStatus


def position_index(table: str) -> Index:
    """Return the unique index of the positions of a table's rows in the feed.

    It is partial so that no foreign key can refer to it: else assigning a position would wait for everybody who
    writes a row that refers to this one.
    """
    return Index(f"uq_{table}_position", "position", unique=True, postgresql_where=text("position IS NOT NULL"))


class Event(KeyedModel, table=True):
    """A fact, written in the transaction that made it true. Never changed but for its position in the feed."""

    __table_args__ = (
        CheckConstraint("octet_length(data::text) <= 61440", name="data_size"),
        Index("ix_event_topic_id", "topic_id", "id"),
        Index("ix_event_occurred_at", "occurred_at", "id"),
        Index("ix_event_unplaced", "arrival", postgresql_where=text("position IS NULL")),
        position_index("event"),
    )

    type: str
    topic_id: UUID | None = Field(default=None, foreign_key="topic.id")
    division_number: int = Field(sa_type=BigInteger, foreign_key="division.number")
    subject: str | None = None
    occurred_at: datetime = Field(sa_type=INSTANT)
    actor: str | None = Field(default=None, sa_column_kwargs=GUARDED)
    data: dict[str, Any] = Field(sa_type=JSONB, sa_column_kwargs=GUARDED)
    traceparent: str | None = None
    causation_id: UUID | None = None
    arrival: int | None = Field(default=None, sa_type=BigInteger, nullable=False, sa_column_args=(Identity(),))
    """Taken while the topic is locked, hence ascending in commit order within a topic; has gaps."""
    position: int | None = Field(default=None, sa_type=BigInteger)
    """Position in the feed, assigned after the commit."""


class Lane(TableModel, table=True):
    """The order of a department's notices about a topic. Its row is locked to commit while a number is taken."""

    __table_args__ = (
        UniqueConstraint("department_id", "topic_id", postgresql_nulls_not_distinct=True),
        CheckConstraint("last_sequence >= 0", name="last_sequence_not_negative"),
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=BigInteger, sa_column_args=(Identity(),))
    department_id: UUID = Field(foreign_key="department.id")
    topic_id: UUID | None = Field(default=None, foreign_key="topic.id")
    last_sequence: int = 0


class Delivery(KeyedModel, table=True):
    """An event on its way to one department: the truth of the outbox and the row behind a notice."""

    __table_args__ = (
        UniqueConstraint("event_id", "department_id"),
        UniqueConstraint("lane_id", "sequence"),
        CheckConstraint("sequence >= 1", name="sequence_positive"),
        CheckConstraint("attempts >= 0", name="attempts_not_negative"),
        CheckConstraint("(status = 'CONFIRMED') = (confirmed_at IS NOT NULL)", name="confirmed_has_instant"),
        CheckConstraint(
            "(receipt IS NULL) = (receipt_at IS NULL)",
            name="receipt_has_instant",
        ),
        CheckConstraint("replays >= 0 AND (replays > 0) = (replayed_at IS NOT NULL)", name="replays_have_instant"),
        CheckConstraint("(status = 'SKIPPED') = (skipped_at IS NOT NULL)", name="skipped_has_instant"),
        CheckConstraint("(skipped_at IS NOT NULL) = (skip_reason IS NOT NULL)", name="skip_has_reason"),
        *bounded(skip_reason=(SKIP_REASON, "reason"), receipt_note=(NOTE, "note"), receipt_evidence_url=URL),
        Index(
            "ix_delivery_waiting",
            "lane_id",
            "sequence",
            postgresql_where=text("status IN ('PENDING', 'PARKED')"),
        ),
        Index(
            "ix_delivery_unanswered",
            "confirmed_at",
            postgresql_where=text("status = 'CONFIRMED' AND receipt IS NULL AND alerted_at IS NULL"),
        ),
        Index("ix_delivery_department_id", "department_id", "id"),
        Index("ix_delivery_unplaced", "id", postgresql_where=text("position IS NULL")),
        position_index("delivery"),
    )

    event_id: UUID = Field(foreign_key="event.id")
    department_id: UUID = Field(foreign_key="department.id")
    lane_id: int = Field(sa_type=BigInteger, foreign_key="lane.id")
    sequence: int
    role: str | None = None
    """The department's part in the topic when the event occurred."""
    status: NoticeStatus = Field(
        default=NoticeStatus.PENDING,
        sa_type=choice(NoticeStatus, "status"),
    )
    attempts: int = 0
    confirmed_at: datetime | None = Field(default=None, sa_type=INSTANT)
    last_error: str | None = Field(default=None, sa_column_kwargs=GUARDED)
    receipt: ReceiptStatus | None = Field(
        default=None,
        sa_type=choice(ReceiptStatus, "receipt"),
    )
    receipt_at: datetime | None = Field(default=None, sa_type=INSTANT)
    receipt_note: str | None = Field(default=None, sa_column_kwargs=GUARDED)
    receipt_evidence_url: str | None = Field(default=None, sa_column_kwargs=GUARDED)
    replays: int = 0
    """How often an operator put it back; the message says which time it is."""
    replayed_at: datetime | None = Field(default=None, sa_type=INSTANT)
    skipped_at: datetime | None = Field(default=None, sa_type=INSTANT)
    skipped_by: str | None = Field(default=None, sa_column_kwargs=GUARDED)
    skip_reason: str | None = Field(default=None, sa_column_kwargs=GUARDED)
    reminded_at: datetime | None = Field(default=None, sa_type=INSTANT)
    """When the department was reminded that it has not answered."""
    alerted_at: datetime | None = Field(default=None, sa_type=INSTANT)
    """When the operators were told so."""
    position: int | None = Field(default=None, sa_type=BigInteger)
    """Position of its last change in the feed; the database clears it when its status or receipt changes."""


class Restoration(TableModel, table=True):
    """The database was restored to an earlier moment: from then on no lane gives a number below `first_sequence`."""

    __table_args__ = (
        CheckConstraint("first_sequence >= 1", name="first_sequence_positive"),
        Index("ix_restoration_first_sequence", "first_sequence"),
    )

    restored_to: datetime = Field(primary_key=True, sa_type=INSTANT)
    told_at: datetime = Field(sa_type=INSTANT)
    first_sequence: int


class InboxMessage(TableModel, table=True):
    """A reply that was taken in: the same CloudEvent, by its source and id, of the same department counts once."""

    __tablename__ = "inbox_message"
    __table_args__ = bounded(source=SOURCE, message_id=(MESSAGE_ID, "id"))

    department_id: UUID = Field(primary_key=True, foreign_key="department.id")
    source: str = Field(primary_key=True)
    message_id: str = Field(primary_key=True)
    received_at: datetime = Field(sa_type=INSTANT)
    digest: bytes | None = None
    """SHA-256 of what it says; null of one that was taken in before this was kept."""
