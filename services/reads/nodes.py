"""Look-ups of any entity by what names it: a global id, another service's representation of it, or a row."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from uuid import UUID

from services.core.errors import InvalidInput
from services.core.ids import parted
from services.core.scope import CODE, shortest_code
from services.core.words import Words
from services.reads.catalogue.common import uuid_or_none
from services.reads.catalogue.entities import ENTITIES, NODES
from services.reads.catalogue.shape import AnyNode, Entity, NodeOf
from services.reads.filters import scalar
from services.reads.moments import Reading, Row, names_instant, past
from services.reads.parameters import Given, Parameter, Request, has_nul
from services.reads.past import as_of
from services.reads.plan import TYPENAME, Argument, Value, bind
from services.reads.tables import Table
from services.reads.text import Piece, Sql, json_array, or_null

NO_REPRESENTATION = Words(
    "A representation is an object with __typename and a key.", "实体表示应为含__typename和键的对象。"
)
OTHER_TYPE = Words("__typename is one of {types}.", "__typename应为以下之一：{types}。")
NO_KEY = Words("A {type} is named by a text in {keys:or}.", "{type}由{keys:or}中的文字指明。")
AT_ONCE = Words(
    "At most {most} {argument} are taken at once; {given} came.", "一次最多{most}个{argument}；所给为{given}个。"
)

BY_PREFIX = {entity.prefix: entity for entity in NODES.values()}
PARTS = {"entity": "text", "id": "uuid", "key": "text"}
"""The parts of a name by which rows are found, with their SQL types."""

LookUp = Callable[[Table, list[str]], str]
"""Writes the subquery of the visible row of a table that predicates find."""


@dataclass(frozen=True, slots=True)
class Name:
    """What names one row: its entity, and its UUID or else its natural key. Without these it finds nothing.

    With an instant it is the row as of then.
    """

    entity: str | None = None
    id: UUID | None = None
    key: str | None = None
    instant: datetime | None = None

    @classmethod
    def of_id(cls, text: str) -> "Name":
        """Return what a global id names; for any other text a name that finds nothing."""
        plain, instant = parted(text)
        prefix, _, key = plain.rpartition("_")
        entity = BY_PREFIX.get(prefix)
        if entity is None or has_nul(key):
            return cls()
        if entity.key_type == "uuid":
            return cls(entity.name, id=uuid_or_none(prefix, plain), instant=instant)
        return cls(entity.name, key=key, instant=instant)

    @classmethod
    def of_representation(cls, fields: object) -> "Name":
        """Return what a representation names by its type's name and one of the type's keys, the id first.

        Raises InvalidInput for what could name nothing, whatever the data.
        """
        if not isinstance(fields, Mapping):
            raise InvalidInput(NO_REPRESENTATION)
        entity = NODES.get(str(fields.get(TYPENAME)))
        if entity is None:
            raise InvalidInput(OTHER_TYPE(types=tuple(NODES)))
        for key in entity.keys:
            text = fields.get(key)
            if isinstance(text, str):
                return cls._by(entity, key, text)
        raise InvalidInput(NO_KEY(type=entity.name, keys=tuple(entity.keys)))

    @classmethod
    def _by(cls, entity: Entity, key: str, text: str) -> "Name":
        if key == entity.natural_key:
            if has_nul(text):
                return cls()
            padded = entity.prefix == "division" and CODE.fullmatch(text)
            return cls(entity.name, key=shortest_code(text) if padded else text)
        name = cls.of_id(text)
        return name if name.entity == entity.name else cls()


@dataclass(frozen=True, slots=True)
class Part:
    """Takes one part out of each of the names that an argument gives."""

    part: str
    spec: AnyNode

    def __call__(self, content: object) -> list[object]:
        """Return the parts in order, null where a name has none. Raises InvalidInput for too many names."""
        return [getattr(name, self.part) for name in named(content, self.spec)]


@dataclass(frozen=True, slots=True)
class Instants:
    """A parameter: what a statement takes from the instant of each of the names that an argument gives."""

    value: Value
    spec: AnyNode
    reading: Reading

    @property
    def sql_type(self) -> str:
        """The type that PostgreSQL takes it as."""
        return f"{self.reading.sql_type}[]"

    def of(self, request: Request) -> list[object]:
        """Return the values in order, null where a name has no instant. Raises InvalidInput, InstantAhead."""
        instants = (name.instant for name in named(bind(self.value, request.variables), self.spec))
        path = (self.spec.argument,)
        return [None if one is None else self.reading.of(past(one, request, path=path)) for one in instants]


def named(content: object, spec: AnyNode) -> list[Name]:
    """Return the names that an argument's content gives. Raises InvalidInput for too many."""
    given = content if isinstance(content, list) else [content]
    if spec.most is not None and len(given) > spec.most:
        raise InvalidInput(AT_ONCE(most=spec.most, argument=spec.argument, given=len(given)))
    return [one if isinstance(one, Name) else Name.of_id(str(one)) for one in given]


def nodes(table: Table, spec: AnyNode, argument: Argument, look_up: LookUp) -> list[Piece]:
    """Return what an argument names: one object or null for each name, in the order given.

    The parts of the names, and of their instants where they have some, are arrays that are unnested side by side.
    """
    value = scalar(argument)
    if value is None:
        raise TypeError(f"{spec.argument} takes a value, not {argument!r}")
    statement, names = table.statement, table.statement.alias()
    columns: dict[str, Parameter] = {
        part: Given(value, f"{sql_type}[]", Part(part, spec)) for part, sql_type in PARTS.items()
    }
    node = partial(_node, table, names, look_up)
    if names_instant(value):
        columns |= {reading.name.lower(): Instants(value, spec, reading) for reading in Reading}
        item = as_of(statement, Row(names), node)
        if spec.most is not None:
            item = f"CASE WHEN {names}.{Reading.INSTANT.name.lower()} IS NULL THEN {node()} ELSE {item} END"
    else:
        item = node()
    for parameter in columns.values():
        statement.require(parameter, spec.argument)
    arrays = ", ".join(table.placeholder(parameter) for parameter in columns.values())
    rows = (
        f"SELECT coalesce({item}, 'null') FROM unnest({arrays}) "
        f"WITH ORDINALITY AS {names}({', '.join(columns)}, position) ORDER BY {names}.position"
    )
    return [Sql(f"({rows})")] if spec.most is None else json_array(rows)


def _node(table: Table, names: str, look_up: LookUp) -> str:
    """Return the object that a row of `names` names, whichever entity that is of."""
    cases = [f"WHEN '{name}' THEN {_by_name(table, entity, names, look_up)}" for name, entity in NODES.items()]
    return f"CASE {names}.entity {' '.join(cases)} END"


def node_of(table: Table, spec: NodeOf, names: Iterable[str], look_up: LookUp) -> list[Piece]:
    """Return which of the entities the table's row names: one object, or null where the caller may see none."""
    kind, key = table.fill(spec.kind), table.fill(spec.key)
    cases = []
    for entity in (ENTITIES[name] for name in names):
        if entity.key_type == "uuid":  # others no row can name
            row = table.subquery(entity)
            cases.append(f"WHEN '{entity.prefix}' THEN {look_up(row, [f'{row.fill(entity.key)} = {key}'])}")
    return or_null(f"CASE {kind} {' '.join(cases)} END") if cases else ["null"]


def _by_name(table: Table, entity: Entity, names: str, look_up: LookUp) -> str:
    """Return the subquery of the entity's row that a row of `names` names."""
    row = table.subquery(entity)
    key = f"{names}.id"
    if entity.key_type != "uuid":
        return look_up(row, [f"{row.alias}.{entity.natural_key} = {names}.key"])
    if entity.natural_key:
        source = table.statement.table(entity.source)
        natural = f"SELECT named.id FROM {source} AS named WHERE named.{entity.natural_key} = {names}.key"
        key = f"coalesce({key}, ({natural}))"
    return look_up(row, [f"{row.fill(entity.key)} = {key}"])
