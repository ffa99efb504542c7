from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, Index, text
from sqlmodel import Field

from services.core.actor import Role
from services.core.bounds import SUBJECT, TOKEN_ID
from services.core.tables import GUARDED, INSTANT, KeyedModel, bounded, choice


class RoleGrant(KeyedModel, table=True):
    """A role that a subject was given over a division's subtree, or for a department; kept when it is taken back."""

    __tablename__ = "role_grant"
    __table_args__ = (
        CheckConstraint("(role = 'DEPARTMENT') = (department_id IS NOT NULL)", name="department_has_role"),
        *bounded(subject=SUBJECT),
        CheckConstraint("(revoked_at IS NULL) = (revoked_by IS NULL)", name="revoked_by_somebody"),
        Index(
            "uq_role_grant_current",
            "subject",
            "role",
            "division_number",
            "department_id",
            unique=True,
            postgresql_where=text("revoked_at IS NULL"),
            postgresql_nulls_not_distinct=True,
        ),
        Index("ix_role_grant_division_number", "division_number"),
    )

    subject: str = Field(sa_column_kwargs=GUARDED)
    role: Role = Field(sa_type=choice(Role, "role"))
    division_number: int = Field(sa_type=BigInteger, foreign_key="division.number")
    """The place; for a department its own."""
    department_id: UUID | None = Field(default=None, foreign_key="department.id")
    granted_by: str = Field(sa_column_kwargs=GUARDED)
    granted_at: datetime = Field(sa_type=INSTANT)
    revoked_by: str | None = Field(default=None, sa_column_kwargs=GUARDED)
    revoked_at: datetime | None = Field(default=None, sa_type=INSTANT)


class Revocation(KeyedModel, table=True):
    """A token, by its id, or all tokens of a subject, that are refused."""

    __tablename__ = "revocation"
    __table_args__ = (
        CheckConstraint("(token_id IS NULL) <> (subject IS NULL)", name="token_or_subject"),
        *bounded(token_id=TOKEN_ID, subject=SUBJECT),
        Index("uq_revocation_token_id", "token_id", unique=True),
        Index("uq_revocation_subject", "subject", unique=True),
    )

    token_id: str | None = Field(default=None, sa_column_kwargs=GUARDED)
    subject: str | None = Field(default=None, sa_column_kwargs=GUARDED)
    until: datetime | None = Field(default=None, sa_type=INSTANT)
    """When it ends; for good where it is null."""
    revoked_by: str = Field(sa_column_kwargs=GUARDED)
    revoked_at: datetime = Field(sa_type=INSTANT)
