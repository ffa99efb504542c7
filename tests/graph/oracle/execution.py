"""The reference: a document executed by graphql-core, one resolver a field, with the rules for refused requests."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from graphql import (
    SKIP,
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLError,
    GraphQLIncludeDirective,
    GraphQLObjectType,
    GraphQLSchema,
    GraphQLSkipDirective,
    InlineFragmentNode,
    Node,
    OperationDefinitionNode,
    TypeInfo,
    TypeInfoVisitor,
    Visitor,
    execute,
    get_argument_values,
    get_directive_values,
    get_operation_ast,
    get_variable_values,
    is_abstract_type,
    parse,
    validate,
    visit,
)

from graph.schema import build_schema, is_read
from services.core.actor import Actor
from services.core.clock import china_day
from services.reads.catalogue.shape import AnyNode, One, Paged
from tests.graph.oracle import filters, lists
from tests.graph.oracle.past import Pasts
from tests.graph.oracle.resolvers import parted, resolve, snake, snaked
from tests.graph.oracle.rows import Connection, Row, Rows
from tests.graph.oracle.statistics import ENTITIES
from tests.graph.oracle.templates import caller

AHEAD = "It is "
"""How a refusal of an instant that is still to come begins."""
DIFFERS = "The id names the instant "
"""How a refusal of an id that names another instant than is asked for begins."""


@dataclass(frozen=True)
class Expected:
    """What a request is answered: its data, or the messages of which one is reported in its place."""

    data: dict[str, Any] | None = None
    refusals: frozenset[str] = frozenset()
    code: str = "BAD_USER_INPUT"

    def body(self) -> bytes:
        """Return the answer's bytes. A float without fraction is written as PostgreSQL writes it."""
        text = json.dumps({"data": shortened(self.data)}, ensure_ascii=False, separators=(",", ":"))
        return text.encode()


def shortened(value: Any) -> Any:
    """Return a value with whole floats as integers."""
    if isinstance(value, dict):
        return {key: shortened(content) for key, content in value.items()}
    if isinstance(value, list):
        return [shortened(item) for item in value]
    return int(value) if isinstance(value, float) and value.is_integer() else value


def reference_schema() -> GraphQLSchema:
    """Return the project's schema with the naive resolvers."""
    schema = build_schema().core
    for type_ in schema.type_map.values():
        if is_abstract_type(type_):
            type_.resolve_type = type_name
        elif isinstance(type_, GraphQLObjectType) and is_read(type_):
            for field in type_.fields.values():
                field.resolve = resolve
    return schema


def type_name(row: Row, _info: object, _type: object) -> str:
    """Resolve an abstract type."""
    return row.entity.name


class Oracle:
    """Executes documents naively over one connection; what it read once it remembers, for nothing changes."""

    def __init__(self, schema: GraphQLSchema, connection: Connection, pasts: Pasts, now: datetime) -> None:
        self._schema = schema
        self._connection = connection
        self._now = now
        self._pasts = pasts
        self._known: dict[Any, Any] = {}

    def rows(self, actor: Actor) -> Rows:
        """Return what reads as a caller."""
        made: dict[datetime, Rows] = {}

        async def past(instant: datetime) -> Rows:
            found = await self._pasts.at(instant)
            if instant not in made:
                told = max(instant, datetime(1, 1, 2, tzinfo=UTC))
                made[instant] = Rows(found.connection, found.known, caller(actor, china_day(told), told), past)
            return made[instant]

        return Rows(self._connection, self._known, caller(actor, china_day(self._now)), past)

    async def execute(
        self, text: str, variables: Mapping[str, Any], operation_name: str | None, actor: Actor
    ) -> Expected:
        """Return the answer to a request."""
        document = parse(text)
        errors = validate(self._schema, document, max_errors=20)
        if errors:
            return Expected(refusals=frozenset(error.message for error in errors), code="GRAPHQL_VALIDATION_FAILED")
        operation = get_operation_ast(document, operation_name)
        if operation is None:
            unknown = frozenset({"No operation is named", "operationName is needed to choose"})
            return Expected(refusals=unknown, code="OPERATION_RESOLUTION_FAILURE")
        values = get_variable_values(self._schema, operation.variable_definitions or (), dict(variables))
        if isinstance(values, list):
            return Expected(refusals=frozenset(error.message for error in values))
        refused = frozenset(Refusals(self._schema, document, operation, values, self._now).messages())
        if refused:
            return Expected(refusals=refused)
        result = execute(
            self._schema,
            document,
            context_value=self.rows(actor),
            variable_values=dict(variables),
            operation_name=operation_name,
        )
        answer = result if not hasattr(result, "__await__") else await result
        if answer.errors:
            raise answer.errors[0].original_error or answer.errors[0]
        return Expected(answer.data)


class Refusals(Visitor):
    """Finds what in an operation the read engine refuses before it reads: one such thing refuses the whole."""

    def __init__(
        self,
        schema: GraphQLSchema,
        document: DocumentNode,
        operation: OperationDefinitionNode,
        variables: Any,
        now: datetime,
    ) -> None:
        super().__init__()
        self._now = now
        self._types = TypeInfo(schema)
        self._variables = variables
        self._operation = operation
        self._fragments = {
            node.name.value: node for node in document.definitions if isinstance(node, FragmentDefinitionNode)
        }
        self._found: list[str] = []
        self._ahead: list[Node] = []

    def messages(self) -> list[str]:
        """Return the messages, over every field that some row could reach."""
        self._ahead, done = [self._operation], set[int]()
        while self._ahead:
            node = self._ahead.pop()
            if id(node) not in done:
                done.add(id(node))
                visit(node, TypeInfoVisitor(self._types, self))
        return self._found

    def enter_field(self, node: FieldNode, *_: Any) -> Any:
        """Look at a field's arguments."""
        if not self._included(node):
            return SKIP
        definition, parent = self._types.get_field_def(), self._types.get_parent_type()
        if definition is not None and parent is not None:
            try:
                arguments = get_argument_values(definition, node, self._variables)
            except GraphQLError as error:
                self._found.append(error.message)
            else:
                self._found.extend(self._instants(arguments))
                self._found.extend(refusals(parent.name, snake(node.name.value), snaked(arguments)))
        return None

    def _instants(self, arguments: Mapping[str, Any]) -> Iterator[str]:
        """Give how the refusals begin of the instants that a field's arguments ask for, by themselves or in ids."""
        ids = [(arguments.get("by") or {}).get("id"), arguments.get("id"), *(arguments.get("ids") or ())]
        named = [instant for text in ids if (instant := parted(str(text))[1]) is not None]
        asked = arguments.get("asOf")
        yield from (AHEAD for instant in (asked, *named) if instant is not None and instant > self._now)
        yield from (DIFFERS for instant in named if asked is not None and asked != instant)

    def enter_inline_fragment(self, node: InlineFragmentNode, *_: Any) -> Any:
        """Leave out what directives leave out."""
        return None if self._included(node) else SKIP

    def enter_fragment_spread(self, node: FragmentSpreadNode, *_: Any) -> Any:
        """Go on in a fragment later."""
        if self._included(node):
            self._ahead.append(self._fragments[node.name.value])

    def enter_variable_definition(self, *_: Any) -> Any:
        """Leave variables' own directives alone."""
        return SKIP

    def _included(self, node: Any) -> bool:
        try:
            skip = get_directive_values(GraphQLSkipDirective, node, self._variables)
            include = get_directive_values(GraphQLIncludeDirective, node, self._variables)
        except GraphQLError as error:
            self._found.append(error.message)
            return False
        return not (skip and skip["if"]) and (include is None or include["if"])


def refusals(type_: str, name: str, arguments: Mapping[str, Any]) -> Iterator[str]:
    """Give the messages of what no request could use in a field's arguments."""
    match ENTITIES[type_].fields.get(name) if type_ in ENTITIES else None:
        case Paged(entity=entity, arguments=own, given=given):
            for argument, _, via in given.values():
                yield from filters.refused(arguments[argument], via)
            yield from lists.refusals(ENTITIES[entity], arguments)
            yield from filters.refusals(arguments, own)
            yield from filters.refusals(arguments.get("filter") or {}, ENTITIES[entity].filters)
        case One(arguments=own):
            yield from filters.refusals(arguments, own)
        case AnyNode(most=most):
            texts = arguments.get("ids", [arguments.get("id")])
            if most is not None and len(texts) > most:
                yield f"At most {most} ids are taken at once; {len(texts)} came."
            for text in texts:
                if text.rpartition("_")[0] == "division":
                    yield from filters.refused(text, None)
