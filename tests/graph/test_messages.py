"""Refusals in the reader's language: the same codes, parameters and paths in both."""

from typing import Any

import pytest

from graph.language import preferred
from services.core.actor import Role
from services.core.words import Language
from tests.graph.api import Api

TOO_MANY = "{ topics(first: 101) { totalCount } }"
RAISE = """mutation ($input: RaiseMatterInput!) { raiseMatter(input: $input) {
  matter { id } errors { code message path parameters } } }"""
CHINESE = {"Accept-Language": "zh-CN,zh;q=0.9,en;q=0.8"}


@pytest.mark.parametrize(
    ("accept", "language"),
    [
        ("", "en"),
        ("*", "en"),
        ("zh", "zh"),
        ("zh-CN", "zh"),
        ("zh-Hans-CN", "zh"),
        ("ZH-TW", "zh"),
        ("zh-CN,zh;q=0.9,en;q=0.8", "zh"),
        ("en-GB,zh;q=0.9", "en"),
        ("en;q=0.5,zh;q=0.9", "zh"),
        ("fr, zh;q=0.3, en;q=0.2", "zh"),
        ("fr-CH, fr", "en"),
        ("zh;q=0", "en"),
        ("zh;q=nonsense", "en"),
        ("zhuang", "en"),
    ],
)
def test_language_is_the_one_that_is_preferred(accept: str, language: str) -> None:
    assert preferred(accept) is Language(language)


async def both(api: Api, query: str, **variables: Any) -> tuple[Any, Any]:
    """Return the answers to one who asks for nothing and to one who asks for Chinese."""
    body = {"query": query, "variables": variables}
    plain = await api.http.post("/graphql", json=body)
    chinese = await api.http.post("/graphql", json=body, headers=CHINESE)
    return plain, chinese


async def test_read_is_refused_in_the_language_asked_for(api: Api) -> None:
    plain, chinese = await both(api, TOO_MANY)
    (english_error,), (chinese_error,) = plain.json()["errors"], chinese.json()["errors"]
    assert english_error["message"] == "A page has 0 to 100 items; 101 were asked for."
    assert chinese_error == {**english_error, "message": "每页0至100项；所求为101项。"}
    assert english_error["extensions"] == {
        "code": "BAD_USER_INPUT", "path": ["first"], "parameters": {"most": 100, "size": 101},
    }  # fmt: skip
    assert all("Accept-Language" in answer.headers["vary"] for answer in (plain, chinese))


async def test_verb_is_refused_in_the_language_asked_for(writing: Api) -> None:
    resident = writing.as_(Role.RESIDENT, "140521")
    values = {
        "title": "字" * 201,
        "description": "漏水。",
        "nature": "TROUBLESOME",
        "category": "ROADS",
        "platform": "x",
    }
    plain, chinese = await both(resident, RAISE, input=values)
    (english_error,) = plain.json()["data"]["raiseMatter"]["errors"]
    (chinese_error,) = chinese.json()["data"]["raiseMatter"]["errors"]
    assert english_error == {
        "code": "INVALID_INPUT",
        "message": "title takes 1 to 200 characters in one line; this one has 201.",
        "path": ["title"],
        "parameters": {"field": "title", "least": 1, "most": 200, "length": 201},
    }
    assert chinese_error == {**english_error, "message": "title应为1至200字，不分行；所给内容有201。"}


async def test_limits_and_tokens_are_refused_in_the_language_asked_for(api: Api) -> None:
    deep = "{ division(code: 14) " + "{ parent " * 21 + "{ name }" + " }" * 21 + " }"
    _, chinese = await both(api, deep)
    assert chinese.json()["errors"][0]["message"] == "字段嵌套23层，最多20层；请从更近处查起。"
    refused = await api.http.post("/graphql", json={"query": TOO_MANY}, headers={**CHINESE, "Authorization": "Basic x"})
    assert refused.status_code == 401
    (error,) = refused.json()["errors"]
    assert error == {
        "message": "Authorization头的格式应为：Bearer <令牌>。", "extensions": {"code": "INVALID_TOKEN"}
    }  # fmt: skip
    assert "Accept-Language" in refused.headers["vary"]


async def test_good_answer_depends_on_no_language(api: Api) -> None:
    plain, chinese = await both(api, "{ topics { totalCount } }")
    assert plain.content == chinese.content
    assert "Accept-Language" not in plain.headers["vary"] + chinese.headers["vary"]
