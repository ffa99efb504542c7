"""What a model says of its entity: each column is a field, an order and a filter without a word in the catalogue.

A column is read only where the schema has a field, an order or a filter of its name: requests reach nothing else.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Generic, TypeVar

from sqlalchemy import Boolean, Date, DateTime, Enum, Integer, Numeric, Table, Uuid
from sqlalchemy import Column as StoredColumn
from sqlmodel import SQLModel

from services.reads.catalogue.common import between, equals, one_of, refers_to, within
from services.reads.catalogue.shape import Column, Entity, Field, Filter, Filters, One, Order, Switch
from services.reads.text import Form

T = TypeVar("T")


class Completed(Mapping[str, T], Generic[T]):
    """What an entity declares by name, and for any other name what its model says. Only the declared are listed."""

    def __init__(self, declared: Mapping[str, T], derived: Callable[[str], T]) -> None:
        self._declared = declared
        self._derived = derived

    def __getitem__(self, name: str) -> T:
        """Return what a name stands for. Raises KeyError."""
        return self._declared[name] if name in self._declared else self._derived(name)

    def __iter__(self) -> Iterator[str]:
        return iter(self._declared)

    def __len__(self) -> int:
        return len(self._declared)


def completed(entity: Entity) -> Entity:
    """Return an entity with what its model says of it: its name, source and key, its fields, orders and filters."""
    if entity.model is None:
        return entity
    table = table_of(entity.model)
    (key,) = table.primary_key
    entity = replace(
        entity,
        name=entity.name or entity.model.__name__,
        source=table.name,
        key=f"{{t}}.{key.name}",
        key_type=sql_type(key),
    )
    return replace(
        entity,
        fields=Completed(entity.fields, lambda name: field(entity, table, name)),
        orders=Completed(entity.orders, lambda name: order(table.columns[name])),
        filters=Completed(entity.filters, lambda name: filter_(table, name)),
    )


def table_of(model: type[SQLModel]) -> Table:
    """Return a model's table."""
    table: Table = model.__table__  # type: ignore[attr-defined]
    return table


def field(entity: Entity, table: Table, name: str) -> Field:
    """Return the global id, a column or the row that a foreign key refers to. Raises KeyError.

    The id names the instant too where it is told of one.
    """
    if name == "id" and entity.prefix is not None:
        key = entity.key if entity.key_type == "uuid" else f"{{t}}.{entity.natural_key}"
        return Column(f"'{entity.prefix}_' || {key}{{at_instant}}", Form.LITERAL)
    if name in table.columns:
        found = column(table.columns[name])
        return replace(found, form=Form.LITERAL) if name == entity.natural_key else found
    return reference(reference_column(table, name))


def column(stored: "StoredColumn[object]") -> Column:
    """Return a column as it stands in JSON."""
    sql, nullable = f"{{t}}.{stored.name}", bool(stored.nullable)
    match stored.type:
        case Enum() | Date():
            return Column(sql, Form.LITERAL, nullable)
        case Numeric():  # as a number without needless zeros
            return Column(f"{sql}::float8", Form.PLAIN, nullable)
        case Integer() | Boolean():
            return Column(sql, Form.PLAIN, nullable)
        case _:
            return Column(sql, Form.TEXT, nullable)


def reference_column(table: Table, name: str) -> "StoredColumn[object]":
    """Return the column, named `<name>_<key>`, of a foreign key. Raises KeyError."""
    for stored in table.columns:
        for key in stored.foreign_keys:
            if stored.name == f"{name}_{key.column.name}":
                return stored
    raise KeyError(name)


def reference(stored: "StoredColumn[object]") -> One:
    """Return the row that a column refers to."""
    (key,) = stored.foreign_keys
    entity = "".join(word.capitalize() for word in key.column.table.name.split("_"))
    return One(entity, on=f"{{t}}.{key.column.name} = {{p}}.{stored.name}", nullable=bool(stored.nullable))


def sql_type(stored: "StoredColumn[object]") -> str:
    """Return the SQL type that a column's values are bound as."""
    match stored.type:
        case Uuid():
            return "uuid"
        case DateTime():
            return "timestamptz"
        case Date():
            return "date"
        case Integer():
            return "bigint"
        case _:
            return "text"


def order(stored: "StoredColumn[object]") -> Order:
    """Return the order by a column."""
    return Order(f"{{t}}.{stored.name}", sql_type(stored), bool(stored.nullable), bool(stored.unique))


def filter_(table: Table, name: str) -> "Filter | Switch | Filters":
    """Return a filter by a column: within a division, one of a list, equal, a reference, between two ends.

    Raises KeyError for a name that no column answers to.
    """
    if name == "within" and "division_number" in table.columns:
        return within()
    for suffix in ("at", "on"):
        if (stored := table.columns.get(f"{name}_{suffix}")) is not None:
            return between(f"{{t}}.{stored.name}", sql_type(stored))
    if (stored := table.columns.get(name)) is None:
        stored = reference_column(table, name)
        (key,) = stored.foreign_keys
        return refers_to(f"{{t}}.{stored.name}", key.column.table.name)
    expression = f"{{t}}.{stored.name}"
    if isinstance(stored.type, Enum):
        return one_of(expression, stored.type.enum_class)
    if isinstance(stored.type, Boolean):
        return Switch(expression, f"NOT {expression}")
    return equals(expression, sql_type(stored))
