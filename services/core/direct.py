"""Statements that were made once, run without SQLAlchemy's work for each execution.

SQLAlchemy compiles a statement, once; its parameters are written and its rows read by the columns' types, as ever.
"""

from collections import namedtuple
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

from sqlalchemy import Column, ColumnElement, Dialect, Insert, Select, Table, bindparam, insert, select, update
from sqlalchemy.orm import class_mapper
from sqlalchemy.sql.dml import UpdateBase
from sqlalchemy.sql.elements import TextClause
from sqlalchemy.types import TypeEngine
from sqlmodel import SQLModel

from services.core.flights import Sent
from services.core.tables import table_of

Statement = Insert | Select[*tuple[Any, ...]] | TextClause | UpdateBase
MOST = 2_000
"""Statements whose plans are kept."""
KEY = "key_"
"""What the parameters of a row's key are called before the columns' names."""


@dataclass(frozen=True, eq=False)
class Plan:
    """A statement as it is sent: its text, its parameters in order, what writes them, and its columns' types."""

    sql: str
    names: tuple[str, ...]
    values: Mapping[str, Any]
    """Of parameters that are given none."""
    made: Mapping[str, Callable[[Any], Any]]
    """What makes the values of columns that are given none."""
    writers: Mapping[str, Callable[[Any], Any]]
    types: tuple[TypeEngine[Any], ...]
    """By column; none where the statement does not say them."""
    dialect: Dialect
    waits: bool
    """Whether it has an answer."""

    def arguments(self, given: Mapping[str, Any]) -> list[Any]:
        """Return the values of the parameters in order, each as the wire takes it. Raises KeyError for one missing."""
        values = {**self.values, **{name: make(None) for name, make in self.made.items()}, **given}
        return [
            value if (write := self.writers.get(name)) is None else write(value)
            for name, value in ((name, values[name]) for name in self.names)
        ]

    def rows(self, sent: Sent) -> list[Sequence[Any]]:
        """Return the rows of a statement that was sent, their values as the columns' types have them."""
        if not self.types or sent.columns is None:
            return list(sent.rows)
        readers = readers_of(self, sent.columns.types)
        return [
            [value if read is None else read(value) for value, read in zip(row, readers, strict=True)]
            for row in sent.rows
        ]


@lru_cache(MOST)
def readers_of(plan: Plan, given: tuple[int, ...]) -> list[Callable[[Any], Any] | None]:
    """Return what reads a plan's columns, which the server gives in some types."""
    processor = (
        type_._cached_result_processor(plan.dialect, oid)  # noqa: SLF001 -- what a cursor's result reads by
        for type_, oid in zip(plan.types, given, strict=True)
    )
    return list(processor)


@lru_cache(MOST)
def planned(statement: Statement, columns: tuple[str, ...], dialect: Dialect) -> Plan:
    """Return how a statement is run; `columns` are those that an insertion gives values.

    Raises TypeError for one whose text depends on the values.
    """
    keys = list(columns) if isinstance(statement, Insert) else None
    compiled = statement.compile(dialect=dialect, column_keys=keys)
    if compiled.post_compile_params or compiled.literal_execute_params:
        raise TypeError(f"{statement} is another statement for other values")
    made = {column.key: made_by(column) for column in compiled.insert_prefetch or ()}
    return Plan(
        sql=compiled.string,
        names=tuple(compiled.positiontup or ()),
        values={name: one.effective_value for one, name in compiled.bind_names.items() if not one.required},
        made=made,
        writers={name: write for name, write in compiled._bind_processors.items() if callable(write)},  # noqa: SLF001 -- what an execution writes by
        types=tuple(one.type for one in compiled._result_columns or ()),  # noqa: SLF001 -- what a cursor's result reads by
        dialect=dialect,
        waits=not isinstance(compiled.statement, UpdateBase) or bool(compiled.effective_returning),
    )


def made_by(column: Column[Any]) -> Callable[[Any], Any]:
    """Return what makes a column's default."""
    default: Any = column.default
    make: Callable[[Any], Any] = default.arg if default.is_callable else lambda _context: default.arg
    return make


@cache
def row_type(names: tuple[str, ...]) -> Callable[[Sequence[Any]], Any]:
    """Return what makes a row with named values of a list."""
    made: Any = namedtuple("Row", names, rename=True)  # type: ignore[misc]  # noqa: PYI024 -- its names are known now
    make: Callable[[Sequence[Any]], Any] = made._make
    return make


@cache
def insertion(model: type[SQLModel]) -> Insert:
    """Return the statement that inserts rows of a table."""
    return insert(table_of(model))


@lru_cache(MOST)
def insertion_of_many(model: type[SQLModel], names: tuple[str, ...], dialect: Dialect) -> str:
    """Return the text of one statement that inserts many rows, of which each column is an array."""
    columns = [table_of(model).columns[name] for name in names]
    arrays = [f"${place}::{column.type.compile(dialect)}[]" for place, column in enumerate(columns, start=1)]
    quote = dialect.identifier_preparer.quote
    into = f"{quote(table_of(model).name)} ({', '.join(quote(name) for name in names)})"
    return f"INSERT INTO {into} SELECT * FROM unnest({', '.join(arrays)})"  # noqa: S608 -- names of columns


def keyed(table: Table) -> list[ColumnElement[bool]]:
    """Return that a row has a key, whose parameters begin with KEY."""
    return [column == bindparam(f"{KEY}{column.key}") for column in table.primary_key.columns]


def key_values(table: Table, key: Sequence[object]) -> dict[str, object]:
    """Return the values of these parameters."""
    return {f"{KEY}{column.key}": one for column, one in zip(table.primary_key.columns, key, strict=True)}


@cache
def change(table: Table, columns: tuple[str, ...]) -> UpdateBase:
    """Return the statement that gives columns of a row new values; its key is `keyed`."""
    return update(table).where(*keyed(table)).values({name: bindparam(name) for name in columns})


@cache
def columns_of(model: type[SQLModel]) -> dict[str, Column[Any]]:
    """Return the columns of a table that its objects have, by name; the database may keep others beside them."""
    mapped = {attribute.key for attribute in class_mapper(model).column_attrs}
    return {column.key: column for column in table_of(model).columns if column.key in mapped}


def rows_of(model: type[SQLModel]) -> Select[*tuple[Any, ...]]:
    """Return the statement that reads what objects are made of."""
    return select(*columns_of(model).values())


@cache
def look_up(model: type[SQLModel], *, lock: bool) -> Select[*tuple[Any, ...]]:
    """Return the statement that reads a row by its key, which is `keyed`, locked where that is asked for."""
    found = rows_of(model).where(*keyed(table_of(model)))
    return found.with_for_update() if lock else found
