"""What is told as of an instant has ids that name it, and is found again by them."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from graphql import GraphQLObjectType

from graph.schema import Schema
from services.reads.catalogue.entities import ENTITIES, NODES
from services.reads.catalogue.shape import Column
from tests.graph.api import Api, document
from tests.graph.story import Story

THEN = "2022-06-29T16:00:00Z"
COUNTY = """{ then: division(code: "140521", asOf: "2022-06-30T00:00:00+08:00") { id topics(first: 1) { totalCount } }
  now: division(code: "140521") { id topics(first: 1) { totalCount } } }"""
BENEATH = """query ($at: DateTime) { division(code: "140106", asOf: $at) { id parent { id children { id } }
  ancestors { id } committee { id liaisonGroups { id } members(first: 2) { nodes { id } } } brands { id }
  departments { id } platforms(first: 2) { nodes { id parent { id } } }
  topics(first: 5, filter: {status: [RESOLVED, IMPLEMENTING]}) { edges { node { id platform { id brand { id } }
    involvements { department { id } } matters { id } trace { subject { id } } opinions { id }
    sessions { nodes { id topics { id } } }
    outcomes { id session { id } commitments { id department { id } } conversions { id } } } } } } }"""
NODE = """query ($id: ID!) { node(id: $id) { ...Told } } """
NODES_OF = """query ($ids: [ID!]!) { nodes(ids: $ids) { ...Told } } """
TOLD = """fragment Told on Node { __typename id ... on Division { topics(first: 1) { totalCount nodes { id status } } }
  ... on Topic { status version sessions { nodes { id status } } platform { id statistics { sessionsHeld } } }
  ... on Platform { name listed: topics { totalCount } } ... on Session { held: heldAt } }"""
HAVING_IDS = {*NODES, "TraceEntry"}
WRITTEN_OTHERWISE = (
    "2022-06-30T00:00:00+08:00",
    "2022-06-29T16:00:00+00:00",
    "2022-06-29T16:00:00.0Z",
    "2022-06-29 16:00:00Z",
    "2022-06-29T16:00:00",
    "2022-06-29",
    "then",
    "",
)


def ids(value: Any) -> Iterator[str]:
    """Give every id in an answer."""
    if isinstance(value, list):
        for one in value:
            yield from ids(one)
    elif isinstance(value, dict):
        for key, content in value.items():
            if key == "id":
                yield content
            else:
                yield from ids(content)


@pytest.fixture
async def topic(api: Api) -> str:
    """The id of a topic that was there then and is another now."""
    query = """query ($at: DateTime) { division(code: "140521", asOf: $at) {
      topics(first: 1, filter: {status: SCHEDULED}) { nodes { id } } } }"""
    (found,) = (await api.data(query, at=THEN))["division"]["topics"]["nodes"]
    return str(found["id"]).partition("@")[0]


async def test_then_and_now_have_ids_of_their_own(api: Api, statements: list[str]) -> None:
    found = await api.data(COUNTY)
    assert found["then"]["id"] == f"division_140521@{THEN}"
    assert found["now"]["id"] == "division_140521"
    assert found["then"]["topics"]["totalCount"] < found["now"]["topics"]["totalCount"]
    assert len(statements) == 1


async def test_every_id_beneath_an_instant_names_it(api: Api) -> None:
    found = list(ids(await api.data(BENEATH, at=THEN)))
    assert len(found) > 50
    assert {text.partition("@")[2] for text in found} == {THEN}
    assert {text.partition("@")[0].partition("_")[0] for text in found} >= {"division", "topic", "session", "member"}
    assert not [text for text in ids(await api.data(BENEATH)) if "@" in text]


@pytest.mark.parametrize("type_", sorted(HAVING_IDS))
def test_the_id_of_each_type_names_the_instant(schema: Schema, type_: str) -> None:
    declared = schema.core.type_map[type_]
    assert isinstance(declared, GraphQLObjectType)
    assert "id" in declared.fields
    column = ENTITIES[type_].fields["id"]
    assert isinstance(column, Column)
    assert column.sql.endswith("{at_instant}")


def test_no_type_beside_them_has_an_id(schema: Schema) -> None:
    having = {name for name, type_ in schema.core.type_map.items() if isinstance(type_, GraphQLObjectType)}
    assert {name for name in having if "id" in schema.core.type_map[name].fields} == HAVING_IDS  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("asked", "named"),
    [
        ("2022-06-30T00:00:00+08:00", THEN),
        ("2022-06-29T10:30:00.000-05:30", THEN),
        ("2022-06-29T16:00:00.5Z", "2022-06-29T16:00:00.5Z"),
        ("2022-06-29T16:00:00.120Z", "2022-06-29T16:00:00.12Z"),
        ("2022-06-29T16:00:00.000001Z", "2022-06-29T16:00:00.000001Z"),
        ("2022-06-29T16:00:10Z", "2022-06-29T16:00:10Z"),
        ("1999-12-31T23:00:00-01:00", "2000-01-01T00:00:00Z"),
    ],
)
async def test_equal_instants_are_named_alike(api: Api, asked: str, named: str) -> None:
    query = 'query ($at: DateTime) { division(code: "14", asOf: $at) { id } }'
    assert (await api.data(query, at=asked))["division"]["id"] == f"division_14@{named}"


@pytest.mark.parametrize("instant", [THEN, "2023-03-15T06:30:00.123456Z"])
async def test_node_gives_what_was_told_then(api: Api, topic: str, instant: str, statements: list[str]) -> None:
    query = f"query ($id: ID!, $at: DateTime) {{ topic(by: {{id: $id}}, asOf: $at) {{ ...Told }} }} {TOLD}"
    then, now = (await api.data(query, id=topic, at=instant))["topic"], (await api.data(query, id=topic))["topic"]
    assert then["id"] == f"{topic}@{instant}"
    assert then != now
    named = {"id": then["id"]}
    del statements[:]
    assert (await api.data(NODE + TOLD, **named))["node"] == then
    assert (await api.data(query, **named))["topic"] == then
    assert (await api.data(query, **named, at=instant))["topic"] == then
    literal = f'{{ node(id: "{then["id"]}") {{ ...Told }} topic(by: {{id: "{then["id"]}"}}) {{ ...Told }} }} {TOLD}'
    assert await api.data(literal) == {"node": then, "topic": then}
    assert len(statements) == 4
    assert (await api.data(NODE + TOLD, id=topic))["node"] == now


async def test_every_id_beneath_an_instant_finds_its_thing_as_of_then(api: Api) -> None:
    found = sorted(set(ids(await api.data(BENEATH, at=THEN))))
    told = (await api.data("query ($ids: [ID!]!) { nodes(ids: $ids) { id } }", ids=found[:100]))["nodes"]
    assert told == [{"id": text} for text in found[:100]]


async def test_nodes_of_several_instants_are_one_statement(api: Api, topic: str, statements: list[str]) -> None:
    asked = [f"{topic}@{THEN}", topic, "division_140521@2021-12-31T12:00:00Z", f"{topic}@1999-01-01T00:00:00Z", "x@y"]
    (*found, unborn, nothing) = (await api.data(NODES_OF + TOLD, ids=asked))["nodes"]
    assert len(statements) == 1
    assert found == [(await api.data(NODE + TOLD, id=text))["node"] for text in asked[:3]]
    assert [one["id"] for one in found] == asked[:3]
    assert found[0] != found[1]
    assert (unborn, nothing) == (None, None)


async def test_platform_is_found_as_of_then(api: Api) -> None:
    query = "query ($by: PlatformKey!, $at: DateTime) { platform(by: $by, asOf: $at) { id topics { totalCount } } }"
    then = (await api.data(query, by={"code": "P140521"}, at=THEN))["platform"]
    assert then["id"].endswith(f"@{THEN}")
    assert (await api.data(query, by={"id": then["id"]}))["platform"] == then


async def test_entity_of_a_federation_is_found_as_of_then(subgraph: Api, topic: str) -> None:
    query = """query ($of: [_Any!]!) { _entities(representations: $of) { ... on Topic { id status } } }"""
    of = [{"__typename": "Topic", "id": f"{topic}@{THEN}"}, {"__typename": "Topic", "id": topic}]
    then, now = (await subgraph.data(query, of=of))["_entities"]
    assert then == {"id": f"{topic}@{THEN}", "status": "SCHEDULED"}
    assert now["id"] == topic
    assert now["status"] != "SCHEDULED"


@pytest.mark.parametrize("instant", WRITTEN_OTHERWISE)
async def test_an_id_that_was_never_given_finds_nothing(api: Api, topic: str, instant: str) -> None:
    assert (await api.data(NODE + TOLD, id=f"{topic}@{instant}"))["node"] is None
    query = "query ($id: ID!) { topic(by: {id: $id}) { id } }"
    assert (await api.data(query, id=f"{topic}@{instant}"))["topic"] is None


async def test_an_id_of_an_instant_ahead_is_refused(api: Api, topic: str) -> None:
    ahead = f"{datetime.now(UTC) + timedelta(days=1):%Y-%m-%dT%H:%M:%S}Z"
    asked = {
        "query ($id: ID!) { node(id: $id) { id } }": ["id"],
        "query ($id: ID!) { topic(by: {id: $id}) { id } }": ["by", "id"],
        "query ($id: ID!) { platform(by: {id: $id}) { id } }": ["by", "id"],
        "query ($id: ID!) { nodes(ids: [$id]) { id } }": ["ids"],
    }
    for query, path in asked.items():
        (error,) = (await api.answer(query, id=f"{topic}@{ahead}"))["errors"]
        assert (error["extensions"]["code"], error["extensions"]["path"]) == ("INSTANT_AHEAD", path)


async def test_an_id_of_one_instant_as_of_another_is_refused(api: Api, topic: str) -> None:
    query = "query ($id: ID!, $at: DateTime) { topic(by: {id: $id}, asOf: $at) { id } }"
    (error,) = (await api.answer(query, id=f"{topic}@{THEN}", at="2022-06-29T16:00:01Z"))["errors"]
    assert error["message"].startswith("The id names the instant 2022-06-29T16:00:00+00:00, asOf 2022-06-29T16:00:01")
    assert (await api.data(query, id=f"{topic}@{THEN}", at="2022-06-30T00:00:00+08:00"))["topic"] is not None


async def test_a_filter_takes_what_is_now(api: Api) -> None:
    query = "query ($id: ID!) { topics(filter: {platform: $id}) { totalCount } }"
    key = (await api.data('{ platform(by: {code: "P140521"}) { id } }'))["platform"]["id"]
    (error,) = (await api.answer(query, id=f"{key}@{THEN}"))["errors"]
    assert error["message"] == (
        f"'{key}@{THEN}' is what it was at an instant that is past; give '{key}', what it is now."
    )


async def test_a_verb_takes_what_is_now(story: Story) -> None:
    held = f"{story.topic}@{THEN}"
    refused = await story.api.refusal(document("listTopic", "topic { id }"), input={"topic": held})
    assert refused["code"] == "INVALID_INPUT"
    assert refused["message"] == (
        f"'{held}' is what it was at an instant that is past; give '{story.topic}', what it is now."
    )
    query = "query ($id: ID!) { topic(by: {id: $id}) { status } }"
    assert (await story.api.data(query, id=story.topic))["topic"] == {"status": "PROPOSED"}
