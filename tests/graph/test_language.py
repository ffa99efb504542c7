"""What a compiler of GraphQL gets wrong first: selections, nulls, defaults, text."""

import json
from typing import Any

import pytest

from tests.graph.api import Api
from tests.graph.story import PROPOSE, Story


@pytest.mark.parametrize("selection", ["__typename", "sessionsHeld @skip(if: true)", "topics { __typename }"])
async def test_period_that_nothing_uses_is_no_parameter(api: Api, selection: str) -> None:
    query = f"""query ($code: DivisionCode!) {{ division(code: "14") {{
      statistics(period: {{from: "2022-01-01", until: "2023-01-01"}}) {{ {selection} }} }}
      other: division(code: $code) {{ name }} }}"""
    assert (await api.data(query, code="140106"))["other"] == {"name": "迎泽区"}


async def test_what_hangs_on_a_missing_thing_takes_nothing_away(api: Api) -> None:
    query = """{ division(code: "140521201") { name committee { name division { name parent { name } } } }
      platform(by: {code: "P140106"}) { code parent { division { name } topics { totalCount } brand { name } } }
      sessions(first: 100, filter: {within: "140521"}) { totalCount nodes { attendances(first: 100) { totalCount nodes {
        role department { code channel { enabled lastError } } member { committee { name } } } } } } }"""
    data = await api.data(query)
    assert data["division"] == {"name": "土沃乡", "committee": None}
    assert data["platform"] == {"code": "P140106", "parent": None}
    pages = [session["attendances"] for session in data["sessions"]["nodes"]]
    assert len(pages) == min(100, data["sessions"]["totalCount"])
    assert [len(page["nodes"]) for page in pages] == [min(100, page["totalCount"]) for page in pages]
    assert {attendance["department"] is None for page in pages for attendance in page["nodes"]} == {True, False}


async def test_selections_under_one_key_are_merged(api: Api) -> None:
    query = """{
      division(code: "140106") { parent { name } ...Level platforms(first: 1) { nodes { code } } }
      ... on Query { division(code: "140106") { parent { code ...Level } platforms(first: 1) { totalCount } } }
      division(code: "140106") { level parent { name } }
    }
    fragment Level on Division { level }"""
    data = await api.data(query)
    division = data.pop("division")
    assert data == {}
    assert list(division) == ["parent", "level", "platforms"]
    assert list(division["parent"].items()) == [("name", "太原市"), ("code", "1401"), ("level", "CITY")]
    assert division["platforms"] == {"nodes": [{"code": "P140106"}], "totalCount": 1}


async def test_skip_and_include_follow_their_variables_in_every_request(api: Api) -> None:
    query = """query ($skip: Boolean!, $include: Boolean = true) { division(code: "14") {
      name @skip(if: $skip) ... @include(if: $include) { code } ...L @skip(if: $skip) @include(if: $include) } }
    fragment L on Division { level }"""
    expected = {
        (False, True): ["name", "code", "level"],
        (False, False): ["name"],
        (True, True): ["code"],
        (True, False): [],
    }
    for (skip, include), keys in [*expected.items(), *reversed(expected.items())]:
        assert list((await api.data(query, skip=skip, include=include))["division"]) == keys
    assert list((await api.data(query, skip=False))["division"]) == ["name", "code", "level"]


async def test_what_is_skipped_whole_is_an_empty_object(api: Api) -> None:
    query = """query ($no: Boolean = false) {
      division(code: "140106") { name @include(if: $no) }
      list: division(code: "1401") { children { id @skip(if: true) } }
      platforms(first: 2) { nodes { id @include(if: $no) } edges { cursor @skip(if: true) } pageInfo @skip(if: true) {
        endCursor } }
      viewer { subject @include(if: false) } }"""
    assert await api.data(query) == {
        "division": {},
        "list": {"children": [{}] * 11},
        "platforms": {"nodes": [{}, {}], "edges": [{}, {}]},
        "viewer": {},
    }
    assert await api.data("{ viewer @skip(if: true) { subject } }") == {}
    assert await api.data("query ($no: Boolean = false) { ... @include(if: $no) { viewer { subject } } }") == {}


async def test_fragments_on_the_interface_and_on_its_types_apply_where_they_fit(api: Api) -> None:
    query = """{ nodes(ids: ["division_140106", "platform_x", "department_x", "division_1401"]) {
      ... on Division { n: name ... on Node { id } } ... on Node { ... on Platform { code } ... on Division { level } }
      ... on Department { n: code } __typename ... { ... on Division { n: name } } } }"""
    county, platform, department, city = (await api.data(query))["nodes"]
    assert list(county.items()) == [
        ("n", "迎泽区"), ("id", "division_140106"), ("level", "COUNTY"), ("__typename", "Division"),
    ]  # fmt: skip
    assert (platform, department) == (None, None)
    assert city == {"n": "太原市", "id": "division_1401", "level": "CITY", "__typename": "Division"}


async def test_fields_keep_their_order_inside_inline_fragments(api: Api) -> None:
    query = """{ node(id: "division_140106") { ... on Division { level } id ... on Division { name level code id
      ... on Node { id } parent { ... on Division { name } id ... { code } } } } }"""
    node = (await api.data(query))["node"]
    assert list(node) == ["level", "id", "name", "code", "parent"]
    assert list(node["parent"]) == ["name", "id", "code"]


async def test_typename_is_given_at_every_level(api: Api) -> None:
    query = """{ __typename division(code: "140106") { __typename parent { __typename } brands { t: __typename }
      statistics { __typename topics { __typename byStatus { __typename } } platforms { __typename }
        commitments { __typename } }
      platforms(first: 1) { __typename pageInfo { __typename } edges { __typename node { __typename } }
        nodes { __typename } } }
      node(id: "division_14") { __typename } viewer { __typename grants { __typename } } }"""
    data = await api.data(query)
    states = data["division"]["statistics"]["topics"].pop("byStatus")
    assert {tuple(state.items()) for state in states} == {(("__typename", "TopicStatusCount"),)}
    assert data == {
        "__typename": "Query",
        "division": {
            "__typename": "Division",
            "parent": {"__typename": "Division"},
            "brands": [{"t": "Brand"}],
            "statistics": {
                "__typename": "Statistics",
                "topics": {"__typename": "TopicCounts"},
                "platforms": {"__typename": "PlatformCounts"},
                "commitments": {"__typename": "CommitmentCounts"},
            },
            "platforms": {
                "__typename": "PlatformConnection",
                "pageInfo": {"__typename": "PageInfo"},
                "edges": [{"__typename": "PlatformEdge", "node": {"__typename": "Platform"}}],
                "nodes": [{"__typename": "Platform"}],
            },
        },
        "node": {"__typename": "Division"},
        "viewer": {"__typename": "Viewer", "grants": []},
    }


async def test_null_is_not_an_empty_list(api: Api) -> None:
    query = """{ province: division(code: "14") { parent { children { id } } ancestors { id } }
      nowhere: division(code: "99") { children { id } }
      village: division(code: "140106001001") { children { id } brands { id } committee { id } }
      nodes(ids: []) { id } none: platforms(first: 0) { nodes { id } edges { cursor } pageInfo { startCursor
        endCursor hasNextPage hasPreviousPage } } }"""
    assert await api.data(query) == {
        "province": {"parent": None, "ancestors": []},
        "nowhere": None,
        "village": {"children": [], "brands": [], "committee": None},
        "nodes": [],
        "none": {
            "nodes": [],
            "edges": [],
            "pageInfo": {"startCursor": None, "endCursor": None, "hasNextPage": True, "hasPreviousPage": False},
        },
    }


async def test_null_argument_is_as_good_as_none_where_nothing_is_its_default(api: Api) -> None:
    absent = await api.data("{ platforms { totalCount nodes { code } pageInfo { hasPreviousPage } } }")
    query = """query ($i: Int, $s: String, $f: PlatformFilter, $o: [PlatformOrder!], $t: [PlatformTier!]) {
      platforms(first: $i, after: $s, last: $i, before: $s, filter: $f, orderBy: $o) { totalCount nodes { code }
        pageInfo { hasPreviousPage } }
      k: platforms(filter: {tier: $t, within: null, and: null, not: null}) { totalCount } }"""
    nulls = {"i": None, "s": None, "f": None, "o": None, "t": None}
    expected = {**absent, "k": {"totalCount": 2197}}
    assert await api.data(query) == expected
    assert await api.data(query, **nulls) == expected
    assert await api.data(query, **{**nulls, "f": {"tier": None, "or": None, "open": None}}) == expected


async def test_absent_variable_leaves_its_argument_at_the_default(api: Api) -> None:
    query = """query ($deep: Boolean) { division(code: "140106") {
      platforms(deep: $deep) { totalCount } plain: platforms { totalCount } } }"""
    shallow = {"platforms": {"totalCount": 1}, "plain": {"totalCount": 1}}
    assert (await api.data(query))["division"] == shallow
    assert (await api.data(query, deep=False))["division"] == shallow
    assert (await api.data(query, deep=None))["division"] == shallow
    assert (await api.data(query, deep=True))["division"] == {**shallow, "platforms": {"totalCount": 79}}


async def test_variable_takes_its_default_when_absent_and_not_when_null(api: Api) -> None:
    query = """query ($f: TopicFilter = {within: "140106", kind: [KEY]}, $n: Int = 2) {
      topics(filter: $f, first: $n) { totalCount nodes { id } } }"""
    everything = (await api.data("{ topics { totalCount } }"))["topics"]["totalCount"]

    async def found(**variables: Any) -> tuple[int, int]:
        topics = (await api.data(query, **variables))["topics"]
        return topics["totalCount"], len(topics["nodes"])

    assert await found() == (68, 2)
    assert await found(n=None) == (68, 20)
    assert await found(f=None, n=1) == (everything, 1)
    assert await found(f={"within": "140106"}) == (68 + 256, 2)


async def test_several_operations_need_a_name(api: Api) -> None:
    text = 'query A { division(code: "14") { name } } query B { division(code: "1401") { name } } { __typename }'
    assert "must be the only defined operation" in await api.problem(text)
    text = text.removesuffix(" { __typename }")

    async def run(**fields: Any) -> Any:
        response = await api.http.post("/graphql", json={"query": text, **fields})
        return response.json()

    assert await run(operationName="A") == {"data": {"division": {"name": "山西省"}}}
    assert await run(operationName="B") == {"data": {"division": {"name": "太原市"}}}
    for fields, problem in (({}, "operationName is needed"), ({"operationName": "C"}, "No operation is named 'C'")):
        (error,) = (await run(**fields))["errors"]
        assert error["message"].startswith(problem)
        assert error["extensions"] == {"code": "OPERATION_RESOLUTION_FAILURE"}


async def test_introspection_beside_data_sees_aliases_fragments_and_variables(api: Api) -> None:
    query = """query ($code: DivisionCode!, $no: Boolean!) {
      t: __type(name: "Division") { name } __schema @skip(if: $no) { queryType { name } }
      d: division(code: $code) { ...D children { id } statistics(period: {until: "2000-01-01"}) {
        resolutionRate } }
      nodes(ids: ["division_14", "x"]) { ...D ... on Division { k: level } } }
    fragment D on Node { i: id ... on Division { name @skip(if: $no) } }"""
    data = await api.data(query, code="140106001001", no=True)
    assert json.dumps(data, ensure_ascii=False) == json.dumps(
        {
            "t": {"name": "Division"},
            "d": {"i": "division_140106001001", "children": [], "statistics": {"resolutionRate": None}},
            "nodes": [{"i": "division_14", "k": "PROVINCE"}, None],
        }
    )
    assert await api.data(query, code="140106001001", no=False) != data
    bad = "{ __schema { queryType { name } } topics(first: -1) { totalCount } }"
    answer = await api.answer(bad)
    assert answer["data"] == {"__schema": {"queryType": {"name": "Query"}}, "topics": None}
    assert answer["errors"][0]["message"] == "A page has 0 to 100 items; -1 were asked for."


@pytest.mark.parametrize(
    ("sent", "given"),
    [
        ("2097-05-01T09:00:00.5+08:00", "2097-05-01T01:00:00.5+00:00"),
        ("2097-05-01T09:00:00.000001Z", "2097-05-01T09:00:00.000001+00:00"),
        ("2097-05-01T00:00:00.120-05:30", "2097-05-01T05:30:00.12+00:00"),
    ],
)
async def test_fractions_of_a_second_come_back_in_utc(writing: Api, sent: str, given: str) -> None:
    story = Story(writing)
    await story.begin()
    await story.list_()
    assert (await story.schedule(sent))["scheduledAt"] == given
    query = "query ($id: ID!) { topic(by: {id: $id}) { scheduledAt sessions { nodes { scheduledAt } } } }"
    found = await writing.data(query, id=story.topic)
    assert found == {"topic": {"scheduledAt": given, "sessions": {"nodes": [{"scheduledAt": given}]}}}


async def test_escapes_and_ends_of_lines_come_back_as_they_were_sent(writing: Api) -> None:
    line = "引\"号' \\ / 😀 {0} $1 %s ${x} </script>"
    text = f"{line}\n\r\t \u2028 {line}"
    sought = f"{line} \b\f\x01\x1f\x7f"
    query = '{ platforms(filter: {within: "140521201", tier: [SUB]}, first: 1) { nodes { id } } }'
    platform = (await writing.data(query))["platforms"]["nodes"][0]["id"]
    values = {"platform": platform, "title": line, "summary": text, "kind": "MICRO", "category": "OTHER"}
    topic = (await writing.act(PROPOSE, input=values))["topic"]["id"]
    query = """query ($id: ID!, $t: String) {
      topic(by: {id: $id}) { title summary } topics(filter: {text: $t}) { totalCount } }"""
    expected = {"topic": {"title": line, "summary": text}, "topics": {"totalCount": 1}}
    assert await writing.data(query, id=topic, t=sought) == expected
    literal = query.partition("{")[1] + query.partition("{")[2]
    literal = literal.replace("$id", json.dumps(topic)).replace("$t", json.dumps(sought))
    assert await writing.data(literal) == expected
