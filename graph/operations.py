"""Documents parsed and validated once, operations with the statements of their shapes: the plan cache."""

import asyncio
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from sys import getsizeof
from typing import Any

import orjson
from graphql import (
    DocumentNode,
    FragmentDefinitionNode,
    GraphQLError,
    GraphQLObjectType,
    GraphQLSchema,
    OperationDefinitionNode,
    OperationType,
    VariableNode,
    Visitor,
    get_operation_ast,
    parse,
    validate,
    visit,
)

from graph.errors import BAD_USER_INPUT, OPERATION_UNKNOWN, PARSE_FAILED, VALIDATION_FAILED, formatted
from graph.limits.cost import CostReader, amount
from graph.limits.document import Fragments, measure_document, measure_repeats
from graph.limits.excess import LARGEST, excesses, refusal
from graph.limits.prices import Amount
from graph.limits.text import measure_text
from graph.limits.variables import measure_variables
from graph.one_of import RULES
from graph.recent import MIB, Recent, footprint
from graph.refusals import Completion, Pieces
from graph.selection import ABOUT_SCHEMA, SelectionReader
from graph.variables import Variables
from services.core.limits import Limits
from services.reads.compile import NOTHING, compile_operation
from services.reads.fetch import Refusal
from services.reads.plan import Selection
from services.reads.refusals import Compiled, Place
from services.reads.visibility import Sight

MOST_DOCUMENTS, MOST_DOCUMENT_BYTES = 1_000, 64 * MIB
MOST_STATEMENTS, MOST_STATEMENT_BYTES = 8_000, 64 * MIB
BYTES, TOKEN_BYTES = 30_000, 450
"""What a prepared operation takes, and for each token of its document: its tree, and what is derived from it."""
DATA = b'{"data":'
"""How an answer without errors begins."""
LARGE = 1 << 16
"""Data of so many bytes is read in a thread."""
INTROSPECTION = re.compile(rf"\b({'|'.join(sorted(ABOUT_SCHEMA))})\b")
"""Whatever names the schema itself takes the slower way, which completes values through graphql-core."""


class RequestRefused(Exception):
    """A request that cannot be executed; the errors are in the response's form."""

    def __init__(self, errors: list[dict[str, Any]], extensions: dict[str, Any] | None = None) -> None:
        super().__init__(errors)
        self.errors = errors
        self.extensions = extensions


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation of a valid document."""

    text: str
    schema: GraphQLSchema
    document: DocumentNode
    node: OperationDefinitionNode
    fragments: Mapping[str, FragmentDefinitionNode]
    variables: Variables
    selecting: frozenset[str]
    """The variables that stand below the fields at the top, or in a fragment."""
    introspects: bool
    limits: Limits
    cost: Amount
    name: str | None
    size: int
    """About how many bytes it takes, without its statements."""
    statements: Recent[Any, Compiled]
    """Those of all operations."""

    @property
    def kind(self) -> OperationType:
        """Query, mutation or subscription."""
        return self.node.operation

    @property
    def called(self) -> str | None:
        """The name that the document gives it; None where it gives it none."""
        return self.node.name.value if self.node.name else None

    def coerce(self, raw: Mapping[str, Any]) -> dict[str, Any]:
        """Return the variables by graphql-core's rules. Raises RequestRefused."""
        if any(isinstance(value, list | dict) for value in raw.values()):
            refuse(self.limits, measure_variables(raw))
        values = self.variables.plain(raw)
        if values is not None or not self.node.variable_definitions:
            return values or {}
        coerced = self.variables.coerce(raw)
        if isinstance(coerced, list):
            raise RequestRefused([formatted(error, BAD_USER_INPUT) for error in coerced])
        return coerced

    def evened(self, variables: Mapping[str, Any]) -> dict[str, Any]:
        """Return coerced variables that mean the same, and of which fewer statements are made."""
        return self.variables.evened(variables)

    def charge(self, variables: Mapping[str, Any]) -> int:
        """Return what the operation costs with coerced variables. Raises RequestRefused above the limit."""
        requested = amount(self.cost, variables)
        if requested > self.limits.cost:
            raise RequestRefused([refusal("cost", self.limits.cost, requested)], {"cost": self.told(requested)})
        return requested

    def told(self, requested: int) -> dict[str, int]:
        """Return the cost as a response's extensions report it."""
        return {"requested": min(requested, LARGEST), "limit": self.limits.cost}

    def statement(self, variables: Mapping[str, Any], sight: Sight, refused: frozenset[Place] = NOTHING) -> Compiled:
        """Return the statement of the query for variables of this shape, callers of a kind and refused fields.

        Raises ArgumentRefused where even the fields at the top cannot be told.
        """
        key = (self.text, self.name, sight, *self.variables.shapes(variables))
        if refused:
            key = (refused, *key)
        return self.statements.get_or_make(key, lambda: self._compile(variables, sight, refused))

    def reader(self, variables: Mapping[str, Any]) -> SelectionReader:
        """Return a reader of the operation's selections for variables of one shape."""
        return SelectionReader(self.schema, self.fragments, variables)

    @property
    def root(self) -> GraphQLObjectType:
        """The type of the operation's fields."""
        root = self.schema.get_root_type(self.kind)
        if root is None:
            raise TypeError(f"the schema has no {self.kind.value} type")
        return root

    def selection(self, variables: Mapping[str, Any]) -> Selection:
        """Return the read plan of the operation for variables of one shape. Raises ArgumentRefused."""
        selection = self.reader(variables).selection(self.root, [self.node.selection_set])
        for error in selection.refusals.values():
            raise error
        return selection

    async def completed(
        self, data: bytes | memoryview, refusals: Sequence[Refusal], variables: Mapping[str, Any]
    ) -> bytes:
        """Return the answer with data in which some fields may be refused.

        Where refusals do not leave the data to be taken as it is, and it is long, it is read in a thread.
        """
        if not refusals:
            return b"".join((DATA, data, b"}"))
        completion = Completion(self.schema, self.reader(variables), self.root, self.node.selection_set)
        replaced = completion.replaced(data, refusals)
        if replaced is not None:
            return _answer(*replaced)
        if len(data) < LARGE:
            return _answer(*completion.complete(data, refusals))
        return _answer(*await asyncio.to_thread(completion.complete, data, refusals))

    def _compile(self, variables: Mapping[str, Any], sight: Sight, refused: frozenset[Place]) -> Compiled:
        selection = self.selection(variables)
        return compile_operation(selection, sight, complete_types=self.introspects, refused=refused)


class VariableNames(Visitor):
    """Collects the names of variables."""

    def __init__(self) -> None:
        super().__init__()
        self.found: set[str] = set()

    def enter_variable(self, node: VariableNode, *_: object) -> None:
        """Note a variable's name."""
        self.found.add(node.name.value)


def variables_below(node: OperationDefinitionNode, fragments: Iterable[FragmentDefinitionNode]) -> frozenset[str]:
    """Return the variables that stand in an operation below the fields at the top, or in a fragment."""
    names = VariableNames()
    below = (getattr(one, "selection_set", None) for one in node.selection_set.selections)
    for one in (*fragments, *filter(None, below)):
        visit(one, names)
    return frozenset(names.found)


class Operations:
    """The operations of recent documents, by text and operation name."""

    def __init__(self, schema: GraphQLSchema, limits: Limits, *, hide_suggestions: bool = False) -> None:
        self._schema = schema
        self._limits = limits
        self._hide_suggestions = hide_suggestions
        self.recent: Recent[tuple[str, str | None], Operation] = Recent(
            MOST_DOCUMENTS, MOST_DOCUMENT_BYTES, lambda _key, operation: operation.size
        )
        self.statements: Recent[Any, Compiled] = Recent(
            MOST_STATEMENTS, MOST_STATEMENT_BYTES, lambda *entry: footprint(entry)
        )

    def get(self, text: str, name: str | None) -> Operation:
        """Return a document's operation. Raises RequestRefused for a document that cannot be executed."""
        return self.recent.get_or_make((text, name), lambda: self._prepare(text, name))

    def _prepare(self, text: str, name: str | None) -> Operation:
        measured = measure_text(text)
        refuse(self._limits, measured)
        document = self._parsed(text)
        order = self._measured(document)
        errors = validate(self._schema, document, RULES, max_errors=20, hide_suggestions=self._hide_suggestions)
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
        variables = Variables(self._schema, node.variable_definitions or ())
        cost = CostReader(self._schema, fragments, order).cost(node)
        introspects = bool(INTROSPECTION.search(text))
        bytes_ = BYTES + TOKEN_BYTES * measured["tokens"] + getsizeof(text)
        return Operation(
            text,
            self._schema,
            document,
            node,
            fragments,
            variables,
            variables_below(node, fragments.values()),
            introspects,
            self._limits,
            cost,
            name,
            bytes_,
            self.statements,
        )

    def _parsed(self, text: str) -> DocumentNode:
        try:
            return parse(text)
        except GraphQLError as error:
            raise RequestRefused([formatted(error, PARSE_FAILED)]) from None

    def _measured(self, document: DocumentNode) -> list[str]:
        """Return the fragments' names, each after those that it spreads, of a document within the limits."""
        try:
            fragments = Fragments(document)
        except GraphQLError as error:
            raise RequestRefused([formatted(error, VALIDATION_FAILED)]) from None
        refuse(self._limits, measure_document(document, fragments))
        refuse(self._limits, measure_repeats(document, fragments))
        return fragments.order


def _answer(data: Pieces, errors: list[dict[str, Any]]) -> bytes:
    return b"".join([b'{"errors":', orjson.dumps(errors), b',"data":', *data, b"}"])


def refuse(limits: Limits, values: Mapping[str, int]) -> None:
    """Raise RequestRefused, with an error for each value above its limit, unless all are within theirs."""
    if errors := excesses(limits, values):
        raise RequestRefused(errors)


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
