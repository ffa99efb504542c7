"""Refused fields in an answer: null at the nearest nullable place, and an error each with its path.

GraphQL specification, "Handling Execution Errors": fields are taken in the order of the answer, and beneath a place
that became null there is no other error.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

import orjson
from graphql import (
    FieldNode,
    GraphQLList,
    GraphQLObjectType,
    GraphQLOutputType,
    GraphQLSchema,
    SelectionSetNode,
    get_nullable_type,
    is_list_type,
    is_non_null_type,
)

from graph.errors import FieldRefused, refused_at
from graph.selection import SelectionReader
from services.reads.fetch import Refusal
from services.reads.refusals import MARK, MARKED, Place

Path: TypeAlias = tuple[str | int, ...]
Keys: TypeAlias = "dict[str, Keys]"
Pieces: TypeAlias = "list[bytes | memoryview]"

WRITTEN = re.compile(re.escape(MARKED) + rb"(\d+)\}")
"""A mark as it stands in an answer's text."""


def with_raising(data: Any, refusals: Sequence[Refusal]) -> Any:  # noqa: ANN401 -- an answer's data
    """Return data for graphql-core to complete, each mark replaced by the exception to raise there."""
    for found in marks(data, refusals):
        found.replace(FieldRefused(refusals[found.number].error))
    return data


@dataclass(frozen=True, slots=True)
class Found:
    """A mark in data: where, in which object or list, and the number of its refusal."""

    path: Path
    holder: Any
    number: int

    def replace(self, value: object) -> None:
        """Put something in the mark's place."""
        self.holder[self.path[-1]] = value


def marks(data: Any, refusals: Sequence[Refusal]) -> Iterator[Found]:  # noqa: ANN401 -- an answer's data
    """Yield the marks in data, in the order of the answer; only the places that refusals name are searched."""
    keys: Keys = {}
    for refusal in refusals:
        beneath = keys
        for _, key in refusal.place:
            beneath = beneath.setdefault(key, {})
    yield from _marks(data, (), keys)


def _marks(value: Any, path: Path, keys: Keys) -> Iterator[Found]:  # noqa: ANN401 -- a part of an answer's data
    """Yield the marks beneath an object or a list."""
    steps: Iterable[tuple[str | int, Any, Keys | None]]
    if isinstance(value, list):
        steps = ((index, content, keys) for index, content in enumerate(value))
    else:
        steps = ((key, content, keys.get(key)) for key, content in value.items())
    for step, content, beneath in steps:
        if beneath is None:
            continue
        if isinstance(content, dict) and MARK in content:
            yield Found((*path, step), value, content[MARK])
        elif isinstance(content, dict | list):
            yield from _marks(content, (*path, step), beneath)


@dataclass(slots=True)
class Completion:
    """Completes answers of one operation in which fields are refused."""

    schema: GraphQLSchema
    reader: SelectionReader
    root: GraphQLObjectType
    selection_set: SelectionSetNode
    _fields: dict[Place, tuple[GraphQLOutputType, list[FieldNode]]] = field(default_factory=dict)

    def complete(self, text: bytes | memoryview, refusals: Sequence[Refusal]) -> tuple[Pieces, list[dict[str, Any]]]:
        """Return the text of data without marks, in one piece, and the errors."""
        data = orjson.loads(text)
        errors: list[dict[str, Any]] = []
        nulled: set[Path] = set()
        for found in marks(data, refusals):
            path, refusal = found.path, refusals[found.number]
            if any(path[:length] in nulled for length in range(1, len(path))):
                continue
            _, nodes = self._field(refusal.place)
            errors.append(refused_at(refusal.error, path, nodes))
            null = self._nearest_nullable(path, refusal.place)
            if not null:
                return [b"null"], errors
            nulled.add(null)
            set_at(data, null, None)
        return [orjson.dumps(data)], errors

    def replaced(
        self, text: bytes | memoryview, refusals: Sequence[Refusal]
    ) -> tuple[Pieces, list[dict[str, Any]]] | None:
        """Return the pieces of data's text with null for each mark, and the errors, without reading the whole of it.

        None where that does not do: a mark stands within a list, or where null may not.
        """
        errors: list[dict[str, Any]] = []
        pieces: Pieces = []
        whole, begin = memoryview(text), 0
        for found in WRITTEN.finditer(text):
            refusal = refusals[int(found[1])]
            if not self._is_plain(refusal.place):
                return None
            _, nodes = self._field(refusal.place)
            errors.append(refused_at(refusal.error, [key for _, key in refusal.place], nodes))
            pieces += (whole[begin : found.start()], b"null")
            begin = found.end()
        return [*pieces, whole[begin:]], errors

    def _is_plain(self, place: Place) -> bool:
        """Return whether a place is one, within no list and none itself, and may be null."""
        types = [self._field(place[:depth])[0] for depth in range(1, len(place) + 1)]
        return not is_non_null_type(types[-1]) and not any(is_list_type(get_nullable_type(one)) for one in types)

    def _nearest_nullable(self, path: Path, steps: Place) -> Path:
        """Return the path to the nearest nullable value at or above a field; empty where that is the data itself."""
        types = list(self._types(path, steps))
        while types and is_non_null_type(types[-1]):
            types.pop()
        return path[: len(types)]

    def _types(self, path: Path, steps: Place) -> Iterator[GraphQLOutputType]:
        """Yield the type of each place on the way to a field, items of lists among them."""
        depth = 0
        for step in path:
            if isinstance(step, str):
                depth += 1
                type_, _ = self._field(steps[:depth])
            else:
                type_ = item(type_)
            yield type_

    def _field(self, steps: Place) -> tuple[GraphQLOutputType, list[FieldNode]]:
        """Return a field's type and its nodes, merged under its response key."""
        if steps not in self._fields:
            *above, (type_name, key) = steps
            type_, sets = self.root, [self.selection_set]
            if above:
                _, holders = self._field(tuple(above))
                sets = [node.selection_set for node in holders if node.selection_set]
                type_ = object_type(self.schema, type_name)
            nodes = self.reader.grouped(type_, sets)[key]
            self._fields[steps] = type_.fields[nodes[0].name.value].type, nodes
        return self._fields[steps]


def item(type_: GraphQLOutputType) -> GraphQLOutputType:
    """Return the type of a list's items. Raises TypeError."""
    nullable = get_nullable_type(type_)
    if not isinstance(nullable, GraphQLList):
        raise TypeError(f"{type_} is no list")
    found: GraphQLOutputType = nullable.of_type
    return found


def object_type(schema: GraphQLSchema, name: str) -> GraphQLObjectType:
    """Return the object type of a name. Raises TypeError."""
    type_ = schema.type_map[name]
    if not isinstance(type_, GraphQLObjectType):
        raise TypeError(f"{name} is no object type")
    return type_


def set_at(data: Any, path: Path, value: object) -> None:  # noqa: ANN401 -- an answer's data
    """Set the value at a path in data."""
    for step in path[:-1]:
        data = data[step]
    data[path[-1]] = value
