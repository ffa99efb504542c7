"""Which hosts are answered for, and what every answer says of its use."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import InvalidStatus
from websockets.typing import Subprotocol

from deploy.servers.directory import free_port
from graph.http.websocket import PROTOCOL
from services.core.tokens import LocalIssuer
from tests.live.place import Places
from tests.live.talking import Talk, talking
from tests.serving import Served, serving

QUERY = {"query": "{ __typename }"}
OWN = [
    "localhost",
    "localhost:1",
    "127.0.0.1",
    "LOCALHOST:8000",
    "localhost.",
    "[::1]:8000",
    "api.example.org",
    "inner",
]
FOREIGN = [
    "evil.example",
    "api.example.org.evil.example",
    "127.0.0.1.evil.example:8000",
    "evil.example:80",
    "",
    "[::2]",
]
PATHS = [
    ("GET", "/graphql?query={__typename}"),
    ("POST", "/graphql"),
    ("OPTIONS", "/graphql"),
    ("GET", "/graphql/explorer/nothing"),
    ("GET", "/export/topics.csv"),
    ("GET", "/schema.graphql"),
    ("GET", "/nowhere"),
]


@pytest.fixture(scope="module")
def metrics_port() -> int:
    return free_port()


@pytest.fixture(scope="module")
async def named(places: Places, issuer: LocalIssuer, key: Path, metrics_port: int) -> AsyncIterator[Served]:
    """A service whose public name is api.example.org, and that is asked as `inner` too."""
    assert issuer is not None
    own = {"public_url": "https://api.example.org/topics", "hosts": "inner", "metrics_port": str(metrics_port)}
    async with serving(places.world.url, key, **own) as served:
        yield served


@pytest.mark.parametrize("host", OWN)
async def test_own_hosts_are_answered_for(named: Served, host: str) -> None:
    async with httpx.AsyncClient(base_url=named.address) as http:
        answer = await http.post("/graphql", json=QUERY, headers={"Host": host})
        assert (answer.status_code, answer.json()) == (200, {"data": {"__typename": "Query"}})
    here: dict[str, Any] = {"host": "127.0.0.1", "port": named.port, "subprotocols": [Subprotocol(PROTOCOL)]}
    async with connect(f"ws://{host}/graphql", **here) as connection:
        await Talk(connection).initialise()


@pytest.mark.parametrize("host", FOREIGN)
async def test_other_hosts_are_refused_in_every_form(named: Served, host: str) -> None:
    async with httpx.AsyncClient(base_url=named.address) as http:
        for method, path in PATHS:
            answer = await http.request(method, path, headers={"Host": host})
            assert answer.status_code == 421
            (error,) = answer.json()["errors"]
            assert error["extensions"] == {"code": "HOST_NOT_ALLOWED"}
            assert (repr(host) in error["message"], "SHANGLIANG_HOSTS" in error["message"]) == (True, True)
        for path in ("/livez", "/readyz"):
            assert (await http.get(path, headers={"Host": host})).status_code == 200


async def test_page_of_a_name_that_was_made_to_resolve_here_opens_no_websocket(named: Served) -> None:
    here: dict[str, Any] = {"host": "127.0.0.1", "port": named.port, "origin": "http://evil.example"}
    with pytest.raises(InvalidStatus) as refused:
        async with connect("ws://evil.example/graphql", subprotocols=[Subprotocol(PROTOCOL)], **here):
            pass
    assert refused.value.response.status_code == 421
    assert b"HOST_NOT_ALLOWED" in refused.value.response.body


async def test_several_hosts_are_refused(named: Served) -> None:
    with pytest.raises(InvalidStatus) as refused:
        async with talking(named, additional_headers={"Host": "localhost"}):
            pass
    assert refused.value.response.status_code == 421
    assert b"and 'localhost'" in refused.value.response.body


@pytest.mark.parametrize("bearer", ["none", "valid", "invalid"])
async def test_every_answer_says_how_it_may_be_used(named: Served, token: str, bearer: str) -> None:
    sent = {"none": {}, "valid": {"Authorization": f"Bearer {token}"}, "invalid": {"Authorization": "Bearer x"}}[bearer]
    forms: list[tuple[str, str, dict[str, str]]] = [(method, path, {}) for method, path in PATHS]
    forms += [
        ("GET", "/graphql", {"Accept": "text/html"}),
        ("GET", "/graphql?query={__typename}", {"Accept": "text/event-stream"}),
        ("GET", "/livez", {}),
        ("GET", "/graphql?query={__typename}", {"If-None-Match": "*"}),
        ("GET", "/graphql?query={", {"Accept": "application/graphql-response+json"}),
    ]
    async with httpx.AsyncClient(base_url=named.address) as http:
        for method, path, headers in forms:
            answer = await http.request(method, path, headers={**headers, **sent})
            said = {name: answer.headers.get_list(name) for name in ("x-content-type-options", "referrer-policy")}
            assert said == {"x-content-type-options": ["nosniff"], "referrer-policy": ["no-referrer"]}
            assert answer.headers.keys().isdisjoint({"server", "x-powered-by", "via"})
            if sent:
                assert answer.headers.get_list("cache-control") == ["no-store"]


async def test_answers_to_nobody_in_particular_are_revalidated_as_before(named: Served, token: str) -> None:
    asked = {"query": "{ __typename }"}
    async with httpx.AsyncClient(base_url=named.address) as http:
        first = await http.get("/graphql", params=asked)
        assert first.headers["cache-control"] == "private, no-cache"
        same = await http.get("/graphql", params=asked, headers={"If-None-Match": first.headers["etag"]})
        assert (same.status_code, same.headers["cache-control"]) == (304, "private, no-cache")
        bearer = await http.get("/graphql", params=asked, headers={"Authorization": f"Bearer {token}"})
        assert (bearer.headers["etag"], bearer.headers["cache-control"]) == (first.headers["etag"], "no-store")


async def test_metrics_are_answered_on_their_own_port(named: Served, metrics_port: int) -> None:
    async with httpx.AsyncClient() as http:
        scraped = await http.get(f"http://127.0.0.1:{metrics_port}/metrics")
        assert "shangliang_graphql_seconds_count" in scraped.text
        assert "shangliang_subscribers" in scraped.text
        assert (await http.get(f"{named.address}/metrics")).status_code == 404
