"""Documents parsed and validated once, operations with the statements of their shapes: the plan cache."""

import re
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from graphql import (
    DocumentNode,
    FragmentDefinitionNode,
    GraphQLError,
    GraphQLInputType,
    GraphQLSchema,
    OperationDefinitionNode,
    OperationType,
    get_operation_ast,
    get_variable_values,
    parse,
    type_from_ast,
    validate,
)

from graph.errors import BAD_USER_INPUT, OPERATION_UNKNOWN, PARSE_FAILED, VALIDATION_FAILED, formatted
from graph.selection import SelectionReader, shape
from services.reads.compile import Compiled, compile_operation
from services.reads.plan import Selection

MOST_TOKENS = 15_000
MOST_DOCUMENTS = 1_000
MOST_SHAPES = 64
INTROSPECTION = re.compile(r"\b__(schema|type)\b")
"""Whatever names the schema itself takes the slower way, which completes values through graphql-core."""

K = TypeVar("K")
V = TypeVar("V")


class Recent(Generic[K, V]):
    """A bounded map that drops what was not used for longest."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._entries: OrderedDict[K, V] = OrderedDict()

    def get(self, key: K, make: Callable[[], V]) -> V:
        """Return the entry, made now where there is none."""
        if key in self._entries:
            self._entries.move_to_end(key)
            return self._entries[key]
        value = self._entries[key] = make()
        if len(self._entries) > self._most:
            self._entries.popitem(last=False)
        return value


class RequestRefused(Exception):
    """A request that cannot be executed; the errors are in the response's form."""

    def __init__(self, errors: list[dict[str, Any]]) -> None:
        super().__init__(errors)
        self.errors = errors


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation of a valid document."""

    schema: GraphQLSchema
    node: OperationDefinitionNode
    fragments: Mapping[str, FragmentDefinitionNode]
    variables: Mapping[str, GraphQLInputType]
    introspects: bool
    _statements: Recent[Any, Compiled] = field(default_factory=lambda: Recent(MOST_SHAPES))

    @property
    def kind(self) -> OperationType:
        """Query, mutation or subscription."""
        return self.node.operation

    def coerce(self, raw: Mapping[str, Any]) -> dict[str, Any]:
        """Return the variables by graphql-core's rules. Raises RequestRefused."""
        definitions = self.node.variable_definitions or ()
        if not definitions:
            return {}
        values = get_variable_values(self.schema, definitions, dict(raw), max_errors=20)
        if isinstance(values, list):
            raise RequestRefused([formatted(error, BAD_USER_INPUT) for error in values])
        return values.coerced

    def shape(self, variables: Mapping[str, Any]) -> tuple[Any, ...]:
        """Return what of the variables may shape a statement."""
        return tuple(
            shape(variables[name], type_) if name in variables else Ellipsis for name, type_ in self.variables.items()
        )

    def selection(self, variables: Mapping[str, Any]) -> Selection:
        """Return the read plan of the operation for variables of one shape."""
        root = self.schema.get_root_type(self.kind)
        if root is None:
            raise TypeError(f"the schema has no {self.kind.value} type")
        return SelectionReader(self.schema, self.fragments, variables).selection(root, [self.node.selection_set])

    def statement(self, variables: Mapping[str, Any]) -> Compiled:
        """Return the statement of the query for variables of this shape. Raises InvalidInput."""
        return self._statements.get(self.shape(variables), lambda: self._compile(variables))

    def _compile(self, variables: Mapping[str, Any]) -> Compiled:
        return compile_operation(self.selection(variables), complete_types=self.introspects)


class Operations:
    """The operations of recent documents, by text and operation name."""

    def __init__(self, schema: GraphQLSchema) -> None:
        self._schema = schema
        self._documents: Recent[tuple[str, str | None], Operation] = Recent(MOST_DOCUMENTS)

    def get(self, text: str, name: str | None) -> Operation:
        """Return a document's operation. Raises RequestRefused for a document that cannot be executed."""
        return self._documents.get((text, name), lambda: self._prepare(text, name))

    def _prepare(self, text: str, name: str | None) -> Operation:
        document = self._parsed(text)
        errors = validate(self._schema, document, max_errors=20)
        if errors:
            raise RequestRefused([formatted(error, VALIDATION_FAILED) for error in errors])
        node = get_operation_ast(document, name)
        if node is None:
            raise RequestRefused([_unknown_operation(document, name)])
        fragments = {
            definition.name.value: definition
            for definition in document.definitions
            if isinstance(definition, FragmentDefinitionNode)
        }
        variables = {
            definition.variable.name.value: type_from_ast(self._schema, definition.type)
            for definition in node.variable_definitions or ()
        }
        return Operation(self._schema, node, fragments, variables, bool(INTROSPECTION.search(text)))  # type: ignore[arg-type]

    def _parsed(self, text: str) -> DocumentNode:
        try:
            return parse(text, max_tokens=MOST_TOKENS)
        except GraphQLError as error:
            raise RequestRefused([formatted(error, PARSE_FAILED)]) from None
        except RecursionError:
            too_deep = GraphQLError("The document is nested too deeply.")
            raise RequestRefused([formatted(too_deep, PARSE_FAILED)]) from None


def _unknown_operation(document: DocumentNode, name: str | None) -> dict[str, Any]:
    """Return the error for a request that does not choose an operation of its document."""
    names = [
        definition.name.value if definition.name else "(unnamed)"
        for definition in document.definitions
        if isinstance(definition, OperationDefinitionNode)
    ]
    problem = (
        f"No operation is named {name!r}" if name else "operationName is needed to choose among several operations"
    )
    return formatted(GraphQLError(f"{problem}; the document has: {', '.join(names) or 'none'}."), OPERATION_UNKNOWN)
