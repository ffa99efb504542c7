from dataclasses import replace
from typing import Any

import pytest
from graphql import GraphQLObjectType, GraphQLUnionType, ObjectTypeDefinitionNode, parse, print_ast

from graph.schema import Schema
from services.core.actor import Role
from services.reads.catalogue.entities import ENTITIES, NODES
from services.reads.catalogue.shape import AnyNode
from tests.graph.api import Api, placed

ENTITIES_OF = """query ($representations: [_Any!]!) { _entities(representations: $representations) {
  __typename ... on Topic { number title } ... on Division { id name parent { name } } ... on Platform { code }
  ... on Department { code } ... on Brand { name } } }"""
KEYS = {"Division": ["id", "code"], "Platform": ["id", "code"], "Department": ["id", "code"], "Topic": ["id", "number"]}


async def entities(api: Api, *representations: dict[str, Any]) -> Any:
    """Return what representations stand for."""
    return (await api.data(ENTITIES_OF, representations=representations))["_entities"]


async def named(api: Api) -> Any:
    """Return a thing of each of some types, with all that names it."""
    return await api.data("""{ topics(first: 1) { nodes { id number title } }
      platform(by: {code: "P140106"}) { id code } department(code: "qinshui-court") { id code }
      division(code: "140106") { brands { id name } } }""")


def test_without_the_setting_nothing_of_a_federation_is_in_the_schema(schema: Schema) -> None:
    assert {"_Any", "_Entity", "_Service"} & set(schema.core.type_map) == set()
    assert {"_service", "_entities"} & set(schema.core.type_map["Query"].fields) == set()  # type: ignore[attr-defined]


async def test_without_the_setting_a_router_is_refused(api: Api) -> None:
    response = await api.http.post("/graphql", json={"query": "{ _service { sdl } }"})
    (error,) = response.json()["errors"]
    assert error["extensions"] == {"code": "GRAPHQL_VALIDATION_FAILED"}
    assert error["message"] == "Cannot query field '_service' on type 'Query'."


def test_schema_of_a_subgraph_is_the_plain_one_and_three_types_more(schema: Schema, subgraph_schema: Schema) -> None:
    plain, federated = schema.core.type_map, subgraph_schema.core.type_map
    assert set(federated) - set(plain) == {"_Any", "_Entity", "_Service"}
    before, query = plain["Query"], federated["Query"]
    assert isinstance(before, GraphQLObjectType)
    assert isinstance(query, GraphQLObjectType)
    assert query.description == before.description
    assert set(query.fields) == {*before.fields, "_entities", "_service"}
    union = federated["_Entity"]
    assert isinstance(union, GraphQLUnionType)
    assert {type_.name for type_ in union.types} == set(NODES)


async def test_service_gives_the_plain_schema_with_keys(schema: Schema, subgraph: Api) -> None:
    sdl = (await subgraph.data("{ _service { sdl } }"))["_service"]["sdl"]
    link, *definitions = parse(sdl).definitions
    assert print_ast(link).startswith('extend schema @link(url: "https://specs.apollo.dev/federation/v2.9"')
    types = [definition for definition in definitions if isinstance(definition, ObjectTypeDefinitionNode)]
    directives = {type_.name.value: [print_ast(one) for one in type_.directives] for type_ in types if type_.directives}
    keys = {name: [f'@key(fields: "{key}")' for key in KEYS.get(name, ["id"])] for name in NODES}
    assert directives == {**keys, "PageInfo": ["@shareable"]}
    without = [replace(one, directives=()) if one in types else one for one in definitions]
    assert [print_ast(one) for one in without] == [print_ast(one) for one in parse(schema.as_str()).definitions]


async def test_service_beside_data_and_introspection_is_completed(subgraph: Api, statements: list[str]) -> None:
    query = """query ($r: [_Any!]!) { __schema { queryType { name } } us: _service { __typename text: sdl }
      _entities(representations: $r) { ... on Division { name } } division(code: "14") { name } }"""
    data = await subgraph.data(query, r=[{"__typename": "Division", "code": "1401"}, {"__typename": "Brand", "id": ""}])
    assert data.pop("us")["__typename"] == "_Service"
    assert data == {
        "__schema": {"queryType": {"name": "Query"}},
        "_entities": [{"name": "太原市"}, None],
        "division": {"name": "山西省"},
    }
    assert len(statements) == 1


async def test_entities_of_many_types_by_each_key_are_one_statement(subgraph: Api, statements: list[str]) -> None:
    known = await named(subgraph)
    (topic,), (brand,) = known["topics"]["nodes"], known["division"]["brands"]
    platform, department = known["platform"], known["department"]
    statements.clear()
    found = await entities(
        subgraph,
        {"__typename": "Topic", "number": topic["number"]},
        {"__typename": "Division", "code": "140106"},
        {"__typename": "Topic", "number": "T0"},
        {"__typename": "Department", "code": department["code"]},
        {"__typename": "Brand", "id": brand["id"]},
        {"__typename": "Platform", "id": platform["id"]},
        {"__typename": "Platform", "code": platform["code"]},
        {"__typename": "Department", "id": department["id"]},
        {"__typename": "Division", "id": "division_14"},
        {"__typename": "Topic", "id": topic["id"], "number": None},
        {"__typename": "Topic", "id": "division_14"},
        {"__typename": "Division", "code": "140106"},
    )
    assert len(statements) == 1
    topic_found = {"__typename": "Topic", "number": topic["number"], "title": topic["title"]}
    district = {"__typename": "Division", "id": "division_140106", "name": "迎泽区", "parent": {"name": "太原市"}}
    assert found == [
        topic_found,
        district,
        None,
        {"__typename": "Department", "code": department["code"]},
        {"__typename": "Brand", "name": brand["name"]},
        {"__typename": "Platform", "code": platform["code"]},
        {"__typename": "Platform", "code": platform["code"]},
        {"__typename": "Department", "code": department["code"]},
        {"__typename": "Division", "id": "division_14", "name": "山西省", "parent": None},
        topic_found,
        None,
        district,
    ]


async def test_entities_in_the_document_are_those_in_variables(subgraph: Api) -> None:
    query = '{ _entities(representations: [{__typename: "Topic", number: "T0"}, %s]) { ... on Division { name } } }'
    data = await subgraph.data(query % '{__typename: "Division", code: "14"}')
    assert data == {"_entities": [None, {"name": "山西省"}]}
    assert await subgraph.data(query % '{__typename: "Division", id: "division_1401"}') == {
        "_entities": [None, {"name": "太原市"}]
    }
    assert (await subgraph.data("{ _entities(representations: []) { __typename } }")) == {"_entities": []}


async def test_cost_counts_each_representation(subgraph: Api) -> None:
    query = "query ($r: [_Any!]!) { _entities(representations: $r) { ... on Division { children { name } } } }"
    representations = [{"__typename": "Division", "code": "99"}] * 3
    body = {"query": query, "variables": {"r": representations}, "extensions": {"cost": True}}
    answer = (await subgraph.http.post("/graphql", json=body)).json()
    assert answer["data"] == {"_entities": [None] * 3}
    assert answer["extensions"]["cost"]["requested"] == 3 * (1 + 10)


async def test_unpublished_topics_are_null_to_anonymous_by_either_key(subgraph: Api) -> None:
    query = '{ topics(filter: {status: PROPOSED, within: "140521"}, first: 1) { nodes { id number title } } }'
    staff = subgraph.as_(Role.SECRETARIAT, "140521")
    (hidden,) = (await staff.data(query))["topics"]["nodes"]
    representations = [{"__typename": "Topic", key: hidden[key]} for key in ("id", "number")]
    assert await entities(subgraph, *representations) == [None, None]
    seen = {"__typename": "Topic", "number": hidden["number"], "title": hidden["title"]}
    assert await entities(staff, *representations) == [seen, seen]


@pytest.mark.parametrize(
    ("representation", "problem"),
    [
        ({"code": "14"}, f"__typename is one of {', '.join(NODES)}."),
        ({"__typename": "Viewer", "id": "x"}, f"__typename is one of {', '.join(NODES)}."),
        ({"__typename": "Topic"}, "A Topic is named by a text in id or number."),
        ({"__typename": "Topic", "number": 7}, "A Topic is named by a text in id or number."),
        ({"__typename": "Brand", "id": None}, "A Brand is named by a text in id."),
        ("division_14", "A representation is an object with __typename and a key."),
    ],
)
async def test_representation_that_names_nothing_is_refused(
    subgraph: Api, statements: list[str], representation: Any, problem: str
) -> None:
    good = {"__typename": "Division", "code": "14"}
    body = {"query": ENTITIES_OF, "variables": {"representations": [good, representation]}}
    answer = (await subgraph.http.post("/graphql", json=body)).json()
    (error,) = answer["errors"]
    assert error["message"].startswith("Variable '$representations' has invalid value at [1]: ")
    assert problem in error["message"]
    assert error["extensions"] == {"code": "BAD_USER_INPUT"}
    assert statements == []


async def test_variable_inside_a_representation_is_refused(subgraph: Api) -> None:
    query = """query ($n: String) { _entities(representations: [{__typename: "Topic", number: $n}]) { __typename } }"""
    (error,) = (await subgraph.http.post("/graphql", json={"query": query, "variables": {"n": "T0"}})).json()["errors"]
    assert "A Topic is named by a text in id or number." in error["message"]
    assert error["extensions"] == {"code": "GRAPHQL_VALIDATION_FAILED"}


@pytest.mark.parametrize(("field", "argument"), [("nodes", "ids"), ("entities", "representations")])
async def test_more_names_than_are_taken_at_once_are_refused(subgraph: Api, field: str, argument: str) -> None:
    spec = ENTITIES["Query"].fields[field]
    assert isinstance(spec, AnyNode)
    assert spec.most is not None
    type_, name = ("ID", "division_14") if field == "nodes" else ("_Any", {"__typename": "Division", "code": "14"})
    graphql_name = "nodes" if field == "nodes" else "_entities"
    query = f"query ($names: [{type_}!]!) {{ {graphql_name}({argument}: $names) {{ ... on Division {{ code }} }} }}"
    assert await subgraph.data(query, names=[name] * spec.most) == {graphql_name: [{"code": "14"}] * spec.most}
    answer = await subgraph.answer(query, names=[name] * (spec.most + 1))
    (error,) = answer["errors"]
    assert error["message"] == f"At most {spec.most} {argument} are taken at once; {spec.most + 1} came."
    assert error["path"] == [graphql_name]
    assert placed(error) == {"code": "BAD_USER_INPUT", "path": [argument]}
    assert answer["data"] == ({"nodes": None} if field == "nodes" else None)
