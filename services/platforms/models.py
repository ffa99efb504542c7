from datetime import date
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, Index, UniqueConstraint, func, text
from sqlalchemy.dialects.postgresql import ExcludeConstraint
from sqlmodel import Field

from services.core.bounds import NAME, PLATFORM_CODE, TITLE
from services.core.history import keep_history
from services.core.tables import KeyedModel, bounded, choice
from services.platforms.enums import PlatformKind, PlatformTier


class Brand(KeyedModel, table=True):
    """A working brand of consultation, under an umbrella brand where it has one."""

    __table_args__ = (
        UniqueConstraint("division_number", "name"),
        *bounded(name=NAME, umbrella=NAME),
    )

    name: str
    umbrella: str | None = None
    division_number: int = Field(sa_type=BigInteger, foreign_key="division.number")
    launched_on: date | None = None


class Platform(KeyedModel, table=True):
    """A place where people sit down to consult. A division has one open general platform at a time."""

    __table_args__ = (
        CheckConstraint("(tier = 'GENERAL') = (parent_id IS NULL)", name="only_general_lacks_parent"),
        CheckConstraint("closed_on > opened_on", name="closed_after_opened"),
        *bounded(name=TITLE, code=PLATFORM_CODE),
        ExcludeConstraint(
            ("division_number", "="),
            (func.daterange(text("opened_on"), text("closed_on")), "&&"),
            where=text("tier = 'GENERAL'"),
            using="gist",
            name="ex_platform_one_general_at_a_time",
        ),
        Index("ix_platform_division_number", "division_number", "code"),
        Index("ix_platform_parent_id", "parent_id", "code"),
    )

    code: str = Field(unique=True)
    name: str
    tier: PlatformTier = Field(sa_type=choice(PlatformTier, "tier"))
    kind: PlatformKind = Field(sa_type=choice(PlatformKind, "kind"))
    brand_id: UUID | None = Field(default=None, foreign_key="brand.id", index=True)
    division_number: int = Field(sa_type=BigInteger, foreign_key="division.number")
    parent_id: UUID | None = Field(default=None, foreign_key="platform.id")
    liaison_group_id: UUID | None = Field(default=None, foreign_key="liaison_group.id", index=True)
    opened_on: date | None = None
    closed_on: date | None = None


PLATFORM_HISTORY = keep_history(Platform)
"""What platforms were."""
