from sqlalchemy import BigInteger, CheckConstraint, Index
from sqlmodel import Field

from services.core.tables import TableModel, choice
from services.divisions.enums import DivisionKind, DivisionLevel


class Division(TableModel, table=True):
    """A row of the division table. `number` is the code padded to 12 digits; the subtree is [number, upper)."""

    __table_args__ = (
        CheckConstraint("number = rpad(code, 12, '0')::bigint", name="number_is_padded_code"),
        CheckConstraint("upper = number + (10 ^ (12 - length(code)))::bigint", name="upper_is_successor"),
        CheckConstraint("(level = 'PROVINCE') = (parent_number IS NULL)", name="only_provinces_lack_parent"),
        Index("ix_division_parent_number", "parent_number", "number"),
    )

    number: int = Field(primary_key=True, sa_type=BigInteger, sa_column_kwargs={"autoincrement": False})
    upper: int = Field(sa_type=BigInteger)
    code: str = Field(unique=True)
    name: str
    level: DivisionLevel = Field(sa_type=choice(DivisionLevel, "level"))
    kind: DivisionKind = Field(
        default=DivisionKind.ADMINISTRATIVE,
        sa_type=choice(DivisionKind, "kind"),
        sa_column_kwargs={"server_default": DivisionKind.ADMINISTRATIVE.value},
    )
    parent_number: int | None = Field(default=None, sa_type=BigInteger, foreign_key="division.number")
