from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, Index, UniqueConstraint, text
from sqlmodel import Field

from services.core.bounds import NOTE, PLAN_YEAR, QUARTER, TITLE
from services.core.history import keep_history
from services.core.tables import GUARDED, INSTANT, KeyedModel, bounded, choice
from services.plans.enums import PlanStatus


class AnnualPlan(KeyedModel, table=True):
    """One version of a platform's plan for a year.

    The one in force is approved and not superseded. `revision` counts changes of this row and its items, `version`
    the versions of the plan.
    """

    __tablename__ = "annual_plan"
    __table_args__ = (
        *bounded(year=PLAN_YEAR, approving_body=TITLE, return_reason=(NOTE, "reason")),
        CheckConstraint("version >= 1", name="version_positive"),
        CheckConstraint("revision >= 1", name="revision_positive"),
        CheckConstraint(
            "(status <> 'DRAFT') = (submitted_at IS NOT NULL AND submitted_by IS NOT NULL)",
            name="submitted_has_instant",
        ),
        CheckConstraint(
            "(status = 'APPROVED') = (approved_at IS NOT NULL AND approving_body IS NOT NULL)", name="approved_has_body"
        ),
        CheckConstraint("status <> 'RETURNED' OR return_reason IS NOT NULL", name="returned_has_reason"),
        CheckConstraint("superseded_at IS NULL OR status = 'APPROVED'", name="only_approved_superseded"),
        UniqueConstraint("platform_id", "year", "version"),
        Index("ix_annual_plan_year", "year", "id"),
        Index("ix_annual_plan_status", "status", "submitted_at"),
        Index("ix_annual_plan_division_number", "division_number"),
        Index("uq_annual_plan_open", "platform_id", "year", unique=True, postgresql_where=text("status <> 'APPROVED'")),
        Index(
            "uq_annual_plan_in_force",
            "platform_id",
            "year",
            unique=True,
            postgresql_where=text("status = 'APPROVED' AND superseded_at IS NULL"),
        ),
    )

    platform_id: UUID = Field(foreign_key="platform.id")
    division_number: int = Field(sa_type=BigInteger, foreign_key="division.number")
    year: int
    version: int
    revision: int = 1
    status: PlanStatus = Field(sa_type=choice(PlanStatus, "status"))
    drafted_at: datetime = Field(sa_type=INSTANT)
    submitted_at: datetime | None = Field(default=None, sa_type=INSTANT)
    submitted_by: str | None = Field(default=None, sa_column_kwargs=GUARDED)
    """The subject that submitted it and hence may not approve it."""
    approved_at: datetime | None = Field(default=None, sa_type=INSTANT)
    approving_body: str | None = None
    return_reason: str | None = None
    superseded_at: datetime | None = Field(default=None, sa_type=INSTANT)
    """When a newer version was approved in its place."""


ANNUAL_PLAN_HISTORY = keep_history(AnnualPlan, "platform_id")
"""What plans were."""


class PlanItem(KeyedModel, table=True):
    """A topic in a plan. Rows change only while their plan is a draft: a trigger holds that."""

    __tablename__ = "plan_item"
    __table_args__ = (
        CheckConstraint("position >= 1", name="position_positive"),
        *bounded(quarter=QUARTER),
        UniqueConstraint("plan_id", "topic_id"),
        # Checked at the end of a statement, for one statement moves several items along.
        UniqueConstraint("plan_id", "position", deferrable=True, initially="IMMEDIATE"),
        Index("ix_plan_item_topic_id", "topic_id", "plan_id"),
    )

    plan_id: UUID = Field(foreign_key="annual_plan.id")
    topic_id: UUID = Field(foreign_key="topic.id")
    position: int
    quarter: int | None = None


PLAN_ITEM_HISTORY = keep_history(PlanItem, "plan_id", "topic_id")
"""Which topics stood in plans, and where."""
