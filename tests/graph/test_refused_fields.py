"""A refused argument is an error of its field: null at the nearest nullable place, and the siblings are answered."""

from typing import Any

import pytest

from graph.errors import BAD_USER_INPUT
from services.core.actor import Role
from tests.graph.api import Api, placed
from tests.graph.story import Story

AHEAD = "2999-01-01T00:00:00Z"
DASHBOARD = """query Dashboard($next: String) {
  viewer { subject }
  province: division(code: "14") { name }
  ahead: division(code: "14", asOf: "2999-01-01T00:00:00Z") { name statistics { outcomes } }
  county: division(code: "140521") { topics(first: 1) { totalCount } }
  topics(first: 2, filter: { within: "140106", kind: [KEY] }) { totalCount nodes { kind } }
  many: topics(first: 101) { totalCount nodes { id } }
  sessions(first: 1) { nodes { status } }
  later: sessions(first: 1, after: $next) { nodes { status } }
  found: search(text: "沁水", first: 1) { nodes { __typename } }
  department(code: "qinshui-court") { name }
}"""


async def test_dashboard_is_answered_but_for_what_is_refused(api: Api, statements: list[str]) -> None:
    answer = await api.answer(DASHBOARD, next="nonsense")
    assert len(statements) == 1
    data = answer["data"]
    assert list(data) == [
        *("viewer", "province", "ahead", "county", "topics", "many", "sessions", "later", "found", "department"),
    ]
    assert [key for key, value in data.items() if value is None] == ["ahead", "many", "later"]
    assert data["topics"] == {"totalCount": 68, "nodes": [{"kind": "KEY"}] * 2}
    told = [(error["path"], error["locations"], placed(error)) for error in answer["errors"]]
    assert told == [
        (["ahead"], [{"line": 4, "column": 3}], {"code": "INSTANT_AHEAD", "path": ["asOf"]}),
        (["many"], [{"line": 7, "column": 3}], {"code": BAD_USER_INPUT, "path": ["first"]}),
        (["later"], [{"line": 9, "column": 3}], {"code": BAD_USER_INPUT, "path": ["after"]}),
    ]
    without = await api.answer(DASHBOARD)
    assert {**data, "later": without["data"]["later"]} == without["data"]


REFUSED: dict[str, tuple[str, str, list[str]]] = {
    "asOf ahead": (f'division(code: "14", asOf: "{AHEAD}") {{ name }}', "INSTANT_AHEAD", ["asOf"]),
    "a platform's asOf ahead": (
        f'platform(by: {{code: "P140106"}}, asOf: "{AHEAD}") {{ name }}',
        "INSTANT_AHEAD",
        ["asOf"],
    ),
    "first above": ("topics(first: 101) { totalCount }", BAD_USER_INPUT, ["first"]),
    "last below": ("platforms(last: -1) { nodes { id } }", BAD_USER_INPUT, ["last"]),
    "both ends": ("topics(first: 1, last: 1) { nodes { id } }", BAD_USER_INPUT, []),
    "a bad cursor": ('matters(after: "x") { nodes { id } }', BAD_USER_INPUT, ["after"]),
    "a bad cursor backwards": (
        'matters(last: 1, before: "x") { pageInfo { startCursor } }',
        BAD_USER_INPUT,
        ["before"],
    ),
    "a bad id in a filter": (
        'sessions(filter: {or: [{platform: "topic_1"}]}) { totalCount }',
        BAD_USER_INPUT,
        ["filter", "or", "platform"],
    ),
    "U+0000 in a text": (
        'topics(filter: {department: "\\u0000"}) { totalCount }',
        BAD_USER_INPUT,
        ["filter", "department"],
    ),
    "a search for nothing": ('search(text: "。") { totalCount }', "SEARCH_TEXT_EMPTY", ["text"]),
    "a search too long": (f'search(text: "{"水" * 201}") {{ totalCount }}', "SEARCH_TEXT_TOO_LONG", ["text"]),
    "too many ids": (f"nodes(ids: {['division_14'] * 101}) {{ id }}".replace("'", '"'), BAD_USER_INPUT, ["ids"]),
    "a division that is not": ('topics(filter: {within: "999999"}) { totalCount }', "NOT_FOUND", ["filter", "within"]),
    "a division that is not, of a search": ('search(text: "水", within: "99") { totalCount }', "NOT_FOUND", ["within"]),
    "a department that is not": (
        'commitments(filter: {department: "nope"}) { nodes { id } }',
        "NOT_FOUND",
        ["filter", "department"],
    ),
    "a brand that is not": (
        'platforms(filter: {not: {brand: "无"}}) { totalCount }',
        "NOT_FOUND",
        ["filter", "not", "brand"],
    ),
    "a platform that is not": (
        'topics(filter: {platform: "platform_00000000-0000-7000-8000-000000000000"}) { nodes { id } }',
        "NOT_FOUND",
        ["filter", "platform"],
    ),
}


@pytest.mark.parametrize("kind", REFUSED)
async def test_siblings_of_a_refused_field_are_answered(api: Api, statements: list[str], kind: str) -> None:
    field, code, path = REFUSED[kind]
    document = f"""{{ before: division(code: "140521") {{ name }}
      bad: {field}
      after: department(code: "qinshui-court") {{ code }} }}"""
    answer = await api.answer(document)
    assert len(statements) == 1
    assert answer["data"] == {"before": {"name": "沁水县"}, "bad": None, "after": {"code": "qinshui-court"}}
    (error,) = answer["errors"]
    assert error["path"] == ["bad"]
    assert error["locations"] == [{"line": 2, "column": 7}]
    expected = {"code": BAD_USER_INPUT if code.startswith("SEARCH") else code}
    assert placed(error) == ({**expected, "path": path} if path else expected)


async def test_each_item_of_a_list_has_its_error(api: Api) -> None:
    query = '{ division(code: "140521") { children { code topics(first: 101) { totalCount } } } }'
    answer = await api.answer(query)
    children = answer["data"]["division"]["children"]
    assert len(children) > 10
    assert all(child["code"] and child["topics"] is None for child in children)
    paths = [error["path"] for error in answer["errors"]]
    assert paths == [["division", "children", index, "topics"] for index in range(len(children))]


async def test_what_is_not_reached_is_no_error(api: Api) -> None:
    query = """query ($never: Boolean!) {
      nowhere: division(code: "999999") { topics(first: 101) { totalCount } }
      division(code: "14") { name parent { topics(first: 101) { totalCount } } }
      topics(first: 101) @include(if: $never) { totalCount }
      ... @skip(if: true) { search(text: "") { totalCount } }
      node(id: "division_14") { ... on Topic { sessions(first: 101) { totalCount } } }
      none: topics(first: 0) { nodes { sessions(last: 101) { totalCount } } } }"""
    assert await api.data(query, never=False) == {
        "nowhere": None,
        "division": {"name": "山西省", "parent": None},
        "node": {},
        "none": {"nodes": []},
    }


async def test_one_field_of_many_selections_has_the_place_of_each(api: Api) -> None:
    query = """query ($n: Int) { ...A topics(first: $n) { totalCount }
      other: topics(first: $n) { totalCount } same: topics(first: 1) { totalCount } }
      fragment A on Query { topics(first: $n) { nodes { id } } }"""
    answer = await api.answer(query, n=101)
    assert {key: value is None for key, value in answer["data"].items()} == {
        "topics": True,
        "other": True,
        "same": False,
    }
    assert [(error["path"], error["locations"]) for error in answer["errors"]] == [
        (["topics"], [{"line": 3, "column": 29}, {"line": 1, "column": 24}]),
        (["other"], [{"line": 2, "column": 7}]),
    ]


async def test_same_document_is_answered_once_its_arguments_are_right(api: Api, statements: list[str]) -> None:
    query = "query ($n: Int = 101) { topics(first: $n) { nodes { id } } viewer { subject } }"
    for variables, nodes in (({}, None), ({"n": 1}, 1), ({"n": -1}, None), ({"n": 2}, 2)):
        statements.clear()
        answer = await api.answer(query, **variables)
        assert len(statements) == 1
        assert answer["data"]["viewer"] == {"subject": None}
        assert ("errors" in answer) == (nodes is None)
        assert (len(answer["data"]["topics"]["nodes"]) if nodes else answer["data"]["topics"]) == nodes


@pytest.mark.parametrize(
    ("query", "data", "path", "column"),
    [
        (
            'query ($v: DivisionCode = "14") { a: division(code: $v) { name } b: division(code: "14") { code } }',
            {"a": None, "b": {"code": "14"}},
            ["a"],
            53,
        ),
        (
            'query ($v: Boolean = true) { a: division(code: "14") { name @include(if: $v) } b: __typename }',
            {"a": None, "b": "Query"},
            ["a"],
            74,
        ),
        (
            'query ($v: Boolean = true) { nodes(ids: ["division_14", "division_99"]) { id @skip(if: $v) } }',
            {"nodes": [None, None]},
            ["nodes", 0],
            88,
        ),
    ],
)
async def test_null_in_the_place_of_a_value_is_an_error_of_its_field(
    api: Api, query: str, data: dict[str, Any], path: list[str], column: int
) -> None:
    answer = await api.answer(query, v=None)
    assert answer["data"] == data
    (error,) = answer["errors"]
    assert error["path"] == path
    assert error["locations"] == [{"line": 1, "column": column}]
    assert error["extensions"] == {"code": BAD_USER_INPUT}


async def test_null_that_decides_on_the_fields_at_the_top_refuses_all(api: Api) -> None:
    query = "query ($v: Boolean = true) { viewer @include(if: $v) { subject } __typename }"
    answer = await api.answer(query, v=None)
    assert answer["data"] is None
    (error,) = answer["errors"]
    assert "path" not in error
    assert error["locations"] == [{"line": 1, "column": 50}]


async def test_asking_for_the_schema_beside_it_changes_nothing(api: Api, statements: list[str]) -> None:
    plain = await api.answer(DASHBOARD, next="nonsense")
    statements.clear()
    answer = await api.answer(DASHBOARD[:-1] + " __schema { queryType { name } } }", next="nonsense")
    assert len(statements) == 1
    assert answer["data"].pop("__schema") == {"queryType": {"name": "Query"}}
    for error in (*plain["errors"], *answer["errors"]):
        assert error.pop("message")
    assert answer == plain


async def test_representations_that_are_too_many_leave_no_data(subgraph: Api) -> None:
    query = "query ($r: [_Any!]!) { _entities(representations: $r) { __typename } viewer { subject } }"
    answer = await subgraph.answer(query, r=[{"__typename": "Division", "code": "14"}] * 1_001)
    assert answer["data"] is None
    (error,) = answer["errors"]
    assert error["path"] == ["_entities"]


async def test_a_hidden_thing_is_named_like_a_missing_one(story: Story) -> None:
    query = "query ($t: ID!) { notices(filter: {topic: $t}) { totalCount } }"
    sees, sees_not = story.api, story.api.anonymous()
    assert await sees.data(query, t=story.topic) == {"notices": {"totalCount": 0}}
    missing = f"{story.topic[:-12]}000000000000"
    hidden = await sees_not.answer(query, t=story.topic)
    assert placed(hidden["errors"][0]) == {"code": "NOT_FOUND", "path": ["filter", "topic"]}
    told = (await sees_not.answer(query, t=missing))["errors"][0]["message"]
    assert hidden["errors"][0]["message"] == told.replace(missing, story.topic)


async def test_what_is_not_yet_there_counts_nothing_then(api: Api) -> None:
    query = """{ division(code: "140521", asOf: "2001-01-01T00:00:00Z") {
      topics(filter: {department: "qinshui-court", within: "140521"}) { totalCount } } }"""
    assert await api.data(query) == {"division": {"topics": {"totalCount": 0}}}
    problem = await api.answer(query.replace("qinshui-court", "nope"))
    assert problem["data"] == {"division": {"topics": None}}
    assert problem["errors"][0]["path"] == ["division", "topics"]


async def test_a_refused_field_of_a_payload_neither_undoes_nor_hides_the_act(writing: Api) -> None:
    platforms = '{ platforms(filter: {within: "140521"}, first: 1) { nodes { id } } }'
    (platform,) = (await writing.data(platforms))["platforms"]["nodes"]
    query = """mutation ($input: ProposeTopicInput!) { proposeTopic(input: $input) {
      topic { number sessions(first: 101) { totalCount } platform {
        topics(filter: {department: "nope"}) { totalCount } } }
      errors { code } } }"""
    values = {"platform": platform["id"], "title": "路灯不亮", "kind": "MICRO", "category": "ROADS"}
    answer = await writing.answer(query, input=values)
    payload = answer["data"]["proposeTopic"]
    assert payload["errors"] == []
    assert payload["topic"]["sessions"] is None
    assert payload["topic"]["platform"] == {"topics": None}
    assert [(error["path"], error["extensions"]["code"]) for error in answer["errors"]] == [
        (["proposeTopic", "topic", "sessions"], BAD_USER_INPUT),
        (["proposeTopic", "topic", "platform", "topics"], "NOT_FOUND"),
    ]
    number = payload["topic"]["number"]
    assert await writing.data(f'{{ topic(by: {{number: "{number}"}}) {{ number }} }}') == {"topic": {"number": number}}


async def test_a_verb_is_not_run_where_its_payload_cannot_be_told(writing: Api) -> None:
    platforms = '{ platforms(filter: {within: "140521"}, first: 1) { nodes { id topics { totalCount } } } }'
    (platform,) = (await writing.data(platforms))["platforms"]["nodes"]
    query = """mutation ($input: ProposeTopicInput!, $v: Boolean = true) {
      proposeTopic(input: $input) { topic @include(if: $v) { number } errors { code } } }"""
    values = {"platform": platform["id"], "title": "路灯不亮", "kind": "MICRO", "category": "ROADS"}
    answer = await writing.answer(query, input=values, v=None)
    assert answer["data"] is None
    assert answer["errors"][0]["path"] == ["proposeTopic"]
    assert (await writing.data(platforms))["platforms"]["nodes"] == [platform]


async def test_explanation_is_given_beside_refused_fields(api: Api) -> None:
    operator = api.as_(Role.OPERATOR, "14")
    response = await operator.http.post("/graphql", json={"query": DASHBOARD, "extensions": {"explain": True}})
    answer = response.json()
    assert answer["data"]["ahead"] is None
    assert "plan" in answer["extensions"]["explain"]
