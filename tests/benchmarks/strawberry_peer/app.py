"""A peer: Strawberry as its documentation shows it, over SQLAlchemy's asynchronous ORM with DataLoaders.

Run by uvicorn's command line; the database and the number of connections come from the environment.
"""

import os
from typing import NewType

import strawberry
from sqlalchemy import select
from sqlalchemy.ext.asyncio import async_sessionmaker
from sqlmodel import col
from starlette.requests import Request
from starlette.responses import Response
from starlette.websockets import WebSocket
from strawberry.asgi import GraphQL
from strawberry.schema.config import StrawberryConfig
from strawberry.types.scalar import ScalarDefinition

import services.migrations.tables  # noqa: F401 -- a table refers to others by name: all of them are known here
from graph.enums import Direction, TopicStatus
from services.core.engines import open_engine
from services.core.scope import subtree
from services.divisions import models as divisions
from services.topics import models as topics
from tests.benchmarks.strawberry_peer.loaders import Loaders
from tests.benchmarks.strawberry_peer.types import LISTED, Context, Division, Topic, TopicConnection

DivisionCode = NewType("DivisionCode", str)
SCALARS: dict[object, ScalarDefinition] = {
    DivisionCode: strawberry.scalar(name="DivisionCode", serialize=str, parse_value=str)
}


@strawberry.input
class TopicKey:
    number: str


@strawberry.input
class TopicFilter:
    within: DivisionCode
    status: list[TopicStatus] | None = None


@strawberry.input
class TopicOrder:
    proposed_at: Direction


@strawberry.type
class Query:
    @strawberry.field
    async def division(self, info: Context, code: DivisionCode) -> Division | None:
        row = await info.context.one(divisions.Division, "code").load(code)
        return Division.of(row) if row else None

    @strawberry.field
    async def topic(self, info: Context, by: TopicKey) -> Topic | None:
        table = topics.Topic
        rows = await info.context.rows(select(table).where(col(table.number) == by.number, LISTED))
        return Topic.of(rows[0][0]) if rows else None

    @strawberry.field
    async def topics(
        self,
        info: Context,
        filter: TopicFilter,  # noqa: A002 -- the schema's word
        order_by: list[TopicOrder],
        first: int = 20,
    ) -> TopicConnection:
        table, scope = topics.Topic, subtree(filter.within)
        number = col(table.division_number)
        statement = select(table).where(number >= scope.lower, number < scope.upper, LISTED)
        if filter.status is not None:
            statement = statement.where(col(table.status).in_(filter.status))
        descending = order_by and order_by[0].proposed_at is Direction.DESC
        keys = [key.desc() if descending else key.asc() for key in (col(table.proposed_at), col(table.id))]
        rows = await info.context.rows(statement.order_by(*keys).limit(first))
        return TopicConnection(nodes=[Topic.of(row) for (row,) in rows])


class Peer(GraphQL[Loaders, None]):
    """The ASGI application."""

    def __init__(self, database_url: str, connections: int, mutation: type | None = None) -> None:
        config = StrawberryConfig(scalar_map=SCALARS)
        super().__init__(strawberry.Schema(Query, mutation, config=config), graphql_ide=None)
        self._engine = open_engine(
            database_url, server_settings={"jit": "off", "timezone": "UTC"}, pool_size=connections, max_overflow=0
        )
        self._open_session = async_sessionmaker(self._engine, expire_on_commit=False)

    async def get_context(self, request: Request | WebSocket, response: Response | WebSocket) -> Loaders:
        """Return loaders of the request's own."""
        del request, response
        return Loaders(self._open_session)

    async def close(self) -> None:
        """Close every connection."""
        await self._engine.dispose()


def create_app() -> Peer:
    """Return the application that the environment describes."""
    return Peer(os.environ["DATABASE_URL"], int(os.environ["CONNECTIONS"]))
