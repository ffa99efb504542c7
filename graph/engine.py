"""Executes requests: a query is one SQL statement whose bytes are the answer."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import orjson
from graphql import GraphQLError, OperationType

from graph.context import Context
from graph.errors import NOT_ALLOWED, formatted, masked, of_execution, refused
from graph.operations import Operation, Operations, RequestRefused
from graph.schema import Schema
from services.core.actor import Actor
from services.core.clock import Clock
from services.core.database import Database
from services.core.errors import DomainError
from services.reads.fetch import fetch
from services.reads.parameters import Request


@dataclass(frozen=True, slots=True)
class GraphQLRequest:
    """A well-formed request of GraphQL over HTTP."""

    query: str
    operation_name: str | None = None
    variables: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Answer:
    """A response's body. `executed` is false for a request that was refused before it ran."""

    body: bytes
    executed: bool = True


class Engine:
    """Executes GraphQL requests for one process."""

    def __init__(self, schema: Schema, db: Database, clock: Clock) -> None:
        self._schema = schema
        self._db = db
        self._clock = clock
        self._operations = Operations(schema.core)

    async def execute(self, request: GraphQLRequest, actor: Actor, *, queries_only: bool = False) -> Answer:
        """Return the answer to a request. With `queries_only`, what would write is refused."""
        try:
            operation, variables = self.prepare(request)
            check_allowed(operation.kind, queries_only=queries_only)
        except RequestRefused as error:
            return Answer(orjson.dumps({"errors": error.errors}), executed=False)
        if operation.kind is OperationType.QUERY and not operation.introspects:
            return await self._query(operation, variables, actor)
        return await self._complete(operation, request, variables, actor)

    def prepare(self, request: GraphQLRequest) -> tuple[Operation, dict[str, Any]]:
        """Return a request's operation and its variables. Raises RequestRefused."""
        operation = self._operations.get(request.query, request.operation_name)
        return operation, operation.coerce(request.variables)

    async def _query(self, operation: Operation, variables: Mapping[str, Any], actor: Actor) -> Answer:
        """Answer a query: one statement, its bytes."""
        data, errors = await self._data(operation, variables, actor)
        return Answer(orjson.dumps({"errors": errors, "data": None}) if errors else b'{"data":' + data + b"}")

    async def _data(
        self, operation: Operation, variables: Mapping[str, Any], actor: Actor
    ) -> tuple[bytes, list[dict[str, Any]]]:
        """Return a query's data, or the errors that took its place."""
        try:
            compiled = operation.statement(variables)
            async with self._db.read() as tx:
                return await fetch(tx, compiled, Request(variables, actor, self._clock.now())), []
        except DomainError as error:
            return b"null", [refused(error)]
        except Exception as error:  # noqa: BLE001 -- a bug is masked and logged
            return b"null", [masked(error)]

    async def _complete(
        self, operation: Operation, request: GraphQLRequest, variables: Mapping[str, Any], actor: Actor
    ) -> Answer:
        """Execute a mutation, or a query that asks for the schema too, through graphql-core."""
        root = None
        if operation.kind is OperationType.QUERY:
            data, errors = await self._data(operation, variables, actor)
            if errors:
                return Answer(orjson.dumps({"errors": errors, "data": None}))
            root = orjson.loads(data)
        result = await self._schema.execute(
            request.query,
            variable_values=dict(request.variables),
            context_value=Context(self._db, actor, self._clock),
            root_value=root,
            operation_name=request.operation_name,
        )
        answer: dict[str, Any] = {"data": result.data}
        if result.errors:
            answer = {"errors": [of_execution(error) for error in result.errors], **answer}
        return Answer(orjson.dumps(answer))


def check_allowed(kind: OperationType, *, queries_only: bool) -> None:
    """Hold that the request may run an operation of the kind. Raises RequestRefused."""
    if kind is OperationType.QUERY or (kind is OperationType.MUTATION and not queries_only):
        return
    means = "POST" if kind is OperationType.MUTATION else "a WebSocket or an event stream"
    error = GraphQLError(f"A {kind.value} cannot be run by this request; send it by {means}.")
    raise RequestRefused([formatted(error, NOT_ALLOWED)])
