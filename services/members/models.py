from uuid import UUID

from sqlalchemy import BigInteger, Index, UniqueConstraint
from sqlmodel import Field

from services.core.bounds import NAME, SUBJECT
from services.core.tables import GUARDED, KeyedModel, bounded


class Committee(KeyedModel, table=True):
    """The political consultative conference's committee of a division."""

    __table_args__ = bounded(name=NAME)

    name: str
    division_number: int = Field(sa_type=BigInteger, foreign_key="division.number", unique=True)


class LiaisonGroup(KeyedModel, table=True):
    """Members of a committee who serve one street or town."""

    __tablename__ = "liaison_group"
    __table_args__ = bounded(name=NAME)

    name: str
    committee_id: UUID = Field(foreign_key="committee.id", index=True)
    division_number: int = Field(sa_type=BigInteger, foreign_key="division.number", index=True)


class Member(KeyedModel, table=True):
    """A member of a committee. The name is a label in demonstration data."""

    __table_args__ = (
        *bounded(name=NAME, sector=NAME, subject=SUBJECT),
        UniqueConstraint("committee_id", "subject"),
        Index("ix_member_name", "name", "id"),
    )

    name: str
    sector: str
    committee_id: UUID = Field(foreign_key="committee.id", index=True)
    liaison_group_id: UUID | None = Field(default=None, foreign_key="liaison_group.id", index=True)
    division_number: int = Field(sa_type=BigInteger, foreign_key="division.number", index=True)
    subject: str | None = Field(default=None, index=True, sa_column_kwargs=GUARDED)
    """What tokens that speak for the member call them; nobody reads it."""
