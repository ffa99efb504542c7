"""The reference: a document executed by graphql-core, one resolver a field, with the rules for refused requests."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from graphql import (
    GraphQLError,
    GraphQLObjectType,
    GraphQLResolveInfo,
    GraphQLSchema,
    execute_sync,
    get_operation_ast,
    get_variable_values,
    is_abstract_type,
    parse,
    validate,
)
from sqlalchemy.util import await_only, greenlet_spawn

from graph.one_of import RULES
from graph.schema import build_schema, is_read
from services.core.actor import Actor
from services.core.clock import china_day
from tests.graph.oracle.past import Pasts
from tests.graph.oracle.refusals import Refused
from tests.graph.oracle.resolvers import resolve
from tests.graph.oracle.rows import Connection, Row, Rows
from tests.graph.oracle.templates import caller


@dataclass(frozen=True)
class Expected:
    """What a request is answered: its data and errors, or the messages of which one is reported in its place."""

    data: dict[str, Any] | None = None
    errors: tuple[GraphQLError, ...] = ()
    refusals: frozenset[str] = frozenset()
    code: str = "BAD_USER_INPUT"

    def body(self) -> bytes:
        """Return the answer's bytes. A float without fraction is written as PostgreSQL writes it."""
        return text_of({"data": self.data}).encode()


def text_of(data: Any) -> str:
    """Return data as JSON, as PostgreSQL writes it."""
    return json.dumps(shortened(data), ensure_ascii=False, separators=(",", ":"))


def cause(error: GraphQLError) -> Exception | None:
    """Return what a resolver raised; None for an error of graphql-core's own."""
    found = error.original_error
    return cause(found) if isinstance(found, GraphQLError) else found


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
                field.resolve = now
    return schema


def now(source: Any, info: GraphQLResolveInfo[Rows], **arguments: Any) -> Any:
    """Resolve a field at once, so that graphql-core takes one after the other, as its rules for errors tell it."""
    return await_only(resolve(source, info, **arguments))


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
                day = china_day(told)
                made[instant] = Rows(found.connection, found.known, caller(actor, day, told), past, self._now)
            return made[instant]

        return Rows(self._connection, self._known, caller(actor, china_day(self._now)), past, self._now)

    async def execute(
        self, text: str, variables: Mapping[str, Any], operation_name: str | None, actor: Actor
    ) -> Expected:
        """Return the answer to a request."""
        document = parse(text)
        errors = validate(self._schema, document, RULES, max_errors=20)
        if errors:
            return Expected(refusals=frozenset(error.message for error in errors), code="GRAPHQL_VALIDATION_FAILED")
        operation = get_operation_ast(document, operation_name)
        if operation is None:
            unknown = frozenset({"No operation is named", "operationName is needed to choose"})
            return Expected(refusals=unknown, code="OPERATION_RESOLUTION_FAILURE")
        values = get_variable_values(self._schema, operation.variable_definitions or (), dict(variables))
        if isinstance(values, list):
            return Expected(refusals=frozenset(error.message for error in values))
        result = await greenlet_spawn(
            execute_sync,
            self._schema,
            document,
            context_value=self.rows(actor),
            variable_values=dict(variables),
            operation_name=operation_name,
        )
        for error in result.errors or ():
            if not isinstance(cause(error), Refused | None):
                raise error
        return Expected(result.data, tuple(result.errors or ()))
