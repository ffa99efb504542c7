"""Executes requests: a query is one SQL statement whose bytes are the answer."""

from collections.abc import Awaitable, Mapping
from dataclasses import dataclass, field
from time import perf_counter
from typing import Any

import orjson
from graphql import GraphQLError, OperationType

from graph.context import Context
from graph.errors import NOT_ALLOWED, formatted, masked, of_execution, refused
from graph.explain import explained
from graph.metrics import Metrics
from graph.operations import Operation, Operations, RequestRefused
from graph.persisted import PersistedQueries
from graph.schema import Schema
from services.core.actor import Actor
from services.core.clock import Clock
from services.core.database import Database
from services.core.errors import DomainError
from services.reads.fetch import fetch
from services.reads.parameters import Request
from services.reads.visibility import Sight


@dataclass(frozen=True, slots=True)
class GraphQLRequest:
    """A well-formed request of GraphQL over HTTP. The query is empty where a persisted one is asked for."""

    query: str
    operation_name: str | None = None
    variables: Mapping[str, Any] = field(default_factory=dict)
    extensions: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Answer:
    """A response's body. `executed` is false for a request that was refused before it ran.

    `post_only` is true where it was refused because it would write and did not come by POST.
    """

    body: bytes
    executed: bool = True
    post_only: bool = False


class PostOnly(RequestRefused):
    """A mutation that did not come by POST."""


class Engine:
    """Executes GraphQL requests for one process."""

    def __init__(self, schema: Schema, db: Database, clock: Clock, *, cursor_key: bytes) -> None:
        self._schema = schema
        self._db = db
        self._clock = clock
        self._cursor_key = cursor_key
        self._operations = Operations(schema.core)
        self._persisted = PersistedQueries()
        self.metrics = Metrics(self._operations.recent, db.reads)

    async def execute(self, request: GraphQLRequest, actor: Actor, *, queries_only: bool = False) -> Answer:
        """Return the answer to a request. With `queries_only`, what would write is refused."""
        began = perf_counter()
        try:
            operation = self.operation(request)
            check_allowed(operation.kind, queries_only=queries_only)
            variables = operation.coerce(request.variables)
        except RequestRefused as error:
            self.metrics.refused()
            return Answer(orjson.dumps({"errors": error.errors}), executed=False, post_only=isinstance(error, PostOnly))
        if operation.kind is OperationType.QUERY and not operation.introspects:
            answer = await self._query(operation, request, variables, actor)
        else:
            answer = await self._complete(operation, request, variables, actor)
        self.metrics.answered(operation.kind, perf_counter() - began)
        return answer

    def operation(self, request: GraphQLRequest) -> Operation:
        """Return the operation that a request chooses. Raises RequestRefused."""
        text = request.query
        if request.extensions and "persistedQuery" in request.extensions:
            text = self._persisted.text(text, request.extensions["persistedQuery"])
        return self._operations.get(text, request.operation_name)

    async def _query(
        self, operation: Operation, request: GraphQLRequest, variables: Mapping[str, Any], actor: Actor
    ) -> Answer:
        """Answer a query: one statement, its bytes."""
        data, errors = await caught(self._data(operation, variables, actor))
        extension = b""
        if not errors and request.extensions.get("explain") is True:
            compiled = operation.statement(variables, Sight.of(actor))
            extension, errors = await caught(explained(self._db.reads, compiled, actor))
        if errors:
            return Answer(orjson.dumps({"errors": errors, "data": None}))
        if extension:
            return Answer(b'{"data":%b,"extensions":{"explain":%b}}' % (data, extension))
        return Answer(b'{"data":' + data + b"}")

    async def _data(self, operation: Operation, variables: Mapping[str, Any], actor: Actor) -> bytes:
        """Return a query's data. Raises DomainError."""
        compiled = operation.statement(variables, Sight.of(actor))
        request = Request(variables, actor, self._clock.now(), self._cursor_key)
        return await fetch(self._db.reads, compiled, request)

    async def _complete(
        self, operation: Operation, request: GraphQLRequest, variables: Mapping[str, Any], actor: Actor
    ) -> Answer:
        """Execute a mutation, or a query that asks for the schema too, through graphql-core."""
        root = None
        if operation.kind is OperationType.QUERY:
            data, errors = await caught(self._data(operation, variables, actor))
            if errors:
                return Answer(orjson.dumps({"errors": errors, "data": None}))
            root = orjson.loads(data)
        result = await self._schema.execute(
            operation.text,
            variable_values=dict(request.variables),
            context_value=Context(self._db, actor, self._clock, self._cursor_key),
            root_value=root,
            operation_name=request.operation_name,
        )
        answer: dict[str, Any] = {"data": result.data}
        if result.errors:
            answer = {"errors": [of_execution(error) for error in result.errors], **answer}
        return Answer(orjson.dumps(answer))


async def caught(work: Awaitable[bytes]) -> tuple[bytes, list[dict[str, Any]]]:
    """Return what the work gives, or the errors that took its place."""
    try:
        return await work, []
    except DomainError as error:
        return b"null", [refused(error)]
    except Exception as error:  # noqa: BLE001 -- a bug is masked and logged
        return b"null", [masked(error)]


def check_allowed(kind: OperationType, *, queries_only: bool) -> None:
    """Hold that the request may run an operation of the kind. Raises RequestRefused."""
    if kind is OperationType.QUERY or (kind is OperationType.MUTATION and not queries_only):
        return
    writes = kind is OperationType.MUTATION
    means = "POST" if writes else "a WebSocket or an event stream"
    error = GraphQLError(f"A {kind.value} cannot be run by this request; send it by {means}.")
    raise (PostOnly if writes else RequestRefused)([formatted(error, NOT_ALLOWED)])
