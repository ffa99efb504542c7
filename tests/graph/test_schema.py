from pathlib import Path

from graphql import GraphQLInterfaceType, GraphQLObjectType, is_specified_scalar_type

import graph
from graph.releases import NOTE, ROOTS, changes, members, released_schema
from graph.schema import Schema, is_read
from graph.selection import python_name
from services.reads.catalogue.entities import ENTITIES
from services.reads.catalogue.shape import Embedded

COMMITTED = Path(graph.__file__).parent / "schema.graphql"
OF_A_SUBGRAPH = {"Query": {"entities"}}
"""Fields that only a subgraph of a federation has."""
BY_PLACE = {"Statistics": "DivisionStatistics", "TopicCounts": "DivisionStatisticsTopicCounts"}


def test_committed_schema_is_the_schema(schema: Schema) -> None:
    assert COMMITTED.read_text(encoding="utf-8") == schema.as_file(), "run: make schema"


def test_every_field_of_the_schema_is_in_the_catalogue_and_back(schema: Schema) -> None:
    for type_ in schema.core.type_map.values():
        if isinstance(type_, GraphQLObjectType) and is_read(type_):
            if type_.name.endswith(("Connection", "Edge")) or type_.name == "PageInfo":
                continue
            entity = ENTITIES[BY_PLACE.get(type_.name, type_.name)]
            expected = set(entity.fields) - OF_A_SUBGRAPH.get(type_.name, set())
            assert {python_name(field) for field in type_.fields.values()} == expected, type_.name


def test_both_roll_ups_have_the_same_fields() -> None:
    assert set(ENTITIES["DivisionStatistics"].fields) == set(ENTITIES["PlatformStatistics"].fields)
    assert isinstance(ENTITIES["Division"].fields["statistics"], Embedded)


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
