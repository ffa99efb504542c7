from datetime import date

from sqlalchemy import BigInteger, Column, Integer, Table
from sqlmodel import Field, SQLModel

from services.topics.enums import Category, TopicKind, TopicStatus


def of_kind(kind: TopicKind) -> str:
    """Return the column that counts listed topics of a kind."""
    return f"topics_{kind.value.lower()}"


def of_status(status: TopicStatus) -> str:
    """Return the column that counts listed topics in a state."""
    return f"status_{status.value.lower()}"


def of_category(category: Category) -> str:
    """Return the column that counts listed topics of a category."""
    return f"category_{category.value.lower()}"


COUNTERS = (
    *(of_kind(kind) for kind in TopicKind),
    *(of_status(status) for status in TopicStatus),
    *(of_category(category) for category in Category),
    "sessions_held",
    "attendances",
    "sessions_uncertain",
    "outcomes",
    "commitments",
    "commitments_done",
    "commitments_verified",
)
"""What a county's year counts: topics by the day they were listed, sessions by the day they were held, outcomes by
the day they were reached, commitments by the day they were assigned; `sessions_uncertain` are those held whose
headcount is a lower bound or not known."""

county_tally = Table(
    "county_tally",
    SQLModel.metadata,
    Column("county_number", BigInteger, primary_key=True, autoincrement=False),
    Column("year", Integer, primary_key=True, autoincrement=False),
    *(Column(name, BigInteger, nullable=False) for name in COUNTERS),
)
"""A county is its six-digit code as a division number; what stands above the counties counts under its own."""


class PlatformTally(SQLModel, table=True):
    """How many platforms of a tier a county has, open or closed."""

    __tablename__ = "platform_tally"

    county_number: int = Field(sa_type=BigInteger, primary_key=True, sa_column_kwargs={"autoincrement": False})
    tier: str = Field(primary_key=True)
    platforms: int


class DueTally(SQLModel, table=True):
    """How many commitments of a county that are still to be fulfilled are due in a month, named by its first day."""

    __tablename__ = "due_tally"

    county_number: int = Field(sa_type=BigInteger, primary_key=True, sa_column_kwargs={"autoincrement": False})
    month: date = Field(primary_key=True)
    commitments: int


class ConversionTally(SQLModel, table=True):
    """How many conversions of a kind a county has in a year, by the day they were submitted."""

    __tablename__ = "conversion_tally"

    county_number: int = Field(sa_type=BigInteger, primary_key=True, sa_column_kwargs={"autoincrement": False})
    year: int = Field(primary_key=True)
    kind: str = Field(primary_key=True)
    conversions: int


class SatisfactionTally(SQLModel, table=True):
    """How many follow-ups a county has in a year, and the sum of their scores."""

    __tablename__ = "satisfaction_tally"

    county_number: int = Field(sa_type=BigInteger, primary_key=True, sa_column_kwargs={"autoincrement": False})
    year: int = Field(primary_key=True)
    follow_ups: int
    score: int


class ResolutionTally(SQLModel, table=True):
    """How many topics of a year, by the day they were listed, took so many days until they were resolved.

    Kept of the county, the city and the province that a topic lies in, each under its division number.
    """

    __tablename__ = "resolution_tally"

    division_number: int = Field(sa_type=BigInteger, primary_key=True, sa_column_kwargs={"autoincrement": False})
    year: int = Field(primary_key=True)
    days: int = Field(primary_key=True)
    topics: int
