from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, Index, Numeric, UniqueConstraint, text
from sqlmodel import Field

from services.core.bounds import FROM_NOTHING, KIND, NAME, POINTS
from services.core.tables import INSTANT, KeyedModel, bounded, choice
from services.duty.enums import DutyAct

HUNDREDTHS: Any = Numeric(10, 2)
"""numeric(10, 2)."""
CURRENT = text("superseded_at IS NULL")
"""The assessment that stands; a later one of the same member and year supersedes it."""


class DutyScheme(KeyedModel, table=True):
    """A version of a committee's scheme, with the years that it is for. The database refuses every change of one."""

    __tablename__ = "duty_scheme"
    __table_args__ = (
        *bounded(name=NAME, cap=POINTS),
        CheckConstraint("version >= 1", name="version_positive"),
        CheckConstraint("first_year BETWEEN 1949 AND 9999", name="first_year_range"),
        CheckConstraint("last_year BETWEEN first_year AND 9999", name="last_year_range"),
        UniqueConstraint("committee_id", "name", "version"),
    )

    committee_id: UUID = Field(foreign_key="committee.id")
    name: str
    version: int
    first_year: int
    last_year: int | None = None
    cap: Decimal | None = Field(default=None, sa_type=HUNDREDTHS)
    """The most that a year can come to."""
    published_at: datetime = Field(sa_type=INSTANT)


class DutyRule(KeyedModel, table=True):
    """What an act is worth under a scheme, and the most that acts of its kind come to in a year."""

    __tablename__ = "duty_rule"
    __table_args__ = (
        *bounded(points=(POINTS, "rules", "points"), cap=(POINTS, "rules", "cap")),
        UniqueConstraint("scheme_id", "act"),
    )

    scheme_id: UUID = Field(foreign_key="duty_scheme.id")
    act: DutyAct = Field(sa_type=choice(DutyAct, "act"))
    points: Decimal = Field(sa_type=HUNDREDTHS)
    cap: Decimal | None = Field(default=None, sa_type=HUNDREDTHS)


class DutyGrade(KeyedModel, table=True):
    """What a year is called whose points reach a threshold and no higher one."""

    __tablename__ = "duty_grade"
    __table_args__ = (
        *bounded(name=(KIND, "grades", "name"), threshold=(FROM_NOTHING, "grades", "from")),
        UniqueConstraint("scheme_id", "name"),
        UniqueConstraint("scheme_id", "threshold"),
    )

    scheme_id: UUID = Field(foreign_key="duty_scheme.id")
    name: str
    threshold: Decimal = Field(sa_type=HUNDREDTHS)


class DutyAssessment(KeyedModel, table=True):
    """What a member's year came to under a version of a scheme."""

    __tablename__ = "duty_assessment"
    __table_args__ = (
        CheckConstraint("points >= 0", name="points_not_negative"),
        Index("ix_duty_assessment_member_id", "member_id", "year"),
        Index("uq_duty_assessment_current", "member_id", "year", unique=True, postgresql_where=CURRENT),
    )

    member_id: UUID = Field(foreign_key="member.id")
    division_number: int = Field(sa_type=BigInteger, foreign_key="division.number")
    """The member's committee's."""
    year: int
    scheme_id: UUID = Field(foreign_key="duty_scheme.id", index=True)
    points: Decimal = Field(sa_type=HUNDREDTHS)
    grade: str | None = None
    assessed_at: datetime = Field(sa_type=INSTANT)
    superseded_at: datetime | None = Field(default=None, sa_type=INSTANT)


class DutyRecord(KeyedModel, table=True):
    """An act and the points that it earned in an assessment; none where a cap was reached before."""

    __tablename__ = "duty_record"
    __table_args__ = (
        CheckConstraint("points >= 0", name="points_not_negative"),
        CheckConstraint("num_nonnulls(session_id, opinion_id, conversion_id, activity_id) = 1", name="one_source"),
        CheckConstraint(
            "CASE act WHEN 'ATTENDED' THEN session_id WHEN 'OPINION' THEN opinion_id "
            "WHEN 'ACTIVITY' THEN activity_id ELSE conversion_id END IS NOT NULL",
            name="source_of_act",
        ),
        Index("ix_duty_record_assessment_id", "assessment_id", "acted_on", "id"),
        Index("ix_duty_record_member_id", "member_id", "acted_on", "id"),
    )

    assessment_id: UUID = Field(foreign_key="duty_assessment.id")
    member_id: UUID = Field(foreign_key="member.id")
    division_number: int = Field(sa_type=BigInteger, foreign_key="division.number")
    act: DutyAct = Field(sa_type=choice(DutyAct, "act"))
    acted_on: date
    points: Decimal = Field(sa_type=HUNDREDTHS)
    session_id: UUID | None = Field(default=None, foreign_key="session.id")
    opinion_id: UUID | None = Field(default=None, foreign_key="opinion.id")
    conversion_id: UUID | None = Field(default=None, foreign_key="conversion.id")
    activity_id: UUID | None = Field(default=None, foreign_key="activity.id")
