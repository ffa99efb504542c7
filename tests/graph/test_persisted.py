import hashlib
import json
from typing import Any

import httpx
import pytest

from graph.http.app import Application
from graph.http.negotiation import GRAPHQL_RESPONSE
from graph.schema import Schema
from services.core.database import Database
from services.core.tokens import LocalIssuer
from tests.graph.api import Api
from tests.graph.conftest import application

QUERY = 'query Named($long: Boolean = false) { division(code: "14") { name level @include(if: $long) } }'
DATA = {"division": {"name": "山西省"}}


def digest(query: str) -> str:
    return hashlib.sha256(query.encode()).hexdigest()


def persisted(sha256: object, version: object = 1) -> dict[str, Any]:
    return {"persistedQuery": {"version": version, "sha256Hash": sha256}}


@pytest.fixture
def fresh(schema: Schema, seeded_db: Database, issuer: LocalIssuer) -> Api:
    """A client of a process that was sent no query yet."""
    app: Application = application(schema, seeded_db, issuer)
    return Api(app, issuer)


def code_of(response: httpx.Response) -> str:
    (error,) = response.json()["errors"]
    code: str = error["extensions"]["code"]
    return code


async def post(api: Api, **fields: Any) -> httpx.Response:
    return await api.http.post("/graphql", json=fields)


async def get(api: Api, **fields: Any) -> httpx.Response:
    written = {name: value if isinstance(value, str) else json.dumps(value) for name, value in fields.items()}
    return await api.http.get("/graphql", params=written)


async def test_a_query_is_asked_for_by_its_digest_once_it_was_sent_with_it(fresh: Api) -> None:
    unknown = await post(fresh, extensions=persisted(digest(QUERY)))
    assert (unknown.status_code, code_of(unknown)) == (200, "PERSISTED_QUERY_NOT_FOUND")
    assert unknown.json()["errors"][0]["message"] == "PersistedQueryNotFound"
    registered = await post(fresh, query=QUERY, extensions=persisted(digest(QUERY)))
    by_post = await post(fresh, extensions=persisted(digest(QUERY)))
    by_get = await get(fresh, extensions=persisted(digest(QUERY)))
    assert registered.json() == by_post.json() == by_get.json() == {"data": DATA}


async def test_a_query_by_digest_takes_variables_and_a_name(fresh: Api) -> None:
    await get(fresh, query=QUERY, extensions=persisted(digest(QUERY)))
    asked = {"extensions": persisted(digest(QUERY)), "operationName": "Named", "variables": {"long": True}}
    for answer in (await post(fresh, **asked), await get(fresh, **asked)):
        assert answer.json() == {"data": {"division": {"name": "山西省", "level": "PROVINCE"}}}
    assert code_of(await post(fresh, **{**asked, "operationName": "Other"})) == "OPERATION_RESOLUTION_FAILURE"


async def test_digests_are_the_same_in_capitals(fresh: Api) -> None:
    await post(fresh, query=QUERY, extensions=persisted(digest(QUERY).upper()))
    assert (await post(fresh, extensions=persisted(digest(QUERY)))).json() == {"data": DATA}
    assert (await post(fresh, extensions=persisted(digest(QUERY).upper()))).json() == {"data": DATA}


async def test_a_digest_of_another_query_is_refused_and_not_kept(fresh: Api) -> None:
    other = digest("{ __typename }")
    assert code_of(await post(fresh, query=QUERY, extensions=persisted(other))) == "BAD_USER_INPUT"
    assert code_of(await post(fresh, extensions=persisted(other))) == "PERSISTED_QUERY_NOT_FOUND"


@pytest.mark.parametrize(
    ("extension", "code"),
    [
        ({"version": 2, "sha256Hash": digest(QUERY)}, "PERSISTED_QUERY_NOT_SUPPORTED"),
        ({"sha256Hash": digest(QUERY)}, "PERSISTED_QUERY_NOT_SUPPORTED"),
        ("text", "PERSISTED_QUERY_NOT_SUPPORTED"),
        ({"version": 1}, "BAD_USER_INPUT"),
        ({"version": 1, "sha256Hash": 5}, "BAD_USER_INPUT"),
    ],
)
async def test_other_forms_are_refused(fresh: Api, extension: object, code: str) -> None:
    assert code_of(await post(fresh, query=QUERY, extensions={"persistedQuery": extension})) == code
    assert code_of(await post(fresh, extensions={"persistedQuery": extension})) == code


async def test_a_query_that_cannot_run_is_refused_by_its_digest_as_well(fresh: Api) -> None:
    bad = "{ nothing }"
    for fields in ({"query": bad}, {}):
        answer = await post(fresh, **fields, extensions=persisted(digest(bad)))
        assert code_of(answer) in {"GRAPHQL_VALIDATION_FAILED", "PERSISTED_QUERY_NOT_FOUND"}


async def test_a_digest_by_get_runs_no_mutation(fresh: Api) -> None:
    mutation = 'mutation { listTopic(input: {topic: "x"}) { errors { code } } }'
    await post(fresh, query=mutation, extensions=persisted(digest(mutation)))
    assert (await get(fresh, extensions=persisted(digest(mutation)))).status_code == 405


async def test_an_unknown_digest_is_a_request_that_was_not_run(fresh: Api) -> None:
    fields = {"extensions": persisted(digest(QUERY))}
    answer = await fresh.http.post("/graphql", json=fields, headers={"Accept": GRAPHQL_RESPONSE})
    assert (answer.status_code, code_of(answer)) == (400, "PERSISTED_QUERY_NOT_FOUND")


async def test_long_queries_are_answered_and_not_kept(fresh: Api) -> None:
    long = QUERY + "#" * 20_000
    assert (await post(fresh, query=long, extensions=persisted(digest(long)))).json() == {"data": DATA}
    assert code_of(await post(fresh, extensions=persisted(digest(long)))) == "PERSISTED_QUERY_NOT_FOUND"
