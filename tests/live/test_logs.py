"""What a running service logs of itself and of what it is asked."""

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.collector import collecting
from tests.live.place import Places
from tests.serving import serving

pytestmark = pytest.mark.usefixtures("issuer")

NAMED = {"query": "query Topics { topics { totalCount } }"}
ID = "0f-a-request-of-a-test"


def logged(file: Path, event: str) -> list[dict[str, Any]]:
    """Return the lines that tell of an event."""
    lines: Iterator[dict[str, Any]] = (json.loads(line) for line in file.read_text().splitlines())
    return [line for line in lines if line["event"] == event]


async def ask(address: str, **headers: str) -> httpx.Response:
    async with httpx.AsyncClient() as client:
        return await client.post(address, json=NAMED, headers={"X-Request-Id": ID, **headers})


async def test_service_logs_how_it_begins_and_ends_and_no_password(places: Places, key: Path, tmp_path: Path) -> None:
    with (tmp_path / "log").open("w") as log:
        async with serving(places.world.url, key, log.fileno(), write_connections="3") as served:
            await ask(served.http)
    text = (tmp_path / "log").read_text()
    (begun,), (ended,) = (logged(tmp_path / "log", event) for event in ("started", "stopped"))
    assert begun["command"] == ended["command"] == "serve"
    assert begun["postgresql"].split(".")[0].isdigit()
    assert begun["settings"]["SHANGLIANG_WRITE_CONNECTIONS"] == "3"
    assert "…@" in begun["settings"]["SHANGLIANG_READ_DATABASE_URL"]
    assert "SHANGLIANG_READ_CONNECTIONS" not in begun["settings"]
    assert ended["after_s"] > 0
    assert "answered" not in text


async def test_requests_and_slow_operations_are_logged_where_that_is_set(
    places: Places, key: Path, tmp_path: Path
) -> None:
    with (tmp_path / "log").open("w") as log:
        async with serving(
            places.world.url, key, log.fileno(), access_log="true", slow_operation_s="0.000001"
        ) as served:
            answer = await ask(served.http)
    assert answer.headers["X-Request-Id"] == ID
    (line,) = (one for one in logged(tmp_path / "log", "answered") if one["request"] == ID)
    told = {name: line[name] for name in ("method", "path", "status", "bytes", "address", "operation")}
    assert told == {
        "method": "POST",
        "path": "/graphql",
        "status": 200,
        "bytes": len(answer.content),
        "address": "127.0.0.1",
        "operation": "Topics",
    }
    (slow,) = (one for one in logged(tmp_path / "log", "slow operation") if one["request"] == ID)
    assert (slow["operation"], slow["kind"]) == ("Topics", "query")
    assert slow["document"] == hashlib.sha256(NAMED["query"].encode()).hexdigest()
    assert line["seconds"] >= slow["seconds"] > 0


async def test_trace_of_a_client_goes_on_and_stands_in_the_log(places: Places, key: Path, tmp_path: Path) -> None:
    trace, span = "0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331"
    with collecting() as collector, (tmp_path / "log").open("w") as log, pytest.MonkeyPatch.context() as patch:
        patch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", collector.address)
        async with serving(places.world.url, key, log.fileno(), access_log="true") as served:
            await ask(served.http, traceparent=f"00-{trace}-{span}-01")
            await ask(served.http, traceparent="not a trace")
    found = {one.name: one for one in collector.traces[trace]}
    assert found.keys() == {"POST", "query", "SELECT"}
    assert (found["POST"].parent, found["query"].parent) == (span, found["POST"].id)
    assert found["SELECT"].parent == found["query"].id
    assert found["POST"].attributes["http.response.status_code"] == "200"
    assert found["query"].attributes["graphql.operation.name"] == "Topics"
    lines = [one for one in logged(tmp_path / "log", "answered") if one["path"] == "/graphql"]
    assert lines[0]["trace"] == trace
    assert lines[1]["trace"] != trace


async def test_service_does_not_start_where_traces_cannot_go_as_is_said(
    places: Places, key: Path, tmp_path: Path
) -> None:
    with (tmp_path / "log").open("w") as log, pytest.MonkeyPatch.context() as patch:
        patch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:4317")
        patch.setenv("OTEL_EXPORTER_OTLP_PROTOCOL", "grpc")
        with pytest.raises(RuntimeError, match="ended with 1"):
            async with serving(places.world.url, key, log.fileno()):
                pass
    said = (tmp_path / "log").read_text()
    assert said.splitlines()[-1] == (
        "OTEL_EXPORTER_OTLP_PROTOCOL is 'grpc': traces are exported by http/protobuf alone."
    )
