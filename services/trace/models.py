from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, LargeBinary, SmallInteger, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field

from services.core.tables import GUARDED, INSTANT, KeyedModel
from services.trace.rules import PLAIN_FORM, WORDS

DIGEST_SIZE = "octet_length({}) = 32"
SEALS = tuple(f"{name}_{part}" for name in WORDS for part in ("salt", "commitment"))
"""The columns of salts and commitments."""


class TraceChain(KeyedModel, table=True):
    """The head of a topic's or a matter's chain. Its row is locked to commit while an entry is appended.

    The database lets it go forward by one entry at a time, and neither back nor away.
    """

    __tablename__ = "trace_chain"
    __table_args__ = (
        UniqueConstraint("topic_id"),
        UniqueConstraint("matter_id"),
        CheckConstraint("num_nonnulls(topic_id, matter_id) = 1", name="one_subject"),
        CheckConstraint("last_sequence >= 0", name="last_sequence_not_negative"),
        CheckConstraint(DIGEST_SIZE.format("last_hash"), name="last_hash_size"),
    )

    topic_id: UUID | None = Field(default=None, foreign_key="topic.id")
    matter_id: UUID | None = Field(default=None, foreign_key="matter.id")
    last_sequence: int
    last_hash: bytes = Field(sa_type=LargeBinary)
    """The hash of the last entry; 32 zero bytes before the first."""


class TraceEntry(KeyedModel, table=True):
    """An act, its actor's role and its evidence. The database refuses every change of one but the erasing of words."""

    __tablename__ = "trace_entry"
    __table_args__ = (
        UniqueConstraint("chain_id", "sequence"),
        CheckConstraint("sequence >= 1", name="sequence_positive"),
        CheckConstraint("num_nonnulls(subject_kind, subject_id) <> 1", name="subject_whole"),
        CheckConstraint("length(summary) BETWEEN 1 AND 500", name="summary_length"),
        CheckConstraint("jsonb_typeof(evidence) = 'array'", name="evidence_list"),
        CheckConstraint(DIGEST_SIZE.format("previous_hash"), name="previous_hash_size"),
        CheckConstraint(DIGEST_SIZE.format("hash"), name="hash_size"),
        CheckConstraint("form IN (1, 2)", name="form"),
        CheckConstraint(
            "form = 1 OR summary_commitment IS NOT NULL AND (actor IS NULL) = (actor_commitment IS NULL)",
            name="committed",
        ),
        *(CheckConstraint(DIGEST_SIZE.format(name), name=f"{name}_size") for name in SEALS),
    )

    chain_id: UUID = Field(foreign_key="trace_chain.id")
    sequence: int
    at: datetime = Field(sa_type=INSTANT)
    act: str
    actor: str | None = Field(default=None, sa_column_kwargs=GUARDED)
    actor_role: str
    """The role in which the actor acted; SYSTEM where nobody did."""
    subject_kind: str | None = None
    subject_id: UUID | None = None
    """What was acted on, as in its global id."""
    summary: str
    evidence: list[dict[str, Any]] = Field(sa_type=JSONB)
    """Addresses and digests of the documents that the act rests on."""
    previous_hash: bytes = Field(sa_type=LargeBinary)
    hash: bytes = Field(sa_type=LargeBinary)
    form: int = Field(
        default=PLAIN_FORM, sa_type=SmallInteger, sa_column_kwargs={"server_default": text(str(PLAIN_FORM))}
    )
    """What the hash covers: the words themselves in the first form, commitments to them in the second."""
    actor_salt: bytes | None = Field(default=None, sa_type=LargeBinary, sa_column_kwargs=GUARDED)
    actor_commitment: bytes | None = Field(default=None, sa_type=LargeBinary, sa_column_kwargs=GUARDED)
    evidence_salt: bytes | None = Field(default=None, sa_type=LargeBinary, sa_column_kwargs=GUARDED)
    evidence_commitment: bytes | None = Field(default=None, sa_type=LargeBinary, sa_column_kwargs=GUARDED)
    summary_salt: bytes | None = Field(default=None, sa_type=LargeBinary, sa_column_kwargs=GUARDED)
    summary_commitment: bytes | None = Field(default=None, sa_type=LargeBinary, sa_column_kwargs=GUARDED)
    """Of each of the words a random salt, gone once the words are erased, and SHA-256 of the salt and the words."""
