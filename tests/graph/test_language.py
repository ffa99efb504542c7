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
