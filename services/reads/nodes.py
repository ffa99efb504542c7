"""Look-ups of any entity by what names it: a global id, another service's representation of it, or a row."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from services.core.errors import InvalidInput
from services.core.ids import parted
from services.core.scope import CODE, shortest_code
from services.reads.catalogue.common import uuid_or_none
from services.reads.catalogue.entities import NODES
from services.reads.catalogue.shape import AnyNode, Entity, NodeOf
from services.reads.filters import scalar
from services.reads.frames import Frame
from services.reads.moments import Reading, Row, names_instant, past
from services.reads.parameters import Given, Parameter, Request, has_nul
from services.reads.past import as_of
from services.reads.plan import TYPENAME, Argument, Value, bind
from services.reads.text import Piece, Sql

BY_PREFIX = {entity.prefix: entity for entity in NODES.values()}
PARTS = {"entity": "text", "id": "uuid", "key": "text"}
"""The parts of a name by which rows are found, with their SQL types."""

LookUp = Callable[[Frame, list[str]], str]
"""Gives the subquery of the visible row of a frame that predicates find."""


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
            raise InvalidInput("A representation is an object with __typename and a key.")
        entity = NODES.get(str(fields.get(TYPENAME)))
        if entity is None:
            raise InvalidInput(f"__typename is one of {', '.join(NODES)}.")
        for key in entity.keys:
            text = fields.get(key)
            if isinstance(text, str):
                return cls._by(entity, key, text)
        raise InvalidInput(f"A {entity.name} is named by a text in {' or '.join(entity.keys)}.")

    @classmethod
    def _by(cls, entity: Entity, key: str, text: str) -> "Name":
        if key == entity.natural_key:
            if has_nul(text):
                return cls()
            return cls(entity.name, key=_shortest(text) if entity.prefix == "division" else text)
        name = cls.of_id(text)
        return name if name.entity == entity.name else cls()


def _shortest(code: str) -> str:
    """Return a division's code without the zeros that pad it; another text as it is."""
    return shortest_code(code) if CODE.fullmatch(code) else code


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
        raise InvalidInput(f"At most {spec.most} {spec.argument} are taken at once; {len(given)} came.")
    return [one if isinstance(one, Name) else Name.of_id(str(one)) for one in given]


def nodes(frame: Frame, spec: AnyNode, argument: Argument, looked_up: LookUp) -> list[Piece]:
    """Return what an argument names: one object or null for each name, in the order given."""
    value = scalar(argument)
    if value is None:
        raise TypeError(f"{spec.argument} takes a value, not {argument!r}")
    statement, names = frame.statement, frame.statement.alias()
    columns: dict[str, Parameter] = {
        part: Given(value, f"{sql_type}[]", Part(part, spec)) for part, sql_type in PARTS.items()
    }

    def found() -> str:
        cases = [f"WHEN '{name}' THEN {_by_name(frame, entity, names, looked_up)}" for name, entity in NODES.items()]
        return f"CASE {names}.entity {' '.join(cases)} END"

    if not names_instant(value):
        item = found()
    else:
        columns.update({reading.name.lower(): Instants(value, spec, reading) for reading in Reading})
        item = as_of(statement, Row(names), found)
        if spec.most is not None:
            item = f"CASE WHEN {names}.{Reading.INSTANT.name.lower()} IS NULL THEN {found()} ELSE {item} END"
    for parameter in columns.values():
        statement.claim(parameter, spec.argument)
    lists = ", ".join(frame.place(parameter) for parameter in columns.values())
    rows = (
        f"SELECT coalesce({item}, 'null') FROM unnest({lists}) "
        f"WITH ORDINALITY AS {names}({', '.join(columns)}, position) ORDER BY {names}.position"
    )
    return [Sql(f"({rows})")] if spec.most is None else ["[", Sql(f"array_to_string(ARRAY({rows}), ',')"), "]"]


def node_of(frame: Frame, spec: NodeOf, entities: Iterable[Entity], looked_up: LookUp) -> list[Piece]:
    """Return which of the entities the frame's row names: one object, or null where none is in the caller's sight."""
    kind, key = frame.fill(spec.kind), frame.fill(spec.key)
    cases = []
    for entity in entities:
        if entity.key_type == "uuid":  # others no row can name
            found = Frame.over(frame.statement, entity, entity.source, parent=frame)
            cases.append(f"WHEN '{entity.prefix}' THEN {looked_up(found, [f'{found.fill(entity.key)} = {key}'])}")
    return [Sql(f"coalesce(CASE {kind} {' '.join(cases)} END, 'null')")] if cases else ["null"]


def _by_name(frame: Frame, entity: Entity, names: str, looked_up: LookUp) -> str:
    """Return the subquery of the entity's row that a name finds."""
    found = Frame.over(frame.statement, entity, entity.source, parent=frame)
    key = f"{names}.id"
    if entity.key_type != "uuid":
        return looked_up(found, [f"{found.alias}.{entity.natural_key} = {names}.key"])
    if entity.natural_key:
        natural = f"SELECT named.id FROM {entity.source} AS named WHERE named.{entity.natural_key} = {names}.key"
        key = f"coalesce({key}, ({natural}))"
    return looked_up(found, [f"{found.fill(entity.key)} = {key}"])
