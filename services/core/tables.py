"""How tables are declared: names of constraints, closed lists of values, ends of values, instants."""

from enum import StrEnum
from functools import cache
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import DDL, BigInteger, CheckConstraint, Date, DateTime, Enum, MetaData, Table, TextClause, event, text
from sqlalchemy.types import TypeEngine
from sqlmodel import Field, SQLModel

from services.core.bounds import CHECK_FUNCTIONS, DAY, INSTANT_RANGE, Bound
from services.core.codes import Code
from services.core.errors import ConstraintRefusal
from services.core.ids import new_id
from services.core.words import Words

SQLModel.metadata.naming_convention = {
    "pk": "pk_%(table_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
}

INSTANT: Any = DateTime(timezone=True)
"""timestamptz."""
SUM: Any = BigInteger()
"""bigint: a sum is wider than what it adds."""
GUARDED: Any = {"info": {"guarded": True}}
"""Not everybody may read the column: nothing gives it but what is written for it."""


REDACTABLE: Any = {"info": {"redactable": True}}
"""A text that people wrote and the public reads: staff may let it read other words in its place."""


def redactable_since(column: str) -> Any:  # noqa: ANN401 -- as Field takes it
    """Return REDACTABLE for a text that is written anew: a redaction holds for what stood when it was made.

    The column tells since when the text stands.
    """
    return {"info": {"redactable": True, "since": column}}


class TableModel(SQLModel):
    """A table, whose rows are made with all of its required fields. What a field holds is left to its column."""

    required: ClassVar[frozenset[str]] = frozenset()

    @classmethod
    def __pydantic_init_subclass__(cls, **options: Any) -> None:  # noqa: ANN401 -- of the class statement
        super().__pydantic_init_subclass__(**options)
        cls.required = frozenset(name for name, field in cls.model_fields.items() if field.is_required())

    def __init__(self, **values: Any) -> None:  # noqa: ANN401 -- whatever the fields hold
        if missing := self.required - values.keys():
            raise TypeError(f"{type(self).__name__} misses {', '.join(sorted(missing))}.")
        super().__init__(**values)


class KeyedModel(TableModel):
    """A table whose rows have an id of their own, which orders them by when they were made."""

    id: UUID = Field(default_factory=new_id, primary_key=True)


class RedactableModel(KeyedModel):
    """A table some of whose texts are REDACTABLE.

    `redacted` is true of a row that has redactions: those of all others are not looked for. A former version has what
    was so then; what is read as of an instant looks for redactions always.
    """

    redacted: bool = Field(default=False, sa_column_kwargs={"server_default": "false"})


def table_of(model: type[SQLModel]) -> Table:
    """Return a model's table."""
    table: Table = model.__table__  # type: ignore[attr-defined]
    return table


@cache
def tables_in_order() -> list[Table]:
    """Return all tables, each behind those that it refers to."""
    return SQLModel.metadata.sorted_tables


def redactable_columns(table: Table) -> dict[str, str | None]:
    """Return the redactable columns of a table, each with the column that tells since when its text stands."""
    return {column.name: column.info.get("since") for column in table.columns if column.info.get("redactable")}


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


for function in CHECK_FUNCTIONS:
    event.listen(SQLModel.metadata, "before_create", DDL(function))  # type: ignore[no-untyped-call]


def latest_first(column: str) -> tuple[TextClause, TextClause]:
    """Return the columns of an index of rows whose instant may be null, as lists have them that begin with the last."""
    return text(f"{column} DESC NULLS LAST"), text("id DESC")


def bounded(**columns: Bound | tuple[Bound, *tuple[str, ...]]) -> tuple[CheckConstraint, ...]:
    """Return the CHECKs, `<column>_bound`, that keep columns between the ends of their values.

    After a bound may stand the path of the input's field that a refusal names, where it is not called as the column is.
    """
    return tuple(
        _check(column, *(bound if isinstance(bound, tuple) else (bound, column))) for column, bound in columns.items()
    )


def bound_times(metadata: MetaData) -> None:
    """Keep every day and every instant of the tables in the one range, but for tallies, which are made of them."""
    for table in metadata.tables.values():
        if not table.name.endswith("tally"):
            for column in table.columns:
                if isinstance(column.type, DateTime | Date):
                    bound = INSTANT_RANGE if isinstance(column.type, DateTime) else DAY
                    table.append_constraint(_check(column.name, bound, column.name))


ID_TAKEN = Words("A {thing:thing} with this id exists.", "此编号的{thing:thing}已存在。")
AN_ID_TAKEN = Words("An {thing:thing} with this id exists.", "此编号的{thing:thing}已存在。")
MISSING = Words("The {thing:thing} does not exist.", "{thing:thing}不存在。")
TAKES = Words("{field} takes {takes}.", "{field}应为{takes}。")
"""What is told of keys that are taken or missing, and of bounds."""


def refusals_of_keys(metadata: MetaData) -> dict[str, ConstraintRefusal]:
    """Return what primary and foreign keys stand for, where a room does not say it otherwise."""
    refusals = {}
    for table in metadata.tables.values():
        thing = table.name.split("_")[-1]
        one = AN_ID_TAKEN if thing[0] in "aeiou" else ID_TAKEN
        refusals[f"pk_{table.name}"] = ConstraintRefusal(Code.DUPLICATE_ID, one(thing=thing))
        for key in table.foreign_keys:
            field = key.parent.name.removesuffix("_id").removesuffix("_number")
            refusals[f"fk_{table.name}_{key.parent.name}"] = ConstraintRefusal(
                Code.NOT_FOUND, MISSING(thing=field.replace("_", " ")), (field,)
            )
    return refusals


def refusals_of_bounds(metadata: MetaData) -> dict[str, ConstraintRefusal]:
    """Return what the CHECKs of bounds stand for."""
    return {
        f"ck_{table.name}_{constraint.info['bounded']}_bound": constraint.info["refusal"]
        for table in metadata.tables.values()
        for constraint in table.constraints
        if "bounded" in constraint.info
    }


def _check(column: str, bound: Bound, *path: str) -> CheckConstraint:
    refusal = ConstraintRefusal(Code.INVALID_INPUT, TAKES(field=".".join(path), takes=bound.words), path)
    info = {"bounded": column, "refusal": refusal}
    return CheckConstraint(bound.sql(column), name=f"{column}_bound", info=info)
