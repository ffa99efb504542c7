from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, Index
from sqlmodel import Field

from services.core.bounds import DEPARTMENT_CODE, NAME
from services.core.tables import GUARDED, INSTANT, KeyedModel, TableModel, bounded, choice
from services.departments.enums import DepartmentKind


class Department(KeyedModel, table=True):
    """An agency or company that topics involve. `code` is also its routing key and broker account."""

    __table_args__ = (
        *bounded(code=DEPARTMENT_CODE, name=NAME),
        Index("ix_department_division_number", "division_number", "code"),
    )

    code: str = Field(unique=True)
    name: str
    kind: DepartmentKind = Field(sa_type=choice(DepartmentKind, "kind"))
    division_number: int = Field(sa_type=BigInteger, foreign_key="division.number")


class DepartmentChannel(TableModel, table=True):
    """A department's way on the broker: whether it is used, and until when it is paused."""

    __tablename__ = "department_channel"
    __table_args__ = (CheckConstraint("pauses >= 0", name="pauses_not_negative"),)

    department_id: UUID = Field(primary_key=True, foreign_key="department.id")
    enabled: bool = True
    paused_until: datetime | None = Field(default=None, sa_type=INSTANT)
    pauses: int = Field(default=0)
    """Pauses in a row since the last confirmed delivery; the backoff grows with it."""
    last_error: str | None = Field(default=None, sa_column_kwargs=GUARDED)
