from pathlib import Path
from types import SimpleNamespace

import pytest
from graphql import (
    GraphQLField,
    GraphQLInterfaceType,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLOutputType,
    GraphQLString,
    is_specified_scalar_type,
)

import graph
from graph.releases import NOTE, ROOTS, changes, members, released_schema
from graph.schema import PARTS, ROLL_UPS, Schema, is_read, require_read
from graph.selection import python_name
from services.reads.catalogue.entities import ENTITIES

COMMITTED = Path(graph.__file__).parent / "schema.graphql"
OF_A_SUBGRAPH = {"Query": {"entities"}}
"""Fields that only a subgraph of a federation has."""


def test_committed_schema_is_the_schema(schema: Schema) -> None:
    assert COMMITTED.read_text(encoding="utf-8") == schema.as_file(), "run: make schema"


def test_every_field_declared_in_the_catalogue_is_in_the_schema(schema: Schema) -> None:
    for type_ in schema.core.type_map.values():
        if isinstance(type_, GraphQLObjectType) and is_read(type_) and not type_.name.endswith(PARTS):
            for name in ROLL_UPS.get(type_.name, (type_.name,)):
                declared = set(ENTITIES[name].fields) - OF_A_SUBGRAPH.get(name, set())
                assert declared <= {python_name(field) for field in type_.fields.values()}, name


def topic_with(name: str, type_: GraphQLOutputType) -> GraphQLObjectType:
    """Return the type of topics with one field."""
    definition = SimpleNamespace(python_name=name, base_resolver=None)
    return GraphQLObjectType("Topic", {name: GraphQLField(type_, extensions={"strawberry-definition": definition})})


def test_field_that_the_catalogue_knows_is_read() -> None:
    require_read(topic_with("summary", GraphQLString))


@pytest.mark.parametrize(
    ("name", "problem"),
    [("colour", "Topic has nothing for the field colour"), ("summary", "Topic.summary is nullable in the catalogue")],
)
def test_field_that_cannot_be_read_as_its_type_says_is_refused(name: str, problem: str) -> None:
    with pytest.raises(TypeError, match=problem):
        require_read(topic_with(name, GraphQLNonNull(GraphQLString)))


def test_nodes_are_what_global_ids_name(schema: Schema) -> None:
    node = schema.core.type_map["Node"]
    assert isinstance(node, GraphQLInterfaceType)
    possible = {type_.name for type_ in schema.core.get_possible_types(node)}
    assert possible == {name for name, entity in ENTITIES.items() if entity.prefix}


def test_nothing_released_is_broken_without_having_been_deprecated(schema: Schema) -> None:
    found = changes(released_schema(), schema.core)
    assert found["breaking"] == [], "deprecate it first, and remove it in a release after that"


def test_each_type_and_root_field_says_since_when(schema: Schema) -> None:
    silent = []
    for name, type_ in schema.core.type_map.items():
        if name.startswith("__") or is_specified_scalar_type(type_):
            continue
        things = {name: type_, **({f"{name}.{key}": it for key, it in members(type_).items()} if name in ROOTS else {})}
        silent += [path for path, thing in things.items() if len(NOTE.findall(thing.description or "")) != 1]
    assert silent == []


def test_every_type_enum_and_argument_of_the_domain_is_described(schema: Schema) -> None:
    own = [type_ for name, type_ in schema.core.type_map.items() if not name.startswith("__")]
    silent = {type_.name for type_ in own if not type_.description}
    assert silent == set()
