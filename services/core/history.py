"""How a table keeps its former versions: in a table beside it, written by a trigger."""

from typing import Any

from sqlalchemy import (
    CheckConstraint,
    Column,
    DefaultClause,
    Enum,
    Index,
    MetaData,
    PrimaryKeyConstraint,
    String,
    Table,
)
from sqlmodel import SQLModel

from services.core.codes import Code
from services.core.errors import ConstraintRefusal
from services.core.tables import INSTANT
from services.core.words import Words


def keep_history(model: type[SQLModel], *indexed: str) -> Table:
    """Give a model's table `recorded_at`, when the present version began, and the table of its former versions.

    Both are the database's own: the model does not have them. `indexed` are columns by which former versions are found.
    """
    table: Table = SQLModel.metadata.tables[str(model.__tablename__)]
    table.append_column(Column("recorded_at", INSTANT, nullable=False))
    return Table(
        f"{table.name}_history",
        SQLModel.metadata,
        *(_kept(column) for column in table.columns),
        Column("replaced_at", INSTANT, nullable=False),
        PrimaryKeyConstraint("id", "recorded_at"),
        CheckConstraint("replaced_at > recorded_at", name="replaced_after_recorded"),
        *(Index(f"ix_{table.name}_history_{column}", column) for column in indexed),
    )


def _kept(column: Column[Any]) -> Column[Any]:
    """Return the column of former versions of a column."""
    given = column.server_default
    default: Any = given.arg if isinstance(given, DefaultClause) else None
    return Column(column.name, _plain(column.type), nullable=column.nullable, server_default=default)


def _plain(type_: Any) -> Any:  # noqa: ANN401 -- SQLAlchemy's types of columns
    """Return a type without the list of values, which was checked when the version was the present one."""
    return String(type_.length) if isinstance(type_, Enum) else type_


CHANGED = Words(
    "The {thing:thing} was changed at the same time; read it again.", "{thing:thing}同时被更改，请刷新后再试。"
)


def refusals_of_histories(metadata: MetaData) -> dict[str, ConstraintRefusal]:
    """Return what the constraints of the tables of former versions stand for."""
    refusals = {}
    for name in metadata.tables:
        if name.endswith("_history"):
            words = CHANGED(thing=name.removesuffix("_history"))
            for constraint in (f"pk_{name}", f"ck_{name}_replaced_after_recorded"):
                refusals[constraint] = ConstraintRefusal(Code.CONFLICT, words)
    return refusals
