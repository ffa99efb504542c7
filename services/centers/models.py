from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, BigInteger, Index, String
from sqlmodel import Field

from services.core.bounds import AREAS, FUNCTIONS, HEADCOUNT, KIND, NAME, TITLE
from services.core.tables import REDACTABLE, KeyedModel, RedactableModel, TableModel, bounded

NAMES: Any = ARRAY(String)
"""text[]."""


class PracticeCenter(KeyedModel, table=True):
    """A center where consultation is shown, practised and taught."""

    __tablename__ = "practice_center"
    __table_args__ = (
        *bounded(name=NAME, areas=AREAS, functions=FUNCTIONS),
        Index("uq_practice_center_division_number_name", "division_number", "name", unique=True),
    )

    name: str
    division_number: int = Field(sa_type=BigInteger, foreign_key="division.number")
    opened_on: date | None = None
    areas: list[str] = Field(sa_type=NAMES)
    functions: list[str] = Field(sa_type=NAMES)


class Activity(RedactableModel, table=True):
    """Something that members did with each other or with residents, at a center or elsewhere in its division."""

    __table_args__ = (
        *bounded(kind=KIND, title=TITLE, headcount=HEADCOUNT),
        Index("ix_activity_center_id", "center_id", "held_on", "id"),
        Index("ix_activity_division_number", "division_number"),
    )

    kind: str
    title: str = Field(sa_column_kwargs=REDACTABLE)
    held_on: date
    center_id: UUID | None = Field(default=None, foreign_key="practice_center.id")
    division_number: int = Field(sa_type=BigInteger, foreign_key="division.number")
    headcount: int | None = None
    """Everyone who came, named as a participant or not."""


class ActivityMember(TableModel, table=True):
    """A member who took part in an activity."""

    __tablename__ = "activity_member"
    __table_args__ = (Index("ix_activity_member_member_id", "member_id", "activity_id"),)

    activity_id: UUID = Field(primary_key=True, foreign_key="activity.id")
    member_id: UUID = Field(primary_key=True, foreign_key="member.id")
