import re
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from graphql import (
    GraphQLEnumType,
    GraphQLField,
    GraphQLInterfaceType,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLOutputType,
    GraphQLSchema,
    GraphQLString,
)
from strawberry.schema.config import StrawberryConfig

import graph
from graph.descriptions import NAMES, describe
from graph.mutations.mutation import Mutation
from graph.releases import changes, members, released_schema
from graph.scalars import SCALARS
from graph.schema import PARTS, ROLL_UPS, Schema, is_read, require_read
from graph.selection import python_name
from graph.types.query import Query
from graph.types.subscription import Subscription
from services.reads.catalogue.entities import ENTITIES

COMMITTED = Path(graph.__file__).parent / "schema.graphql"
OF_A_SUBGRAPH = {"Query": {"entities"}}
"""Fields that only a subgraph of a federation has."""
LABELS = re.compile(r"([^ (.]*[\u4e00-\u9fff][^ (.]*) \(([A-Z][^().]*)\)\.(?: (.+\.))?")
"""How an enum value's description begins: its Chinese label, its English one, then what else there is to say."""


def test_committed_schema_is_the_schema(schema: Schema) -> None:
    assert COMMITTED.read_text(encoding="utf-8") == schema.as_file(), "run: make schema"


def test_every_field_declared_in_the_catalogue_is_in_the_schema(schema: Schema) -> None:
    for type_ in schema.core.type_map.values():
        if isinstance(type_, GraphQLObjectType) and is_read(type_) and not type_.name.endswith(PARTS):
            for name in ROLL_UPS.get(type_.name, (type_.name,)):
                declared = set(ENTITIES[name].fields) - OF_A_SUBGRAPH.get(name, set())
                assert declared <= {python_name(field) for field in type_.fields.values()}, name


def test_every_entity_of_the_catalogue_is_read_as_some_type(schema: Schema) -> None:
    types = {name for name, type_ in schema.core.type_map.items() if isinstance(type_, GraphQLObjectType)}
    read = {name for type_ in types for name in ROLL_UPS.get(type_, (type_,))}
    assert set(ENTITIES) - read == {"Search"}  # what it finds are its edges


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


def test_labels_of_values_are_what_their_descriptions_begin_with(schema: Schema) -> None:
    """As docs/api.md says: a front end takes the labels of both languages from the schema."""
    enums = [type_ for name, type_ in schema.core.type_map.items() if not name.startswith("__")]
    labels = {
        f"{type_.name}.{name}": LABELS.fullmatch(value.description or "")
        for type_ in enums
        if isinstance(type_, GraphQLEnumType)
        for name, value in type_.values.items()
    }
    assert [name for name, found in labels.items() if found is None] == []
    listed = labels["TopicStatus.LISTED"]
    assert listed is not None
    assert listed.groups() == ("已立项", "Listed", "It stands on the agenda, and is published.")


def test_labels_of_an_enum_tell_its_values_apart(schema: Schema) -> None:
    for type_ in schema.core.type_map.values():
        if isinstance(type_, GraphQLEnumType) and not type_.name.startswith("__"):
            described = [LABELS.fullmatch(value.description or "") for value in type_.values.values()]
            labels = [found.group(1, 2) for found in described if found]
            for of_a_language in zip(*labels, strict=True):
                assert len(set(of_a_language)) == len(type_.values), type_.name


def test_everything_in_the_schema_is_described(schema: Schema, subgraph_schema: Schema) -> None:
    """Types, fields, arguments, fields of inputs and values."""
    silent = []
    for core in (schema.core, subgraph_schema.core):
        for name, type_ in core.type_map.items():
            if name.startswith("__"):
                continue
            things: dict[str, Any] = {name: type_}
            for key, member in members(type_).items():
                things[f"{name}.{key}"] = member
                things |= {f"{name}.{key}({argument}:)": one for argument, one in getattr(member, "args", {}).items()}
            silent += [path for path, thing in things.items() if not thing.description]
    assert silent == []


def test_names_that_describe_fields_are_needed() -> None:
    """What another description says is not written down again."""
    assert sorted(NAMES.keys() - describe(completed_without_descriptions())) == []


def completed_without_descriptions() -> GraphQLSchema:
    """Return the schema as its types declare it."""
    config = StrawberryConfig(scalar_map=SCALARS)
    return Schema(query=Query, mutation=Mutation, subscription=Subscription, config=config).core


@pytest.mark.parametrize(
    ("type_", "name", "description"),
    [
        ("Topic", "status", "议题状态: state of a topic."),
        ("TopicFilter", "status", "议题状态: state of a topic."),
        ("Topic", "platform", "协商平台: where people sit down to consult."),
        ("AcceptMatterInput", "matter", "群众反映事项: what somebody raised at a platform."),
        ("TopicOrder", "proposedAt", "提出时间: when it was proposed."),
        ("PlatformCounts", "micro", "微平台: how many micro platforms."),
        ("TopicCounts", "micro", "微课题: how many micro topics."),
    ],
)
def test_description_is_that_of_the_type_or_of_the_field_that_is_meant(
    schema: Schema, type_: str, name: str, description: str
) -> None:
    assert members(schema.core.type_map[type_])[name].description == description
