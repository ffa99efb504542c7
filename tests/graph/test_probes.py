"""What the known audit tools of GraphQL look for: graphql-cop, graphw00f, Clairvoyance, InQL.

What each of them finds here stands in SECURITY.md. A probe is what such a tool sends.
"""

import json
import re
from typing import Any

import httpx
import pytest

from graph.schema import Schema
from tests.graph.api import Api
from tests.graph.ends.inputs import places, verbs

TYPENAME = "{ __typename }"
LOOP = "fragment A on __Schema { __typename ...B } fragment B on __Schema { ...A }"
CIRCLE = "fields { type { " * 4 + "name" + " } }" * 4
MASKS = {"stacktrace", "exception", "debug", "trace", "tracing"}
FORM = "application/x-www-form-urlencoded"


def codes(response: httpx.Response) -> set[str]:
    """Return the codes of an answer that has no data."""
    answer = response.json()
    assert answer.get("data") is None, answer
    return {error["extensions"]["code"] for error in answer["errors"]}


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("{ " + " ".join(f"alias{n}: __typename" for n in range(101)) + " }", "LIMIT_ALIASES"),
        ("{ " + "__typename " * 500 + "}", "LIMIT_ROOT_FIELDS"),
        ("{ __typename " + "@aa" * 51 + " }", "LIMIT_DIRECTIVES"),
        ("{ __schema { types { " + CIRCLE + " } } }", "LIMIT_INTROSPECTION_NESTING"),
        ("{ __schema { ...A } } " + LOOP, "GRAPHQL_VALIDATION_FAILED"),
        ("qwerty cop { abc }", "GRAPHQL_PARSE_FAILED"),
    ],
    ids=["aliases", "duplicates", "directives", "circular introspection", "circular fragments", "no document"],
)
async def test_overloading_is_refused(api: Api, query: str, code: str) -> None:
    assert codes(await api.http.post("/graphql", json={"query": query})) == {code}


async def test_a_directive_many_times_is_one_error_for_each_place_and_no_more_than_a_few(api: Api) -> None:
    response = await api.http.post("/graphql", json={"query": "{ __typename " + "@aa" * 50 + " }"})
    assert codes(response) == {"GRAPHQL_VALIDATION_FAILED"}
    assert len(response.content) < 10_000


@pytest.mark.parametrize("count", [1, 10])
async def test_batches_are_not_taken(api: Api, count: int) -> None:
    response = await api.http.post("/graphql", json=[{"query": TYPENAME}] * count)
    assert (response.status_code, codes(response)) == (400, {"BAD_REQUEST"})


@pytest.mark.parametrize("kind", ["text/plain", "multipart/form-data; boundary=x", FORM, None])
async def test_what_a_page_may_send_without_asking_first_is_not_taken(api: Api, kind: str | None) -> None:
    headers = {} if kind is None else {"Content-Type": kind}
    content = f"query={TYPENAME}" if kind == FORM else json.dumps({"query": TYPENAME})
    response = await api.http.post("/graphql", content=content, headers=headers)
    assert (response.status_code, codes(response)) == (415, {"UNSUPPORTED_MEDIA_TYPE"})


@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "PATCH", "DELETE"])
async def test_no_method_but_post_writes(api: Api, method: str) -> None:
    mutation = 'mutation { listTopic(input: {topic: "x"}) { errors { code } } }'
    response = await api.http.request(method, "/graphql", params={"query": mutation})
    assert response.status_code == 405


@pytest.mark.parametrize("path", ["/graphiql", "/playground", "/console", "/altair", "/voyager", "/v1/graphql"])
async def test_nothing_else_answers(api: Api, path: str) -> None:
    assert (await api.http.get(path, headers={"Accept": "text/html"})).status_code == 404


@pytest.mark.parametrize("query", [TYPENAME, "{ nothing }", "{", "{ topics(first: 1000) { totalCount } }"])
async def test_neither_traces_nor_causes_are_told(api: Api, query: str) -> None:
    headers = {"X-Apollo-Tracing": "1", "apollo-federation-include-trace": "ftv1"}
    response = await api.http.post("/graphql", json={"query": query}, headers=headers)
    for part in [response.json(), *response.json().get("errors", ())]:
        assert MASKS.isdisjoint(part.get("extensions", {}))
    assert "Traceback" not in response.text
    assert ".py" not in response.text


@pytest.mark.parametrize("query", ["query @skip { __typename }", "query @deprecated { __typename }", "aaa", ""])
async def test_a_fingerprint_needs_errors_and_gets_no_headers(api: Api, query: str) -> None:
    response = await api.http.post("/graphql", json={"query": query})
    assert response.headers.keys().isdisjoint({"server", "x-powered-by", "via"})
    assert not any(engine in response.text.lower() for engine in ("strawberry", "starlette", "graphql-core"))


@pytest.mark.parametrize("field", ["id", "status", "subject", "raisedAt", "version", "isPublished", "__proto__"])
async def test_an_input_takes_no_field_that_it_does_not_have(writing: Api, field: str) -> None:
    query = "mutation ($input: AcceptMatterInput!) { acceptMatter(input: $input) { errors { code } } }"
    given: dict[str, Any] = {"matter": "matter_00000000-0000-7000-8000-000000000000", field: "LISTED"}
    (error,) = (await writing.answer(query, input=given))["errors"]
    assert error["extensions"]["code"] == "BAD_USER_INPUT"
    assert field in error["message"]


def test_no_input_has_what_the_service_decides(schema: Schema) -> None:
    fields = {str(place) for verb, type_ in verbs(schema.core).items() for place in places(verb, type_)}
    decided = {
        "id",
        "number",
        "status",
        "version",
        "revision",
        "subject",
        "actor",
        "createdAt",
        "listedAt",
        "grantedBy",
    }
    assert {each for each in fields if re.split(r"[(.)]", each)[-2] in decided} == {
        "grantRole(subject)",
        "linkMember(subject)",
    }
