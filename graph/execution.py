"""A mutation runs from its operation: verbs in order, and payloads as the bytes in which their things were read back.

graphql-core executes what has no other way, as it does a query of the schema: arguments that it refuses, fields that
are refused in what is read back, bugs. What was done before is not done again.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import orjson
from graphql import (
    FieldNode,
    GraphQLEnumType,
    GraphQLObjectType,
    get_named_type,
)

from graph.context import Context
from graph.errors import ArgumentRefused
from graph.inputs.made import maker
from graph.mutations.perform import Asked, MutationError, Read, Verb, Written, object_type_of, things_of, to_complete
from graph.mutations.verb import VERB
from graph.mutations.warnings import MutationWarning
from graph.operations import Operation
from graph.schema import Schema
from graph.selection import Grouped, SelectionReader, python_name
from services.core.transaction import WriteTx
from services.reads.compile import compile_entity
from services.reads.fetch import answer
from services.reads.parameters import Request
from services.reads.plan import TYPENAME, Selection
from services.reads.refusals import Compiled, Place
from services.reads.visibility import Sight


class Execution:
    """One execution of a mutation. `finished` has the JSON of the fields that are, by response key."""

    def __init__(self, schema: Schema, operation: Operation, variables: Mapping[str, Any], context: Context) -> None:
        self._schema = schema
        self._operation = operation
        self._variables = variables
        self._context = context
        self._reader = operation.reader(variables)
        self.finished: dict[str, bytes] = {}

    async def run(self) -> bool:
        """Perform the verbs in order; False where graphql-core has to go on, with what is done in its context."""
        root = self._operation.root
        try:
            fields = self._reader.grouped(root, [self._operation.node.selection_set])
        except ArgumentRefused:
            return False
        for key, nodes in fields.items():
            if nodes[0].name.value == TYPENAME:
                self.finished[key] = orjson.dumps(root.name)
                continue
            text = await self._performed(root, key, nodes)
            if text is None:
                return False
            self.finished[key] = text
            self._context.done[key] = Written()
        return True

    async def _performed(self, root: GraphQLObjectType, key: str, nodes: list[FieldNode]) -> bytes | None:
        """Perform one verb; return its payload's JSON, None where graphql-core has to complete or to refuse it."""
        definition = root.fields[nodes[0].name.value]
        field = definition.extensions["strawberry-definition"]
        try:
            payload = Payload.of(self._reader, object_type_of(definition.type), nodes)
            given = self._reader.values(definition, nodes[0])
        except ArgumentRefused:
            return None
        verb: Verb = field.metadata[VERB]
        try:
            values = maker(verb.takes, self._schema.config.name_converter)(given["input"])
            asked = Asked.of(payload.fields, self._read_back(verb, key, payload.things))
            done = await verb.perform(self._context, values, self._variables, asked)
        except Exception as error:  # noqa: BLE001 -- graphql-core places it
            self._context.done[key] = error
            return None
        try:
            text = payload.text(done)
        except ArgumentRefused:
            text = None
        if text is None:
            self._context.done[key] = done
        return text

    def _read_back(self, verb: Verb, key: str, things: Mapping[str, Selection]) -> Read:
        """Return how a payload's things are read as bytes, by a statement that is kept with the operation's."""
        operation, entity = self._operation, verb.effect.entity

        async def read(tx: WriteTx, request: Request) -> Mapping[str, Any] | bytes:
            if not things:
                return b"{}"
            sight = Sight.of(request.actor)
            kept = (
                key,
                operation.text,
                operation.name,
                sight,
                *operation.variables.shapes(self._variables, operation.selecting),
            )

            def compiled(refused: frozenset[Place]) -> Compiled:
                return operation.statements.get_or_make(
                    (refused, *kept), lambda: compile_entity(entity, things, sight, refused=refused)
                )

            text, refusals = await answer(tx, compiled, request)
            return await to_complete(entity, things)(tx, request) if refusals else text

        return read


@dataclass(frozen=True, slots=True)
class Payload:
    """A payload's fields by response key, in order."""

    type: GraphQLObjectType
    reader: SelectionReader
    fields: Grouped
    things: Mapping[str, Selection]

    @classmethod
    def of(cls, reader: SelectionReader, type_: GraphQLObjectType, nodes: Iterable[FieldNode]) -> "Payload":
        """Return what is selected of a verb's payload. Raises ArgumentRefused for a directive's that cannot be read."""
        fields = reader.grouped(type_, [node.selection_set for node in nodes if node.selection_set])
        return cls(type_, reader, fields, things_of(reader, type_, fields))

    def text(self, done: Written) -> bytes | None:
        """Return the JSON of what was done; None where it has to be completed."""
        if not done.read:
            texts = dict.fromkeys(self.things, b"null")
        elif isinstance(done.read, bytes):
            texts = members(done.read, list(self.things))
        else:
            return None
        for key, nodes in self.fields.items():
            match nodes[0].name.value:
                case "errors":
                    texts[key] = self._told(done.errors, nodes)
                case "warnings":
                    texts[key] = self._told(done.warnings, nodes)
                case name if name == TYPENAME:
                    texts[key] = orjson.dumps(self.type.name)
        return json_of({key: texts[key] for key in self.fields})

    def _told(self, items: Sequence[MutationError | MutationWarning], nodes: list[FieldNode]) -> bytes:
        """Return the JSON of what is told of the act: objects of leaves."""
        if not items:
            return b"[]"
        type_ = object_type_of(self.type.fields[nodes[0].name.value].type)
        fields = self.reader.grouped(type_, [node.selection_set for node in nodes if node.selection_set])
        return orjson.dumps([{key: leaf(type_, one, each[0]) for key, each in fields.items()} for one in items])


def members(text: bytes, keys: Sequence[str]) -> dict[str, bytes]:
    """Return the texts of an object's members, whose keys are known."""
    if len(keys) == 1:
        begin = len(orjson.dumps(keys[0])) + len(b"{:")
        return {keys[0]: text[begin:-1]}
    return {key: orjson.dumps(value) for key, value in orjson.loads(text).items()}


def json_of(members_: Mapping[str, bytes]) -> bytes:
    """Return the JSON of an object whose members' texts are known."""
    return b"{" + b",".join(orjson.dumps(key) + b":" + text for key, text in members_.items()) + b"}"


def leaf(type_: GraphQLObjectType, source: object, node: FieldNode) -> object:
    """Return the value of a field that has no selection."""
    if node.name.value == TYPENAME:
        return type_.name
    definition = type_.fields[node.name.value]
    value, named = getattr(source, python_name(definition)), get_named_type(definition.type)
    return named.coerce_output_value(value) if isinstance(named, GraphQLEnumType) else value
