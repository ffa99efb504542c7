"""An export is the GraphQL list of the same name with the same arguments, read to its end by one statement."""

from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field
from typing import Any

from graphql import GraphQLArgument, GraphQLInputObjectType, GraphQLObjectType, get_named_type

from graph.engine import Engine
from graph.exports.columns import Path, paths, refusal, selection
from graph.exports.formats import FORMATS, Format
from graph.exports.lists import LISTS
from graph.schema import Schema
from services.core.actor import Actor
from services.core.database import Database
from services.core.security import SecurityEvent, note
from services.reads.compile import compile_look_up_of_list, compile_rows
from services.reads.fetch import check
from services.reads.page_plan import PAGE_MOST
from services.reads.parameters import Request
from services.reads.refusals import Compiled
from services.reads.visibility import Sight

BEGINNING_S = 0.1
"""What beginning an export is reckoned to take; how many there are at once is bounded besides."""


@dataclass(frozen=True, slots=True)
class ExportRequest:
    """Which list, of `LISTS`, in which of `FORMATS`; its filter and order as JSON has them; columns by name."""

    list: str
    format: str
    filter: Mapping[str, Any] | None = None
    order_by: Any = None
    fields: Sequence[str] = field(default_factory=tuple)


@dataclass(frozen=True, slots=True)
class Export:
    """An export that can begin."""

    asked: ExportRequest
    format: Format
    columns: Sequence[Path]
    file_name: str
    compiled: Compiled
    look_up: Compiled | None
    """The statement that finds out whether what the filter names is there."""
    request: Request
    db: Database

    async def check(self) -> None:
        """Raise DomainError unless what the filter names is there."""
        await check(self.db.primary, self.look_up, self.request)

    async def parts(self) -> AsyncGenerator[bytes, None]:
        """Yield the file part by part, each read when it is asked for. Raises DomainError.

        At its end, or where it is left, the security log is told which list it was and how many rows were read.
        """
        head, count, whole = self.format.head(self.columns), 0, False
        arguments = self.compiled.arguments(self.request)
        try:
            async with aclosing(self.db.rows.batches(self.compiled.sql, arguments, self.request.actor)) as found:
                async for rows in found:
                    count += len(rows)
                    yield head + self.format.lines(self.columns, rows)
                    head = b""
            if head:
                yield head
            whole = True
        finally:
            asked = self.asked
            note(SecurityEvent.EXPORT_MADE, list=asked.list, format=asked.format, rows=count, whole=whole)


class Exports:
    """Exports of one process."""

    def __init__(self, schema: Schema, engine: Engine, db: Database) -> None:
        self._engine = engine
        self._db = db
        query = schema.core.query_type
        if query is None:
            raise TypeError("the schema has no Query type")
        self._query = query

    @property
    def begin_s(self) -> float:
        """How long the database may take until an export begins."""
        return self._db.limit_s

    def filter_type(self, name: str) -> GraphQLInputObjectType:
        """Return the input type of a list's filter. Raises TypeError."""
        type_ = get_named_type(self._arguments(name)["filter"].type)
        if not isinstance(type_, GraphQLInputObjectType):
            raise TypeError(f"the filter of {name} is no input object")
        return type_

    def prepare(self, asked: ExportRequest, actor: Actor) -> Export:
        """Return the export that a caller requests. Raises RequestRefused, DomainError."""
        columns = paths(self._item(asked.list), asked.fields or LISTS[asked.list])
        given = {"filter": asked.filter, "orderBy": asked.order_by}
        variables = {name: content for name, content in given.items() if content is not None}
        operation = self._engine.operations.get(self._document(asked.list, columns, variables), None)
        coerced = operation.coerce(variables)
        cost = operation.charge(coerced)
        coerced = operation.evened(coerced)
        self._engine.budgets.spend(self._engine.budgets.open(operation.told(cost)), cost, BEGINNING_S)
        (field_,) = operation.selection(coerced).of(self._query.name)
        request = self._engine.bindings(coerced, actor)
        file_name = f"{asked.list}-{request.today}.{asked.format}"
        sight = Sight.of(actor)
        compiled = compile_rows(field_, sight)
        look_up = compile_look_up_of_list(field_, sight)
        return Export(asked, FORMATS[asked.format], columns, file_name, compiled, look_up, request, self._db)

    def _arguments(self, name: str) -> Mapping[str, GraphQLArgument]:
        arguments: Mapping[str, GraphQLArgument] = self._query.fields[name].args
        return arguments

    def _item(self, name: str) -> GraphQLObjectType:
        """Return the type of a list's items."""
        connection = get_named_type(self._query.fields[name].type)
        item = get_named_type(connection.fields["nodes"].type)
        if not isinstance(item, GraphQLObjectType):
            raise TypeError(f"{name} are no objects of one type")
        return item

    def _document(self, name: str, columns: Sequence[Path], variables: Mapping[str, Any]) -> str:
        """Return the query of one page of the list: what it may cost is what a page may. Raises RequestRefused."""
        known = self._arguments(name)
        if "orderBy" in variables and "orderBy" not in known:
            raise refusal(f"The list {name} has one order; leave orderBy out.")
        declared = ", ".join(f"${given}: {known[given].type}" for given in variables)
        passed = "".join(f"{given}: ${given}, " for given in variables)
        operation = f"query({declared})" if declared else "query"
        return f"{operation} {{ {name}({passed}first: {PAGE_MOST}) {{ nodes {selection(columns)} }} }}"
