"""The schema: Strawberry's types, completed by response key from what the read engine gives."""

from importlib.metadata import version
from typing import Any

import strawberry
from graphql import (
    GraphQLError,
    GraphQLInputObjectType,
    GraphQLObjectType,
    GraphQLResolveInfo,
    GraphQLSchema,
    is_abstract_type,
)
from strawberry.schema.config import StrawberryConfig
from strawberry.types.execution import ExecutionContext
from strawberry.types.scalar import ScalarDefinition

from graph.federation import REPRESENTATION, federated
from graph.mutations.mutation import Mutation
from graph.mutations.perform import Written
from graph.releases import note_additions, released_schema
from graph.scalars import SCALARS
from graph.types.query import Query
from graph.types.subscription import Subscription
from services.reads.catalogue.entities import ENTITIES
from services.reads.plan import TYPENAME


class Schema(strawberry.Schema):
    """Strawberry's schema; the engine reports errors, once."""

    def process_errors(self, errors: list[GraphQLError], execution_context: ExecutionContext | None = None) -> None:
        """Leave the log to the engine."""

    @property
    def core(self) -> GraphQLSchema:
        """The schema as graphql-core has it."""
        return self._schema


def by_response_key(source: Any, info: GraphQLResolveInfo[Any], **_arguments: object) -> Any:  # noqa: ANN401
    """Resolve a field from data that the read engine has built under its response key."""
    return source[info.path.key]


def written(source: Written, info: GraphQLResolveInfo[Any]) -> Any:  # noqa: ANN401
    """Resolve a payload's thing from what was read back, null beside errors."""
    return source.things.get(str(info.path.key))


def type_name(value: Any, _info: GraphQLResolveInfo[Any], _type: object) -> str:  # noqa: ANN401
    """Resolve an abstract type from the name that the read engine left in the data."""
    name: str = value[TYPENAME]
    return name


def build_schema(*, federation: bool = False) -> Schema:
    """Return the schema; with `federation`, a subgraph's."""
    if not federation:
        return completed(Query, SCALARS)
    plain = build_schema()
    return completed(federated(plain.core, plain.as_str()), {**SCALARS, **REPRESENTATION})


def completed(query: type[Query], scalars: dict[object, ScalarDefinition]) -> Schema:
    """Return the schema of a Query type. Read types resolve by response key, so that aliases need no second look."""
    config = StrawberryConfig(scalar_map=scalars)
    schema = Schema(query=query, mutation=Mutation, subscription=Subscription, config=config)
    for type_ in schema.core.type_map.values():
        if is_abstract_type(type_):
            type_.resolve_type = type_name
        elif isinstance(type_, GraphQLInputObjectType):
            # Strawberry checks @oneOf when it converts arguments, which the read engine does not ask it to do
            type_.is_one_of = type_.extensions["strawberry-definition"].is_one_of
        elif isinstance(type_, GraphQLObjectType) and is_read(type_):
            type_.is_type_of = None
            for field in type_.fields.values():
                if field.extensions["strawberry-definition"].base_resolver is None:
                    field.resolve = by_response_key
        elif isinstance(type_, GraphQLObjectType) and type_.name.endswith("Payload"):
            type_.is_type_of = None
            for name, field in type_.fields.items():
                if name != "errors":
                    field.resolve = written
    note_additions(schema.core, released_schema(), ".".join(version("shangliang").split(".")[:2]))
    return schema


def is_read(type_: GraphQLObjectType) -> bool:
    """Tell whether the read engine fills a type: entities, roll-ups, connections and their parts."""
    parts = ("Connection", "Edge")
    return (
        type_.name in ENTITIES or type_.name in {"PageInfo", "Statistics", "TopicCounts"} or type_.name.endswith(parts)
    )
