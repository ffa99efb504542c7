from math import ceil
from types import SimpleNamespace
from typing import Any, cast

import pytest
from graphql import get_introspection_query

from graph.budgets import Budgets
from graph.engine import Engine
from graph.errors import refused
from graph.http.app import create_app
from graph.http.auth import LocalAuthenticator
from graph.schema import Schema
from services.core.actor import Role
from services.core.clock import SystemClock
from services.core.database import Database
from services.core.errors import StatementTimeout
from services.core.limits import Limits
from services.core.relief import Relief
from services.core.tokens import LocalIssuer
from services.notices.hub import Hub
from tests.graph.api import Api
from tests.graph.conftest import application
from tests.graph.hostile import COSTLY, HOSTILE, Hostile

GRAPHQL = {"Accept": "application/graphql-response+json"}
PROVINCE = """{ division(code: "14") { name children { name children { name platforms(first: 100) { nodes { name
  topics(first: 100) { nodes { title } } } } } } } }"""


def without_database(schema: Schema, issuer: LocalIssuer, **settings: Any) -> Api:
    """Return a client of an application that cannot run SQL: whatever it refuses, it refuses without."""
    clock, there = SystemClock(), SimpleNamespace(reads=None, replicas=None, relief=Relief(lambda: False), limit_s=1.0)
    nothing = cast("Database", there)
    engine = Engine(schema, nothing, clock, cursor_key=b"", **settings)
    hub = Hub(nothing, backlog=1)
    app = create_app(schema, engine, nothing, LocalAuthenticator(issuer, clock), hub=hub, body_bytes=2_000_000)
    return Api(app, issuer)


@pytest.fixture
def unconnected(schema: Schema, issuer: LocalIssuer) -> Api:
    return without_database(schema, issuer)


async def refusal(api: Api, hostile: Hostile) -> dict[str, Any]:
    """Return the whole answer to a document that is refused."""
    body = {"query": hostile.text, "variables": hostile.variables}
    response = await api.http.post("/graphql", json=body, headers=GRAPHQL)
    assert response.status_code == 400, response.text
    answer: dict[str, Any] = response.json()
    return answer


def limits_of(answer: dict[str, Any]) -> dict[str, int]:
    """Return the values found above their limits, by code, where each error says all that it must."""
    found = {}
    for error in answer["errors"]:
        facts = error["extensions"]
        name = facts["code"].removeprefix("LIMIT_")
        told = {"limit": Limits().model_dump()[name.lower()], "value": facts["value"]}
        assert facts == {"code": f"LIMIT_{name}", **told, "parameters": told}
        assert str(facts["limit"]) in error["message"]
        assert str(facts["value"]) in error["message"]
        found[name] = facts["value"]
    return found


@pytest.mark.parametrize("name", HOSTILE)
async def test_hostile_document_is_refused_before_validation(
    unconnected: Api, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    hostile = HOSTILE[name]
    monkeypatch.setattr("graph.operations.validate", unreachable)
    if hostile.before_parse:
        monkeypatch.setattr("graph.operations.parse", unreachable)
    answer = await refusal(unconnected, hostile)
    assert limits_of(answer) == hostile.found
    assert answer.keys() == {"errors"}


def unreachable(*_arguments: object, **_named: object) -> None:
    raise AssertionError("a refused document came this far")


@pytest.mark.parametrize("name", COSTLY)
async def test_costly_operation_is_refused_without_sql(unconnected: Api, name: str) -> None:
    answer = await refusal(unconnected, COSTLY[name])
    assert limits_of(answer) == COSTLY[name].found
    cost = COSTLY[name].found.get("COST")
    assert answer.get("extensions") == ({"cost": {"requested": cost, "limit": 2_000_000}} if cost else None)


async def test_application_without_database_runs_no_query(unconnected: Api) -> None:
    answer = await unconnected.answer('{ division(code: "14") { name } }')
    assert answer["errors"][0]["extensions"]["code"] == "INTERNAL_SERVER_ERROR"


async def test_fragment_cycle_is_refused(unconnected: Api) -> None:
    cycle = "{ ...A } fragment A on Query { ...B } fragment B on Query { ...A }"
    (error,) = (await refusal(unconnected, Hostile(cycle, {})))["errors"]
    assert error["extensions"] == {"code": "GRAPHQL_VALIDATION_FAILED"}
    assert error["message"] in {"Fragments spread themselves: A → B → A.", "Fragments spread themselves: B → A → B."}


async def test_whole_province_and_introspection_are_within_the_limits(api: Api) -> None:
    response = await api.http.post("/graphql", json={"query": PROVINCE, "extensions": {"cost": True}})
    assert response.json()["extensions"] == {"cost": {"requested": 1_020_211, "limit": 2_000_000}}
    assert len(response.json()["data"]["division"]["children"]) == 11
    everything = get_introspection_query(specified_by_url=True, one_of=True, input_value_deprecation=True)
    assert (await api.data(everything))["__schema"]["queryType"] == {"name": "Query", "kind": "OBJECT"}


async def test_cost_is_told_where_it_is_asked_for(api: Api) -> None:
    query = "query ($n: Int) { topics(first: $n) { nodes { id } } }"
    body = {"query": query, "variables": {"n": 3}, "extensions": {"cost": True}}
    asked = (await api.http.post("/graphql", json=body)).json()
    assert asked["extensions"] == {"cost": {"requested": 4, "limit": 2_000_000}}
    assert len(asked["data"]["topics"]["nodes"]) == 3
    assert "extensions" not in await api.answer(query, n=3)
    default = (await api.http.post("/graphql", json={**body, "variables": {}})).json()
    assert default["extensions"]["cost"]["requested"] == 21
    assert len(default["data"]["topics"]["nodes"]) == 20


@pytest.mark.parametrize("role", [None, Role.CADRE])
async def test_what_is_left_of_the_budget_is_told_with_the_cost(
    schema: Schema, seeded_db: Database, issuer: LocalIssuer, role: Role | None
) -> None:
    """By subject or by address: two operations of 1,001 of 60,000 a minute, which come in evenly."""
    app = application(schema, seeded_db, issuer, budgets=Budgets(60_000))
    anybody = Api(app, issuer)
    asker = anybody.as_(role, "14") if role else anybody
    body = {"query": "{ topics { totalCount } }", "extensions": {"cost": True}}
    first, second = [(await asker.http.post("/graphql", json=body)).json()["extensions"]["cost"] for _ in range(2)]
    assert first == {"requested": 1_001, "limit": 2_000_000, "perMinute": 60_000, "left": 58_999, "fullIn": 2}
    assert 57_998 <= second["left"] < 58_999
    assert second["fullIn"] == ceil((60_000 - second["left"]) / 1_000)
    other = await (anybody if role else anybody.as_(Role.CADRE, "14")).http.post("/graphql", json=body)
    assert other.json()["extensions"]["cost"]["left"] >= 58_999


async def test_cost_stands_beside_the_explanation(api: Api) -> None:
    body = {"query": "{ topics { totalCount } }", "extensions": {"cost": True, "explain": True}}
    operator = api.as_(Role.OPERATOR, "14")
    assert (await operator.http.post("/graphql", json=body)).json()["extensions"].keys() == {"cost", "explain"}


async def test_body_limit_is_told(unconnected: Api) -> None:
    response = await unconnected.http.post(
        "/graphql", content=b" " * 3_000_000, headers={"Content-Type": "application/json"}
    )
    assert response.status_code == 413
    assert response.json()["errors"][0]["extensions"] == {
        "code": "BODY_TOO_LARGE",
        "limit": 2_000_000,
        "value": 3_000_000,
    }


async def test_limits_and_suggestions_are_settings(schema: Schema, issuer: LocalIssuer) -> None:
    strict = without_database(schema, issuer, limits=Limits(depth=2), hide_suggestions=True)
    deep = await strict.answer('{ division(code: "14") { parent { name } } }')
    assert deep["errors"][0]["extensions"] == {
        "code": "LIMIT_DEPTH",
        "limit": 2,
        "value": 3,
        "parameters": {"limit": 2, "value": 3},
    }
    misspelt = await strict.answer("{ platform { nam } }")
    assert "Did you mean" not in str(misspelt)
    assert "Did you mean" in str(await without_database(schema, issuer).answer("{ platform { nam } }"))


async def test_read_that_takes_too_long_tells_its_limit(seeded_url: str) -> None:
    db = await Database.open(seeded_url, read_connections=1, statement_timeout_s=0.5)
    with pytest.raises(StatementTimeout) as caught:
        await db.reads.read_json("SELECT pg_sleep(5)::text", ())
    await db.close()
    facts = refused(caught.value)["extensions"]
    assert facts == {
        "code": "UNAVAILABLE", "limit": 0.5, "value": facts["value"], "retryAfter": 10,
        "parameters": {"limit": 0.5, "taken": facts["value"]},
    }  # fmt: skip
    assert 0.5 <= facts["value"] < 5
