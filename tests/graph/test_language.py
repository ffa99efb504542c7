"""What a compiler of GraphQL gets wrong first, case by case."""

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
