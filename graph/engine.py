"""Executes requests: a query is one SQL statement whose bytes are the answer."""

import asyncio
from collections.abc import Awaitable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from hashlib import sha256
from inspect import isawaitable
from time import perf_counter
from typing import Any, TypeVar

import orjson
import structlog
from graphql import GraphQLError, OperationType, execute
from opentelemetry.trace import Span

from graph.budgets import Account, Budgets, OverBudget
from graph.context import Context, Progress
from graph.documents import TrustedDocuments
from graph.errors import NOT_ALLOWED, formatted, masked, of_execution, refused
from graph.execution import Execution, json_of
from graph.explain import explained
from graph.metrics import Metrics
from graph.operations import DATA, Operation, Operations, RequestRefused
from graph.persisted import PersistedQueries
from graph.refusals import with_raising
from graph.schema import Schema
from services.core.actor import Actor
from services.core.clock import Clock
from services.core.database import Database
from services.core.deadline import answered_within
from services.core.errors import DomainError
from services.core.limits import Limits
from services.core.policy import Policy
from services.core.positions import following, told
from services.core.security import SecurityEvent, fit, names_operation, note, note_refused
from services.core.tracing import span
from services.reads.fetch import Refusal, answer
from services.reads.parameters import Request
from services.reads.visibility import Sight

POSITION = "position"
"""The extension of an answer that tells what it wrote, and of a request that tells what it has to see."""
NOT_FOLLOWED = nullcontext()

log = structlog.get_logger()


@dataclass(slots=True)
class GraphQLRequest:
    """A well-formed request of GraphQL over HTTP. The query is empty where a persisted one is asked for."""

    query: str
    operation_name: str | None = None
    variables: Mapping[str, Any] = field(default_factory=dict)
    extensions: Mapping[str, Any] = field(default_factory=dict)
    document_id: str | None = None
    """That of a trusted document, in the query's place."""
    position: int = 0
    """Where the log of transactions has to have been when it is answered; 0 for anywhere."""


@dataclass(slots=True)
class Answer:
    """A response's body. `executed` is false for a request that was refused before it ran.

    `post_only` is true where it was refused because it would write and did not come by POST; `retry_after_s` tells
    when a caller whose budget is spent may come back; `position` where the log of transactions was once it had written.
    """

    body: bytes
    executed: bool = True
    post_only: bool = False
    retry_after_s: int = 0
    position: str | None = None


class PostOnly(RequestRefused):
    """A mutation that did not come by POST."""


class Engine:
    """Executes GraphQL requests for one process."""

    def __init__(  # noqa: PLR0913 -- each is a setting of its own
        self,
        schema: Schema,
        db: Database,
        clock: Clock,
        *,
        cursor_key: bytes,
        limits: Limits | None = None,
        hide_suggestions: bool = False,
        policy: Policy | None = None,
        documents: TrustedDocuments | None = None,
        budgets: Budgets | None = None,
        slow_s: float | None = None,
    ) -> None:
        """Operations that take longer than `slow_s` are logged; none without."""
        self._db = db
        self._slow_s = slow_s
        self.clock = clock
        self._cursor_key = cursor_key
        self._policy = policy or Policy()
        self._schema = schema
        self.operations = Operations(schema.core, limits or Limits(), hide_suggestions=hide_suggestions)
        self.budgets = budgets or Budgets()
        self.persisted = PersistedQueries()
        self._documents = documents or TrustedDocuments()
        self.metrics = Metrics(self.operations.recent, db)

    async def execute(self, request: GraphQLRequest, actor: Actor, *, queries_only: bool = False) -> Answer:
        """Return the answer to a request. With `queries_only`, what would write is refused."""
        began = perf_counter()
        try:
            operation = self.operation(request)
            check_allowed(operation.kind, queries_only=queries_only)
            variables, cost, account = self._admitted(operation, request.variables)
        except RequestRefused as error:
            self.metrics.refused()
            return refused_answer(error)
        extensions: dict[str, bytes] = {}
        names_operation(operation.called)
        follows = NOT_FOLLOWED if self._db.replicas is None else following(request.position)
        try:
            with answered_within(self._db.limit_s), traced(operation), follows as followed:
                if operation.kind is OperationType.QUERY and not operation.introspects:
                    body = await self._query(operation, request, variables, actor, extensions)
                else:
                    body = await self._finished(operation, request, variables, actor)
        finally:
            self.budgets.spend(account, cost, perf_counter() - began)
        if request.extensions.get("cost") is True:
            extensions["cost"] = orjson.dumps({**operation.told(cost), **self.budgets.told(account)})
        position = told(followed.written) if followed is not None and followed.written else None
        if position is not None:
            extensions[POSITION] = orjson.dumps(position)
        self._finish(operation, perf_counter() - began)
        return Answer(with_extensions(body, extensions) if extensions else body, position=position)

    def _finish(self, operation: Operation, taken_s: float) -> None:
        """Count an operation that was answered; log one that took long."""
        self.metrics.answered(operation.kind, taken_s)
        if self._slow_s is not None and taken_s > self._slow_s:
            log.warning(
                "slow operation",
                kind=operation.kind.value,
                operation=fit(operation.called),
                document=sha256(operation.text.encode()).hexdigest(),
                seconds=round(taken_s, 3),
            )

    async def read(self, document: str, variables: Mapping[str, Any], actor: Actor) -> Mapping[str, Any]:
        """Return the data of a query of this application's own, charged like everybody's; what is refused is null.

        It runs whatever documents are trusted. Raises RequestRefused, DomainError.
        """
        began = perf_counter()
        operation = self.operations.get(document, None)
        coerced, cost, account = self._admitted(operation, variables)
        try:
            with answered_within(self._db.limit_s):
                body, refusals = await self._answered(operation, coerced, actor)
        finally:
            self.budgets.spend(account, cost, perf_counter() - began)
        self._finish(operation, perf_counter() - began)
        if refusals:
            body = await operation.completed(memoryview(body)[len(DATA) : -1], refusals, coerced)
        data: Mapping[str, Any] = orjson.loads(body)["data"]
        return data

    def _admitted(
        self, operation: Operation, variables: Mapping[str, Any]
    ) -> tuple[Mapping[str, Any], int, Account | None]:
        """Return the variables as they are taken, what is charged for them, and whose account it is.

        Raises RequestRefused.
        """
        coerced = operation.coerce(variables)
        cost = operation.charge(coerced)
        return operation.evened(coerced), cost, self.budgets.open(operation.told(cost))

    def operation(self, request: GraphQLRequest) -> Operation:
        """Return the operation that a request chooses. Raises RequestRefused."""
        text = request.query
        if request.document_id is not None:
            text = self._documents.named(request.document_id)
        elif request.extensions and "persistedQuery" in request.extensions:
            text = self._persisted_text(text, request.extensions["persistedQuery"])
        self._documents.check(text)
        return self.operations.get(text, request.operation_name)

    def _persisted_text(self, query: str, extension: Any) -> str:  # noqa: ANN401 -- a JSON value
        """Return the document that is requested by its digest: a trusted one, or one that was sent before.

        Raises RequestRefused.
        """
        if not query and isinstance(extension, Mapping):
            trusted = self._documents.of_digest(extension.get("sha256Hash"))
            if trusted is not None:
                return trusted
        if query or self._documents.only:
            self._documents.check(query)
        return self.persisted.text(query, extension)

    async def _query(
        self,
        operation: Operation,
        request: GraphQLRequest,
        variables: Mapping[str, Any],
        actor: Actor,
        extensions: dict[str, bytes],
    ) -> bytes:
        """Answer a query: one statement, its bytes. Adds the explanation to the extensions where it is asked for."""
        (body, refusals), errors = await caught(self._answered(operation, variables, actor), (b"null", ()))
        if not errors and request.extensions.get("explain") is True:
            compiled = operation.statement(variables, Sight.of(actor))
            extension, errors = await caught(explained(self._db.reads, compiled, actor), b"null", "explain")
            if not errors:
                extensions["explain"] = extension
        if errors:
            return orjson.dumps({"errors": errors, "data": None})
        if refusals:
            return await operation.completed(memoryview(body)[len(DATA) : -1], refusals, variables)
        return body

    async def _answered(
        self, operation: Operation, variables: Mapping[str, Any], actor: Actor
    ) -> tuple[bytes, Sequence[Refusal]]:
        """Return a query's answer as the database wrote it, and what marks in it stand for. Raises DomainError."""
        sight = Sight.of(actor)
        return await answer(
            self._db.reads,
            lambda refused: operation.statement(variables, sight, refused),
            self.bindings(variables, actor),
        )

    def bindings(self, variables: Mapping[str, Any], actor: Actor) -> Request:
        """Return what a statement's parameters take their values from now."""
        return Request(variables, actor, self.clock.now(), self._cursor_key, self._policy)

    async def _finished(
        self, operation: Operation, request: GraphQLRequest, variables: Mapping[str, Any], actor: Actor
    ) -> bytes:
        """Complete an operation though its client leaves, once it has begun to commit; before that it is undone.

        Cut while it commits, a mutation would be done or not; finished, it is what a repetition by its idempotency key
        finds.
        """
        progress = Progress()
        work = asyncio.ensure_future(self._complete(operation, request, variables, actor, progress))
        try:
            return await asyncio.shield(work)
        except asyncio.CancelledError:
            if not progress.commits:
                work.cancel()
            raise

    async def _complete(
        self,
        operation: Operation,
        request: GraphQLRequest,
        variables: Mapping[str, Any],
        actor: Actor,
        progress: Progress,
    ) -> bytes:
        """Execute a mutation; what has no other way, and a query that asks for the schema too, through graphql-core."""
        root, finished = None, dict[str, bytes]()
        context = Context(self._db, actor, self.clock, self._cursor_key, self._policy, progress)
        if operation.kind is OperationType.QUERY:
            (body, refusals), errors = await caught(self._answered(operation, variables, actor), (b"null", ()))
            if errors:
                return orjson.dumps({"errors": errors, "data": None})
            root = with_raising(orjson.loads(body)["data"], refusals)
        elif not operation.introspects:
            execution = Execution(self._schema, operation, variables, context)
            complete, finished = await execution.run(), execution.finished
            if complete:
                return DATA + json_of(finished) + b"}"
        executing = execute(
            operation.schema,
            operation.document,
            variable_values=dict(request.variables),
            context_value=context,
            root_value=root,
            operation_name=request.operation_name,
        )
        result = await executing if isawaitable(executing) else executing
        answer: dict[str, Any] = {"data": result.data}
        if result.errors:
            answer = {"errors": [of_execution(error) for error in result.errors], **answer}
        if result.data is not None:
            answer["data"] = {**result.data, **{key: orjson.Fragment(text) for key, text in finished.items()}}
        return orjson.dumps(answer)


def traced(operation: Operation) -> AbstractContextManager[Span]:
    """Return the span of an operation."""
    kind = operation.kind.value
    named = {"graphql.operation.name": operation.called} if operation.called else {}
    return span(kind, attributes={"graphql.operation.type": kind, **named})


def refused_answer(error: RequestRefused) -> Answer:
    """Return the answer to a request that is refused before it runs."""
    extensions = {"extensions": error.extensions} if error.extensions else {}
    body = orjson.dumps({"errors": error.errors, **extensions})
    retry_after_s = error.retry_after_s if isinstance(error, OverBudget) else 0
    return Answer(body, executed=False, post_only=isinstance(error, PostOnly), retry_after_s=retry_after_s)


def with_extensions(body: bytes, extensions: Mapping[str, bytes]) -> bytes:
    """Return an answer, a JSON object without extensions, with these at its end."""
    parts = [orjson.dumps(name) + b":" + value for name, value in extensions.items()]
    return body[:-1] + b',"extensions":{' + b",".join(parts) + b"}}"


T = TypeVar("T")


async def caught(work: Awaitable[T], nothing: T, act: str = "query") -> tuple[T, list[dict[str, Any]]]:
    """Return the result of the work and no errors, or `nothing` and the errors of what it raised; note refusals."""
    try:
        return await work, []
    except DomainError as error:
        note_refused(error, act)
        return nothing, [refused(error)]
    except Exception as error:  # noqa: BLE001 -- a bug is masked and logged
        return nothing, [masked(error)]


def check_allowed(kind: OperationType, *, queries_only: bool) -> None:
    """Raise RequestRefused unless the request may run an operation of the kind."""
    if kind is OperationType.QUERY or (kind is OperationType.MUTATION and not queries_only):
        return
    writes = kind is OperationType.MUTATION
    note(SecurityEvent.ACT_REFUSED, act=kind.value, reason=NOT_ALLOWED)
    means = "POST" if writes else "a WebSocket or an event stream"
    error = GraphQLError(f"A {kind.value} cannot be run by this request; send it by {means}.")
    raise (PostOnly if writes else RequestRefused)([formatted(error, NOT_ALLOWED)])
