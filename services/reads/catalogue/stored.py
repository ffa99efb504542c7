"""Fields, orders and filters derived from an entity's model.

They are derived by name when a name is asked for. Requests are checked against the schema first, so they reach only
what it declares. What a model says is guarded is never derived: an entity declares how it is read, or it is not.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Generic, TypeVar

from sqlalchemy import Boolean, Date, DateTime, Enum, Integer, Numeric, Table, Uuid
from sqlalchemy import Column as StoredColumn

from services.core.tables import table_of
from services.reads.catalogue.common import between, equals, one_of, published, refers_to, within
from services.reads.catalogue.shape import Column, Entity, Field, Filter, Filters, Many, One, Order, Paged, Switch
from services.reads.text import Form
from services.reads.visibility import sees_words_of

PUBLISHED = "published_"
"""How the field is called that gives what the public reads of a redactable column, before the column's name."""

T = TypeVar("T")


class Completed(Mapping[str, T], Generic[T]):
    """What an entity declares by name; other names are derived from its model and are not iterated over."""

    def __init__(self, declared: Mapping[str, T], derive: Callable[[str], T]) -> None:
        self._declared = declared
        self._derive = derive
        self._derived: dict[str, T] = {}

    def __getitem__(self, name: str) -> T:
        """Return the same object each time: parameters of a filter are one parameter. Raises KeyError."""
        if name in self._declared:
            return self._declared[name]
        if name not in self._derived:
            self._derived[name] = self._derive(name)
        return self._derived[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._declared)

    def __len__(self) -> int:
        return len(self._declared)


def completed(entity: Entity, tables: Mapping[str, Table]) -> Entity:
    """Return an entity completed from its model: source, key, fields, orders and filters.

    `tables` are those of all entities by name. Raises TypeError for a list without a predicate of its own where no
    single foreign key refers to the entity.
    """
    if entity.model is None:
        fields = {name: in_full(field) for name, field in entity.fields.items()}
        if not entity.lists:
            return replace(entity, fields=fields)
        lists = {f"{table.name}s": Paged(name, where="true") for name, table in tables.items()}
        return replace(entity, fields=Completed(fields, lambda name: lists[name]))
    table = table_of(entity.model)
    (key,) = table.primary_key
    entity = replace(entity, source=table.name, key=f"{{t}}.{key.name}", key_type=sql_type(key))
    declared = {name: in_full(field, table, tables) for name, field in entity.fields.items()}
    return replace(
        entity,
        fields=Completed(declared, lambda name: derived_field(entity, table, name)),
        orders=Completed(entity.orders, lambda name: order(plain(table.columns[name]))),
        filters=Completed(entity.filters, lambda name: filter_(table, name)),
    )


def in_full(field: Field, table: Table | None = None, tables: Mapping[str, Table] | None = None) -> Field:
    """Return a list's field with the predicate of the foreign key by which its rows refer to the table."""
    if not isinstance(field, Many | Paged) or field.where:
        return field
    if table is None or tables is None:
        return replace(field, where="true")
    keys = [key for key in tables[field.entity].foreign_keys if key.column.table is table]
    if len(keys) != 1:
        raise TypeError(
            f"{len(keys)} columns of {field.entity} refer to {table.name}: a list of them needs a predicate"
        )
    return replace(field, where=f"{{t}}.{keys[0].parent.name} = {{p}}.{keys[0].column.name}")


class Guarded(TypeError):
    """A column that not everybody may read, in a field, filter or order that the catalogue does not declare."""

    def __init__(self, stored: "StoredColumn[object]") -> None:
        super().__init__(f"{stored} is guarded: the catalogue has to declare how it is read")


class Redacted(TypeError):
    """A column that the public may read otherwise, in a filter or order that the catalogue does not declare."""

    def __init__(self, stored: "StoredColumn[object]") -> None:
        super().__init__(f"{stored} is redactable: a filter or an order by it would tell what the public does not read")


def plain(stored: "StoredColumn[object]") -> "StoredColumn[object]":
    """Return a column that everybody may read as it stands. Raises Guarded, Redacted."""
    if stored.info.get("redactable"):
        raise Redacted(stored)
    return public(stored)


def public(stored: "StoredColumn[object]") -> "StoredColumn[object]":
    """Return a column that everybody may read. Raises Guarded."""
    if stored.info.get("guarded"):
        raise Guarded(stored)
    return stored


def derived_field(entity: Entity, table: Table, name: str) -> Field:
    """Return the global id, a column, or the relation of a foreign key. Raises KeyError, Guarded.

    As of an instant the id names that instant too.
    """
    if name == "id" and entity.prefix is not None:
        key = entity.key if entity.key_type == "uuid" else f"{{t}}.{entity.natural_key}"
        return Column(f"'{entity.prefix}_' || {key}{{at_instant}}", Form.LITERAL)
    told = name.removeprefix(PUBLISHED)
    if table.columns.get(told) is not None and table.columns[told].info.get("redactable"):
        stored = public(table.columns[told])
        sees = sees_words_of(table.name) if told == name else None
        return replace(column(stored), sql=published(told, stored.info.get("since"), sees))
    if name in table.columns:
        found = column(public(table.columns[name]))
        return replace(found, form=Form.LITERAL) if name == entity.natural_key else found
    return reference(reference_column(table, name))


def column(stored: "StoredColumn[object]") -> Column:
    """Return the field of a column: its form in JSON follows from its type."""
    sql, nullable = f"{{t}}.{stored.name}", bool(stored.nullable)
    match stored.type:
        case Enum() | Date():
            return Column(sql, Form.LITERAL, nullable)
        case Numeric():  # without trailing zeros
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
                return public(stored)
    raise KeyError(name)


def reference(stored: "StoredColumn[object]") -> One:
    """Return the relation of a foreign key."""
    (key,) = stored.foreign_keys
    on = f"{{t}}.{key.column.name} = {{p}}.{stored.name}"
    return One(entity_of(key.column.table), on, nullable=bool(stored.nullable))


def entity_of(table: Table) -> str:
    """Return the name of the entity whose table it is, which is that of its model."""
    return "".join(word.capitalize() for word in table.name.split("_"))


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
    """Return the filter by a column of that name; else by a range, or by a reference.

    `within` filters by division, `scheduled` by a range of `scheduled_at`, `due` by one of `due_on`, and `platform` by
    the reference in `platform_id`. Raises KeyError, Guarded.
    """
    if name == "within" and "division_number" in table.columns:
        return within()
    if (stored := table.columns.get(name)) is not None:
        return column_filter(plain(stored))
    for suffix in ("at", "on"):
        if (stored := table.columns.get(f"{name}_{suffix}")) is not None:
            return between(f"{{t}}.{public(stored).name}", sql_type(stored))
    stored = reference_column(table, name)
    (key,) = stored.foreign_keys
    return refers_to(f"{{t}}.{stored.name}", entity_of(key.column.table))


def column_filter(stored: "StoredColumn[object]") -> Filter | Switch:
    """Return the filter by a column's values: one of an enum's, true or false, or equality."""
    expression = f"{{t}}.{stored.name}"
    if isinstance(stored.type, Enum):
        return one_of(expression, stored.type.enum_class)
    if isinstance(stored.type, Boolean):
        return Switch(expression, f"NOT {expression}")
    return equals(expression, sql_type(stored))
