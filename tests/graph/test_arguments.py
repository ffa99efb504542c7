"""What a compiler of GraphQL gets wrong first: arguments that no request could use, and those that only look so."""

import base64

import pytest

from tests.graph.api import Api


@pytest.mark.parametrize(
    "query",
    [
        '{ platform(by: {id: "platform_x", code: "P140106"}) { name } }',
        "{ platform(by: {}) { name } }",
        "{ platform(by: {code: null}) { name } }",
        "{ topics(orderBy: [{}]) { totalCount } }",
        "{ topics(orderBy: [{number: ASC, proposedAt: ASC}]) { totalCount } }",
    ],
)
async def test_one_of_literal_has_exactly_one_field(api: Api, query: str) -> None:
    assert "exactly one field must be specified" in await api.problem(query)


@pytest.mark.parametrize(
    ("query", "argument"),
    [
        ('query ($v: DivisionCode = "14") { division(code: $v) { name } }', "code"),
        ('query ($v: ID = "division_14") { node(id: $v) { id } }', "id"),
        ('query ($v: [ID!] = ["division_14"]) { nodes(ids: $v) { id } }', "ids"),
        ("query ($v: TopicKind = KEY) { topics(filter: {kind: [$v]}) { totalCount } }", "filter"),
        ('query ($v: Boolean = true) { division(code: "14") { name @include(if: $v) } }', "if"),
        ('query ($v: Boolean = true) { division(code: "14") { name @skip(if: $v) } }', "if"),
    ],
)
async def test_null_variable_in_the_place_of_a_value_is_refused(api: Api, query: str, argument: str) -> None:
    assert "data" in await api.answer(query)
    assert f"Argument '{argument}' has invalid value" in await api.problem(query, v=None)


async def test_cursor_of_another_list_or_hand_is_refused(api: Api) -> None:
    query = "query ($c: String, $d: Direction!) { topics(first: 1, after: $c, orderBy: [{number: $d}]) { %s } }"
    page = query % "nodes { id } pageInfo { endCursor }"
    cursor = (await api.data(page, d="ASC"))["topics"]["pageInfo"]["endCursor"]
    assert "nodes" in (await api.data(page, c=cursor, d="ASC"))["topics"]
    other = "query ($c: String) { platforms(first: 1, after: $c) { totalCount } }"
    problem = "is not a cursor of a list in this order"
    assert problem in await api.problem(page, c=cursor, d="DESC")
    assert problem in await api.problem(other, c=cursor)
    payload = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
    for place in (0, len(payload) - 3):
        changed = bytes([*payload[:place], payload[place] ^ 1, *payload[place + 1 :]])
        tampered = base64.urlsafe_b64encode(changed).decode().rstrip("=")
        assert problem in await api.problem(page, c=tampered, d="ASC")
    for text in ("", "é", "nonsense", base64.urlsafe_b64encode(b"[" * 50_000).decode()):
        assert problem in await api.problem(page, c=text, d="ASC")


@pytest.mark.parametrize(
    "selection", ["totalCount", "pageInfo { hasPreviousPage }", "__typename", "pageInfo { __typename }"]
)
@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        ("first: -1", "A page has 0 to 100 items; -1 were asked for."),
        ("last: 101", "A page has 0 to 100 items; 101 were asked for."),
        ('after: "nonsense"', "is not a cursor of a list in this order"),
        ('filter: {platform: "topic_x"}', "'topic_x' is not an id of the form platform_…."),
        ('filter: {department: "\\u0000"}', "A value cannot be used"),
    ],
)
async def test_bad_arguments_are_refused_whatever_is_selected(
    api: Api, selection: str, arguments: str, problem: str
) -> None:
    assert problem in await api.problem(f"{{ topics({arguments}) {{ {selection} }} }}")
    unreached = f'{{ node(id: "division_14") {{ ... on Platform {{ topics({arguments}) {{ {selection} }} }} }} }}'
    assert await api.data(unreached) == {"node": {}}


async def test_enum_variables_are_names(api: Api) -> None:
    query = """query ($k: [TopicKind!], $d: Direction! = DESC) {
      topics(filter: {within: "140106", kind: $k}, orderBy: [{number: $d}], first: 1) { totalCount nodes { kind } } }"""
    assert (await api.data(query, k=["KEY"]))["topics"] == {"totalCount": 68, "nodes": [{"kind": "KEY"}]}
    assert (await api.data(query, k="MICRO", d="ASC"))["topics"] == {"totalCount": 256, "nodes": [{"kind": "MICRO"}]}
    assert (await api.data(query, k=[]))["topics"] == {"totalCount": 0, "nodes": []}
    assert "'key'" in await api.problem(query, k=["key"])
    assert 'cannot represent non-enum value: "KEY"' in await api.problem(
        '{ topics(filter: {kind: ["KEY"]}) { totalCount } }'
    )


async def test_ids_may_be_integers(api: Api) -> None:
    query = """query ($id: ID!, $ids: [ID!]!) { a: node(id: $id) { id } b: node(id: 14) { id }
      nodes(ids: $ids) { id } c: nodes(ids: [1, "division_14", 99999999999999999999]) { id } }"""
    expected = {"a": None, "b": None, "nodes": [None, {"id": "division_14"}], "c": [None, {"id": "division_14"}, None]}
    assert await api.data(query, id=14, ids=[14, "division_14"]) == expected
    assert "ID cannot represent" in await api.problem(query, id=1.5, ids=[])


@pytest.mark.parametrize("number", [2**31, -(2**31) - 1, 2**63, 10**30])
async def test_integers_beyond_32_bits_are_refused(api: Api, number: int) -> None:
    problem = "Int cannot represent non 32-bit signed integer value"
    assert problem in await api.problem(f"{{ platforms(first: {number}) {{ totalCount }} }}")
    assert problem in await api.problem("query ($n: Int) { platforms(first: $n) { totalCount } }", n=number)


@pytest.mark.parametrize("number", [-1, -(2**31), 101, 20_000])
async def test_sizes_out_of_range_are_refused(api: Api, number: int) -> None:
    problem = f"A page has 0 to 100 items; {number} were asked for."
    for size in ("first", "last"):
        assert await api.problem(f"{{ platforms({size}: {number}) {{ nodes {{ id }} }} }}") == problem
        query = f"query ($n: Int) {{ platforms({size}: $n) {{ nodes {{ id }} }} }}"
        assert await api.problem(query, n=number) == problem
    assert len((await api.data(query, n=100))["platforms"]["nodes"]) == 100


async def test_cursors_belong_to_their_list(api: Api) -> None:
    query = """query ($after: String) { platforms(first: 1, after: $after) { pageInfo { endCursor } } }"""
    cursor = (await api.data(query))["platforms"]["pageInfo"]["endCursor"]
    assert (await api.data(query, after=cursor))["platforms"]["pageInfo"]["endCursor"] != cursor
    for other in (
        f'{{ topics(after: "{cursor}") {{ totalCount }} }}',
        f'{{ platforms(after: "{cursor}", orderBy: [{{code: DESC}}]) {{ nodes {{ id }} }} }}',
        f'{{ platforms(before: "{cursor}", orderBy: [{{name: ASC}}, {{code: ASC}}]) {{ nodes {{ id }} }} }}',
    ):
        assert "is not a cursor of a list in this order" in await api.problem(other)
    same = f'{{ division(code: "14") {{ platforms(deep: true, after: "{cursor}", first: 1) {{ nodes {{ code }} }} }} }}'
    assert len((await api.data(same))["division"]["platforms"]["nodes"]) == 1


async def test_offsets_name_the_same_instant(api: Api) -> None:
    query = "query ($i: DateTime!) { topics(filter: {proposed: {from: $i}}) { totalCount } }"
    for instant in ("2022-03-01T00:00:00Z", "2022-03-01T08:00:00+08:00", "2022-02-28T18:30:00.000-05:30"):
        assert await api.data(query, i=instant) == await api.data(query, i="2022-03-01T00:00:00+00:00")
    for wrong in ("2022-03-01T00:00:00", "2022-03-01", "yesterday", 1646092800):
        assert "is not an instant: RFC 3339" in await api.problem(query, i=wrong)


async def test_a_hundred_ids_can_be_looked_up_at_once(api: Api) -> None:
    query = "query ($ids: [ID!]!) { nodes(ids: $ids) { id } }"
    assert (await api.data(query, ids=["division_14"] * 100))["nodes"] == [{"id": "division_14"}] * 100
    problem = "At most 100 ids are taken at once; 101 came."
    assert await api.problem(query, ids=["division_14"] * 101) == problem


async def test_instants_at_the_ends_of_the_calendar_are_instants(api: Api) -> None:
    query = "query ($i: DateTime!) { topics(filter: {proposed: {from: $i}}) { totalCount } }"
    everything = await api.data("{ topics { totalCount } }")
    assert await api.data(query, i="0001-01-01T00:00:00+14:00") == everything
    assert await api.data(query, i="9999-12-31T23:59:59-14:00") == {"topics": {"totalCount": 0}}


async def test_cursor_in_what_no_row_can_name_is_not_looked_at(api: Api) -> None:
    query = """{ topics(first: 1) { nodes { trace { subject { ... on Division { topics(after: "nonsense") {
      nodes { id } } } } } } } }"""
    (topic,) = (await api.data(query))["topics"]["nodes"]
    assert all(entry["subject"] in ({}, None) for entry in topic["trace"])


@pytest.mark.parametrize(
    ("query", "type_", "place"),
    [
        ("query ($v: ID) { topic(by: {id: $v}) { id } }", "ID", "TopicKey"),
        ('query ($v: ID = "x") { topic(by: {id: $v}) { id } }', "ID", "TopicKey"),
        ('query ($v: String = "P140106") { platform(by: {code: $v}) { name } }', "String", "PlatformKey"),
        ("query ($v: Direction) { topics(orderBy: [{number: $v}]) { totalCount } }", "Direction", "TopicOrder"),
        ("query ($v: Direction) { topics(orderBy: {number: $v}) { totalCount } }", "Direction", "TopicOrder"),
        ("query ($v: ID) { ...F } fragment F on Query { topic(by: {id: $v}) { id } }", "ID", "TopicKey"),
        (
            "query ($v: Direction) { division(code: 14) { topics(orderBy: [{number: $v}]) { totalCount } } }",
            "Direction",
            "TopicOrder",
        ),
    ],
)
async def test_variable_in_a_one_of_object_is_not_nullable(api: Api, query: str, type_: str, place: str) -> None:
    query = query.replace("14)", '"14")')
    answer = await api.answer(query, v="x")
    assert "data" not in answer
    (error,) = answer["errors"]
    assert error["message"] == (
        f"Variable '$v' is of type '{type_}' but must be non-nullable to be used for OneOf Input Object '{place}'."
    )
    assert error["extensions"] == {"code": "GRAPHQL_VALIDATION_FAILED"}
    assert len(error["locations"]) == 2


async def test_variable_for_a_whole_one_of_object_may_have_a_default(api: Api) -> None:
    query = "query ($o: TopicOrder = {number: ASC}) { topics(orderBy: [$o], first: 0) { nodes { id } } }"
    assert await api.data(query) == {"topics": {"nodes": []}}
    query = "query ($n: String!) { topic(by: {number: $n}) { id } }"
    assert await api.data(query, n="x") == {"topic": None}
