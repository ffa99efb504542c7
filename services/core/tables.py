"""How tables are declared: names of constraints, closed lists of values, instants."""

from enum import StrEnum
from typing import Any

from sqlalchemy import DateTime, Enum
from sqlalchemy.types import TypeEngine
from sqlmodel import SQLModel

SQLModel.metadata.naming_convention = {
    "pk": "pk_%(table_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
}

INSTANT: Any = DateTime(timezone=True)
"""timestamptz."""


def choice(values: type[StrEnum], name: str) -> TypeEngine[Any]:
    """Return a text column type with a CHECK, named after the table and `name`, that closes the list of values."""
    return Enum(
        values,
        native_enum=False,
        length=40,
        create_constraint=True,
        name=name,
        values_callable=lambda members: [member.value for member in members],
    )
