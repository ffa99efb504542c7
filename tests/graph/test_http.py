import json
from typing import Any

import pytest

from services.core.actor import Role
from tests.graph.api import Api

QUERY = '{ division(code: "14") { name } }'
ANSWER = {"data": {"division": {"name": "山西省"}}}
JSON = "application/json"
GRAPHQL = "application/graphql-response+json"


async def test_post_and_get_answer_the_same(api: Api) -> None:
    posted = await api.http.post("/graphql", json={"query": QUERY})
    got = await api.http.get("/graphql", params={"query": QUERY})
    assert posted.json() == got.json() == ANSWER
    assert posted.headers["content-type"] == got.headers["content-type"] == "application/json; charset=utf-8"


@pytest.mark.parametrize(
    ("accept", "type_"),
    [
        (GRAPHQL, GRAPHQL),
        (f"{JSON}, {GRAPHQL};q=0.5", JSON),
        (f"{GRAPHQL}, {JSON};q=0.9", GRAPHQL),
        ("*/*", JSON),
        ("application/*;q=0.8", JSON),
        (f"{JSON}, {GRAPHQL}", JSON),
        (f"{GRAPHQL}, {JSON}", GRAPHQL),
        (f"*/*, {GRAPHQL}", GRAPHQL),
        (f"application/*, {JSON};q=0", GRAPHQL),
        ("text/html, */*;q=0.1", JSON),
    ],
)
async def test_accept_chooses_the_media_type(api: Api, accept: str, type_: str) -> None:
    response = await api.http.post("/graphql", json={"query": QUERY}, headers={"Accept": accept})
    assert (response.status_code, response.headers["content-type"]) == (200, f"{type_}; charset=utf-8")


@pytest.mark.parametrize(
    ("query", "accept", "status", "code"),
    [
        ("{", GRAPHQL, 400, "GRAPHQL_PARSE_FAILED"),
        ("{", JSON, 200, "GRAPHQL_PARSE_FAILED"),
        ("{ nothing }", GRAPHQL, 400, "GRAPHQL_VALIDATION_FAILED"),
        ("query A { __typename } query B { __typename }", GRAPHQL, 400, "OPERATION_RESOLUTION_FAILURE"),
        ('{ division(code: "1") { name } }', GRAPHQL, 400, "GRAPHQL_VALIDATION_FAILED"),
    ],
)
async def test_refused_documents_have_a_code(api: Api, query: str, accept: str, status: int, code: str) -> None:
    response = await api.http.post("/graphql", json={"query": query}, headers={"Accept": accept})
    assert response.status_code == status
    assert {error["extensions"]["code"] for error in response.json()["errors"]} == {code}
    assert "data" not in response.json()


@pytest.mark.parametrize("accept", [GRAPHQL, JSON])
async def test_answer_with_a_refused_field_is_an_answer(api: Api, accept: str) -> None:
    query = "{ topics(first: 1000) { nodes { id } } }"
    posted = await api.http.post("/graphql", json={"query": query}, headers={"Accept": accept})
    got = await api.http.get("/graphql", params={"query": query}, headers={"Accept": accept})
    for response in (posted, got):
        assert response.status_code == 200
        assert response.json()["data"] == {"topics": None}
        assert [error["path"] for error in response.json()["errors"]] == [["topics"]]
    headers = {"Accept": accept, "If-None-Match": got.headers["etag"]}
    again = await api.http.get("/graphql", params={"query": query}, headers=headers)
    assert again.status_code == 304


@pytest.mark.parametrize(
    ("content", "content_type", "status", "message"),
    [
        (b"{", JSON, 400, "The request body is not JSON"),
        (b"[]", JSON, 400, "The request body is a JSON object"),
        (b'"text"', JSON, 400, "The request body is a JSON object"),
        (b"{}", JSON, 400, "The field query is missing"),
        (b'{"query": 1}', JSON, 400, "The field query is missing"),
        (b'{"query": "{a}", "variables": []}', JSON, 400, "The field variables is not an object"),
        (b'{"query": "{a}", "operationName": 1}', JSON, 400, "The field operationName is not a string"),
        (b'{"query": "{a}", "extensions": 1}', JSON, 400, "The field extensions is not an object"),
        (b"query={a}", "application/x-www-form-urlencoded", 415, "A request body is application/json"),
        (b"{}", "application/json; charset=gbk", 415, "A request body is in UTF-8"),
        (b'"' + b"x" * 200_000 + b'"', JSON, 413, "A request body has at most 100000 bytes"),
        (b'{"query": "\\ud800"}', JSON, 400, "The request body is not JSON"),
    ],
)
async def test_bad_bodies_are_refused_in_json(
    api: Api, content: bytes, content_type: str, status: int, message: str
) -> None:
    response = await api.http.post("/graphql", content=content, headers={"Content-Type": content_type})
    assert response.status_code == status
    assert response.json()["errors"][0]["message"].startswith(message)


@pytest.mark.parametrize("accept", [GRAPHQL, JSON])
async def test_get_runs_no_mutation(api: Api, accept: str) -> None:
    mutation = 'mutation { listTopic(input: {topic: "x"}) { errors { code } } }'
    response = await api.http.get("/graphql", params={"query": mutation}, headers={"Accept": accept})
    assert (response.status_code, response.headers["allow"]) == (405, "POST")
    assert response.headers["content-type"] == f"{accept}; charset=utf-8"
    assert [error["extensions"]["code"] for error in response.json()["errors"]] == ["OPERATION_NOT_ALLOWED"]


async def test_head_is_answered_as_get(api: Api) -> None:
    got = await api.http.get("/graphql", params={"query": QUERY})
    head = await api.http.head("/graphql", params={"query": QUERY})
    assert (head.status_code, head.headers["content-length"]) == (200, got.headers["content-length"])


@pytest.mark.parametrize("parameters", ["; charset=utf-8", '; charset="UTF-8"; x=y', "; x=y; charset=utf8", "; x=y"])
async def test_content_type_may_have_parameters(api: Api, parameters: str) -> None:
    headers = {"Content-Type": JSON + parameters}
    response = await api.http.post("/graphql", content=json.dumps({"query": QUERY}), headers=headers)
    assert (response.status_code, response.json()) == (200, ANSWER)


async def test_http_errors_have_the_media_type_that_is_accepted(api: Api) -> None:
    for accept, type_ in ((GRAPHQL, GRAPHQL), (JSON, JSON), ("text/plain", JSON)):
        response = await api.http.post("/graphql", content=b"{}", headers={"Accept": accept})
        assert response.headers["content-type"] == f"{type_}; charset=utf-8"
        assert response.status_code == (406 if accept == "text/plain" else 415)


async def test_get_takes_variables_and_refuses_bad_ones(api: Api) -> None:
    query = "query ($c: DivisionCode!) { division(code: $c) { name } }"
    good = await api.http.get("/graphql", params={"query": query, "variables": json.dumps({"c": "14"})})
    assert good.json() == ANSWER
    bad = await api.http.get("/graphql", params={"query": query, "variables": "{"})
    assert (bad.status_code, bad.json()["errors"][0]["extensions"]["code"]) == (400, "BAD_REQUEST")


@pytest.mark.parametrize(
    ("method", "path", "headers", "status", "code"),
    [
        ("PUT", "/graphql", {}, 405, "METHOD_NOT_ALLOWED"),
        ("GET", "/graphql", {}, 400, "BAD_REQUEST"),
        ("POST", "/livez", {}, 405, "METHOD_NOT_ALLOWED"),
        ("GET", "/graphql", {"Accept": "text/plain"}, 406, "NOT_ACCEPTABLE"),
        ("GET", "/nothing", {}, 404, "NOT_FOUND"),
        ("GET", "/graphql", {"Authorization": "Basic abc"}, 401, "INVALID_TOKEN"),
        ("GET", "/graphql", {"Authorization": "Bearer nonsense"}, 401, "INVALID_TOKEN"),
    ],
)
async def test_http_errors_have_json_bodies(
    api: Api, method: str, path: str, headers: dict[str, str], status: int, code: str
) -> None:
    response = await api.http.request(method, path, headers=headers)
    assert (response.status_code, response.json()["errors"][0]["extensions"]["code"]) == (status, code)


@pytest.mark.parametrize(
    ("variables", "part"),
    [
        ({"f": {"tier": ["NOPE"]}}, "NOPE"),
        ({"f": {"nothing": 1}}, "nothing"),
        ({"f": 3}, "PlatformFilter"),
        ({"f": {"within": "140"}}, "2, 4, 6, 9 or 12 digits"),
    ],
)
async def test_bad_variables_are_named(api: Api, variables: dict[str, Any], part: str) -> None:
    answer = await api.answer("query ($f: PlatformFilter) { platforms(filter: $f) { totalCount } }", **variables)
    assert part in answer["errors"][0]["message"]
    assert answer["errors"][0]["extensions"]["code"] == "BAD_USER_INPUT"


async def test_health_and_schema_are_served(api: Api) -> None:
    assert (await api.http.get("/livez")).json() == {"status": "ok"}
    assert (await api.http.get("/readyz")).json() == {"status": "ok", "database": "up"}
    sdl = (await api.http.get("/schema.graphql")).text
    assert "type Division implements Node" in sdl


async def test_viewer_is_whoever_the_token_speaks_for(api: Api) -> None:
    query = "{ viewer { subject grants { role division { name } department { name } } } }"
    secretariat = await api.as_(Role.SECRETARIAT, "140521").data(query)
    court = await api.as_(Role.DEPARTMENT, department="qinshui-court").data(query)
    assert secretariat["viewer"] == {
        "subject": "somebody",
        "grants": [{"role": "SECRETARIAT", "division": {"name": "沁水县"}, "department": None}],
    }
    assert court["viewer"]["grants"] == [
        {"role": "DEPARTMENT", "division": None, "department": {"name": "沁水县人民法院"}}
    ]
