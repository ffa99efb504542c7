import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families

from deploy.scrapes import served
from deploy.servers.directory import free_port
from graph.schema import Schema
from services.core.actor import Role
from services.core.database import Database
from services.core.tokens import LocalIssuer
from tests.graph.api import Api
from tests.graph.conftest import application

QUERY = "query ($code: DivisionCode!) { division(code: $code) { name } }"


@pytest.fixture
def fresh(schema: Schema, seeded_db: Database, issuer: LocalIssuer) -> Api:
    """A client of a process that has answered nothing yet."""
    return Api(application(schema, seeded_db, issuer), issuer)


async def values(api: Api) -> dict[str, float]:
    """Return the metrics' values by name and labels, as they are scraped."""
    port = free_port()
    with served(api.app.metrics.registry, host="127.0.0.1", port=port):
        async with httpx.AsyncClient() as client:
            response = await client.get(f"http://127.0.0.1:{port}/metrics")
    assert response.headers["content-type"].startswith("text/plain")
    return {
        sample.name + "".join(f" {value}" for value in sample.labels.values()): sample.value
        for family in text_string_to_metric_families(response.text)
        for sample in family.samples
    }


async def test_metrics_start_at_zero(fresh: Api) -> None:
    found = await values(fresh)
    counted = {name: value for name, value in found.items() if not name.endswith("_created") and "created " not in name}
    assert set(counted.values()) == {0.0}
    assert {
        "shangliang_plan_cache_lookups_total hit",
        "shangliang_plan_cache_lookups_total miss",
        "shangliang_plan_cache_entries",
        "shangliang_reads_waiting",
        "shangliang_graphql_refused_total",
        "shangliang_graphql_seconds_count query",
        "shangliang_graphql_seconds_count mutation",
    } <= set(found)


async def test_plan_cache_counts_what_it_had(fresh: Api) -> None:
    for code in ("14", "1401", "1402"):
        await fresh.data(QUERY, code=code)
    await fresh.data("{ __typename }")
    found = await values(fresh)
    assert found["shangliang_plan_cache_lookups_total miss"] == 2
    assert found["shangliang_plan_cache_lookups_total hit"] == 2
    assert found["shangliang_plan_cache_entries"] == 2


async def test_operations_are_counted_by_kind_and_refusals_apart(fresh: Api) -> None:
    await fresh.data("{ __typename }")
    await fresh.data("{ __schema { queryType { name } } }")
    await fresh.answer("{ topics(first: 1000) { totalCount } }")
    await fresh.answer('mutation { listTopic(input: {topic: "x"}) { errors { code } } }')
    await fresh.answer("{ nothing }")
    await fresh.answer(QUERY, code="x")
    found = await values(fresh)
    assert found["shangliang_graphql_seconds_count query"] == 3
    assert found["shangliang_graphql_seconds_count mutation"] == 1
    assert found["shangliang_graphql_refused_total"] == 2
    assert found["shangliang_graphql_seconds_bucket query +Inf"] == 3
    assert 0 < found["shangliang_graphql_seconds_sum query"] < 60


async def test_each_process_counts_for_itself(fresh: Api, api: Api) -> None:
    await api.data("{ __typename }")
    assert (await values(fresh))["shangliang_graphql_seconds_count query"] == 0


async def test_public_port_tells_no_metrics(api: Api) -> None:
    assert (await api.http.get("/metrics")).status_code == 404


async def test_errors_are_counted_by_code_and_answers_by_status(fresh: Api) -> None:
    await fresh.data("{ __typename }")
    await fresh.answer("{ nothing }")
    await fresh.answer('mutation { listTopic(input: {topic: "x"}) { errors { code } } }')
    await fresh.answer(QUERY, code="x")
    await fresh.http.post("/graphql", content=b"{", headers={"Content-Type": "application/json"})
    await fresh.http.get("/nowhere")
    found = await values(fresh)
    told = {name: value for name, value in found.items() if name.startswith("shangliang_errors_total") and value}
    assert told == {
        "shangliang_errors_total GRAPHQL_VALIDATION_FAILED": 1,
        "shangliang_errors_total UNAUTHENTICATED": 1,
        "shangliang_errors_total BAD_USER_INPUT": 1,
        "shangliang_errors_total BAD_REQUEST": 1,
        "shangliang_errors_total NOT_FOUND": 1,
    }
    statuses = {name: value for name, value in found.items() if name.startswith("shangliang_http_answers_total")}
    assert statuses == {
        "shangliang_http_answers_total 200": 4,
        "shangliang_http_answers_total 400": 1,
        "shangliang_http_answers_total 404": 1,
    }


async def test_transactions_and_their_waits_are_told(fresh: Api) -> None:
    cadre = fresh.as_(Role.CADRE, within="140106")
    await cadre.answer('mutation { listTopic(input: {topic: "x"}) { errors { code } } }')
    found = await values(fresh)
    assert (found["shangliang_writes"], found["shangliang_writes_waiting"]) == (0, 0)
    assert found["shangliang_write_wait_seconds_count"] >= 1
