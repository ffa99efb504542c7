"""This service as a subgraph of Apollo Federation 2: its schema with keys, and entities by their representations."""

from dataclasses import replace
from typing import Annotated, Any, NewType, Union

import strawberry
from graphql import (
    ConstArgumentNode,
    ConstDirectiveNode,
    DocumentNode,
    GraphQLSchema,
    NameNode,
    ObjectTypeDefinitionNode,
    StringValueNode,
    ValueNode,
    Visitor,
    parse,
    print_ast,
    value_from_ast_untyped,
    visit,
)
from strawberry.types import get_object_definition
from strawberry.types.scalar import ScalarDefinition

from graph.types.connections import arguments, with_arguments
from graph.types.query import Query
from services.reads.catalogue.entities import NODES
from services.reads.nodes import Name

LINK = parse(
    'extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@shareable"])'
).definitions
SHAREABLE = frozenset({"PageInfo"})
"""Types that other services have too, alike."""

Representation = NewType("Representation", object)


def parse_literal(node: ValueNode, _variables: dict[str, Any] | None = None) -> Name:
    """Return what a representation in the document names. Raises InvalidInput, for variables inside one too."""
    return Name.of_representation(value_from_ast_untyped(node))


REPRESENTATION: dict[object, ScalarDefinition] = {
    Representation: strawberry.scalar(
        name="_Any",
        description="A representation: an object with __typename and one of the type's keys. As a variable it is "
        "one whole; a literal has no variable inside.",
        parse_value=Name.of_representation,
        parse_literal=parse_literal,
    )
}
"""The scalar of representations, which become names as they are parsed."""


@strawberry.type(name="_Service", description="This service in a federated graph.")
class Service:
    """This service in a federated graph."""

    sdl: str = strawberry.field(description="Its schema, with keys.")


def federated(plain: GraphQLSchema, sdl: str) -> type[Query]:
    """Return the Query type with `_service` and `_entities` for the schema without them and its SDL."""
    service = Service(sdl=with_keys(sdl))
    types = tuple(plain.type_map[name].extensions["strawberry-definition"].origin for name in NODES)
    union = strawberry.union("_Entity", description="Whatever has a key.")

    @strawberry.type(name="Query", description=get_object_definition(Query, strict=True).description)
    class FederatedQuery(Query):
        """Where every query starts, those of a federation's router too."""

        service: Service = strawberry.field(
            resolver=lambda: service, name="_service", description="This service in a federated graph."
        )
        entities: list[Annotated[Union[types], union] | None] = with_arguments(  # type: ignore[valid-type]  # noqa: UP007 -- of as many types as there are
            "At most 1,000 representations; one null for each that does not exist or is out of the caller's sight.",
            arguments(representations=list[Representation]),
            name="_entities",
        )

    return FederatedQuery


def with_keys(sdl: str) -> str:
    """Return a schema's SDL as a subgraph's: linked to the federation, each entity with its keys."""
    document = visit(parse(sdl), Keys())
    return print_ast(DocumentNode(definitions=(*LINK, *document.definitions)))


class Keys(Visitor):
    """Adds the federation's directives to the types that they are for."""

    def enter_object_type_definition(
        self, node: ObjectTypeDefinitionNode, *_place: object
    ) -> ObjectTypeDefinitionNode | None:
        """Return the type with its directives; None leaves it as it is."""
        name = node.name.value
        added = [directive("key", fields=key) for key in NODES[name].keys] if name in NODES else []
        if name in SHAREABLE:
            added.append(directive("shareable"))
        return replace(node, directives=(*(node.directives or ()), *added)) if added else None


def directive(name: str, **values: str) -> ConstDirectiveNode:
    """Return a use of a directive, its values texts."""
    given = [
        ConstArgumentNode(name=NameNode(value=key), value=StringValueNode(value=text)) for key, text in values.items()
    ]
    return ConstDirectiveNode(name=NameNode(value=name), arguments=tuple(given))
