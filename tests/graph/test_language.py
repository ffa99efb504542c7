"""What a compiler of GraphQL gets wrong first, case by case."""

import base64
from typing import Any

import pytest

from tests.graph.api import Api


async def refusal(api: Api, query: str, **variables: Any) -> str:
    """Return the message of the one error that took a request's place."""
    answer = await api.answer(query, **variables)
    assert answer.get("data") is None
    (error,) = answer["errors"]
    assert error["extensions"]["code"] in {"BAD_USER_INPUT", "GRAPHQL_VALIDATION_FAILED"}
    message: str = error["message"]
    return message


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
    assert "exactly one field must be specified" in await refusal(api, query)


@pytest.mark.parametrize(
    ("query", "argument"),
    [
        ('query ($v: DivisionCode = "14") { division(code: $v) { name } }', "code"),
        ('query ($v: ID = "division_14") { node(id: $v) { id } }', "id"),
        ('query ($v: [ID!] = ["division_14"]) { nodes(ids: $v) { id } }', "ids"),
        ('query ($v: Boolean = true) { division(code: "14") { platforms(deep: $v) { totalCount } } }', "deep"),
        ("query ($v: TopicKind = KEY) { topics(filter: {kind: [$v]}) { totalCount } }", "filter"),
        ('query ($v: String = "P140106") { platform(by: {code: $v}) { name } }', "by"),
        ('query ($v: Boolean = true) { division(code: "14") { name @include(if: $v) } }', "if"),
        ('query ($v: Boolean = true) { division(code: "14") { name @skip(if: $v) } }', "if"),
    ],
)
async def test_null_variable_in_the_place_of_a_value_is_refused(api: Api, query: str, argument: str) -> None:
    assert "data" in await api.answer(query)
    assert f"Argument '{argument}' has invalid value" in await refusal(api, query, v=None)


async def test_cursor_of_another_list_or_hand_is_refused(api: Api) -> None:
    query = "query ($c: String, $d: Direction!) { topics(first: 1, after: $c, orderBy: [{number: $d}]) { %s } }"
    page = query % "nodes { id } pageInfo { endCursor }"
    cursor = (await api.data(page, d="ASC"))["topics"]["pageInfo"]["endCursor"]
    assert "nodes" in (await api.data(page, c=cursor, d="ASC"))["topics"]
    other = "query ($c: String) { platforms(first: 1, after: $c) { totalCount } }"
    problem = "is not a cursor of a list in this order"
    assert problem in await refusal(api, page, c=cursor, d="DESC")
    assert problem in await refusal(api, other, c=cursor)
    payload = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
    for place in (0, len(payload) - 3):
        changed = bytes([*payload[:place], payload[place] ^ 1, *payload[place + 1 :]])
        tampered = base64.urlsafe_b64encode(changed).decode().rstrip("=")
        assert problem in await refusal(api, page, c=tampered, d="ASC")
    for text in ("", "é", "nonsense", base64.urlsafe_b64encode(b"[" * 50_000).decode()):
        assert problem in await refusal(api, page, c=text, d="ASC")


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
        ('filter: {text: "\\u0000"}', "A value cannot be used"),
    ],
)
async def test_bad_arguments_are_refused_whatever_is_selected(
    api: Api, selection: str, arguments: str, problem: str
) -> None:
    assert problem in await refusal(api, f"{{ topics({arguments}) {{ {selection} }} }}")
    assert problem in await refusal(
        api, f'{{ node(id: "division_14") {{ ... on Platform {{ topics({arguments}) {{ {selection} }} }} }} }}'
    )


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
