from datetime import date
from typing import Any

from sqlalchemy import BigInteger, Column, Date, Integer, String, Table
from sqlmodel import Field, SQLModel

from services.core.tables import SUM, TableModel
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


CONVERSION_COUNTERS = {
    "SUGGESTION": "conversions_suggestion",
    "PROPOSAL": "conversions_proposal",
    "SOCIAL_OPINION_REPORT": "conversions_social_opinion_report",
}
"""The columns that count conversions, by their kind."""

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
    *CONVERSION_COUNTERS.values(),
    "follow_ups",
    "satisfaction_score",
)
"""What is counted: topics by the day they were listed, sessions by the day they were held, outcomes by the day they
were reached, commitments by the day they were assigned, conversions by the day they were submitted, follow-ups by their
own; `sessions_uncertain` are those held whose headcount is a lower bound or not known, `satisfaction_score` is the sum
of the follow-ups' scores."""

COUNTED_ALONE: Any = {"autoincrement": False, "server_default": "0"}
"""Who counts alone counts in slot 0."""

tally = Table(
    "tally",
    SQLModel.metadata,
    Column("division_number", BigInteger, primary_key=True, autoincrement=False),
    Column("unit", String, primary_key=True),
    Column("starts_on", Date, primary_key=True),
    *(Column(name, SUM, nullable=False) for name in COUNTERS),
    Column("slot", Integer, primary_key=True, **COUNTED_ALONE),
)
"""What counts on a DAY, in a MONTH or in a YEAR within a county, a city or a province, each by its division number.

Of this and of the other tallies a unit of a place has a row for each slot, which add up: transactions that commit at
once count in slots of their own.
"""


class Tally(TableModel):
    """A tally of a DAY, a MONTH or a YEAR within a county, a city or a province, each by its division number."""

    division_number: int = Field(sa_type=BigInteger, primary_key=True, sa_column_kwargs={"autoincrement": False})
    unit: str = Field(primary_key=True)
    starts_on: date = Field(primary_key=True)


class ResolutionTally(Tally, table=True):
    """How many topics listed in a unit of time took so many days until they were resolved."""

    __tablename__ = "resolution_tally"

    days: int = Field(primary_key=True)
    slot: int = Field(primary_key=True, sa_column_kwargs=COUNTED_ALONE)
    topics: int = Field(sa_type=SUM)


class DueTally(Tally, table=True):
    """How many commitments assigned in a unit of time and still to be fulfilled have a day as their last."""

    __tablename__ = "due_tally"

    due_on: date = Field(primary_key=True)
    slot: int = Field(primary_key=True, sa_column_kwargs=COUNTED_ALONE)
    commitments: int = Field(sa_type=SUM)


class PlatformTally(Tally, table=True):
    """How many platforms of a tier opened in a unit of time, -infinity where nobody knows, and how many closed."""

    __tablename__ = "platform_tally"

    tier: str = Field(primary_key=True)
    slot: int = Field(primary_key=True, sa_column_kwargs=COUNTED_ALONE)
    opened: int = Field(sa_type=SUM)
    closed: int = Field(sa_type=SUM)
