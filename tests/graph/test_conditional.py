import re

import pytest

from services.core.actor import Role
from tests.graph.api import Api

QUERY = '{ division(code: "14") { name children { name } } }'
OTHER = '{ division(code: "1401") { name children { name } } }'


async def tag_of(api: Api, query: str = QUERY) -> str:
    tag: str = (await api.http.get("/graphql", params={"query": query})).headers["etag"]
    return tag


async def test_get_is_tagged_by_its_answer(api: Api) -> None:
    first = await api.http.get("/graphql", params={"query": QUERY})
    assert re.fullmatch(r'W/"[0-9a-f]{32}"', first.headers["etag"])
    assert first.headers["cache-control"] == "private, no-cache"
    assert first.headers["vary"] == "Accept, Accept-Encoding, Authorization"
    assert await tag_of(api) == await tag_of(api.as_(Role.AUDITOR, "14")) == first.headers["etag"]
    assert await tag_of(api, OTHER) != first.headers["etag"]


@pytest.mark.parametrize("form", ["{tag}", '"other", {tag}', '{tag}, "other"', "{strong}", "*"])
async def test_what_a_client_has_is_not_sent_again(api: Api, form: str) -> None:
    tag = await tag_of(api)
    headers = {"If-None-Match": form.format(tag=tag, strong=tag.removeprefix("W/"))}
    response = await api.http.get("/graphql", params={"query": QUERY}, headers=headers)
    assert (response.status_code, response.content) == (304, b"")
    assert "content-type" not in response.headers
    assert response.headers["etag"] == tag
    assert response.headers["cache-control"] == "private, no-cache"
    assert response.headers["vary"] == "Accept, Accept-Encoding, Authorization"


@pytest.mark.parametrize("given", ['W/"0"', '""', "nonsense", ""])
async def test_what_a_client_has_not_is_sent(api: Api, given: str) -> None:
    response = await api.http.get("/graphql", params={"query": QUERY}, headers={"If-None-Match": given})
    assert (response.status_code, response.json()["data"]["division"]["name"]) == (200, "山西省")


async def test_another_answer_is_sent(api: Api) -> None:
    headers = {"If-None-Match": await tag_of(api, OTHER)}
    response = await api.http.get("/graphql", params={"query": QUERY}, headers=headers)
    assert (response.status_code, response.headers["etag"]) == (200, await tag_of(api))


async def test_what_a_caller_sees_more_has_another_tag(api: Api) -> None:
    query = '{ topics(filter: {within: "140521", status: [PROPOSED]}) { totalCount } }'
    assert await tag_of(api, query) != await tag_of(api.as_(Role.AUDITOR, "14"), query)


async def test_tags_are_the_same_however_an_answer_is_sent(api: Api) -> None:
    tags = set()
    for coding in ("identity", "gzip", "zstd"):
        parameters = {"query": "{ platforms(first: 100) { nodes { id name } } }"}
        response = await api.http.get("/graphql", params=parameters, headers={"Accept-Encoding": coding})
        assert response.headers.get("content-encoding", "identity") == coding
        tags.add(response.headers["etag"])
    assert len(tags) == 1


async def test_post_is_neither_tagged_nor_conditional(api: Api) -> None:
    headers = {"If-None-Match": await tag_of(api)}
    response = await api.http.post("/graphql", json={"query": QUERY}, headers=headers)
    assert response.status_code == 200
    assert not {"etag", "cache-control"} & set(response.headers)


async def test_a_refused_get_is_not_tagged(api: Api) -> None:
    headers = {"Accept": "application/graphql-response+json", "If-None-Match": "*"}
    response = await api.http.get("/graphql", params={"query": "{ nothing }"}, headers=headers)
    assert response.status_code == 400
    assert "etag" not in response.headers
