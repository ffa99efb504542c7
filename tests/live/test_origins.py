"""What pages of other origins may do, by requests as browsers send them."""

from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
from websockets.exceptions import InvalidStatus

from services.core.tokens import LocalIssuer
from tests.live.place import Places
from tests.live.talking import talking
from tests.serving import Served, serving

PAGE, OTHER = "http://localhost:3000", "https://app.example.org"
FOREIGN = ["http://localhost:3001", "https://localhost:3000", "http://localhost:3000.evil.example", "null", ""]
QUERY = {"query": "{ viewer { subject } }"}
VARY = "Origin, Access-Control-Request-Method, Access-Control-Request-Headers, Access-Control-Request-Private-Network"
EXPOSED = (
    "ETag, Retry-After, Content-Disposition, Content-Encoding, Allow, WWW-Authenticate, X-Request-Id, "
    "Shangliang-Position"
)
SENT = [
    "content-type",
    "authorization,content-type",
    "authorization,content-type,traceparent,tracestate,baggage",
    "apollo-require-preflight,apollographql-client-name,apollographql-client-version,content-type",
    "if-none-match",
    "last-event-id,cache-control",
]
"""Headers that clients add, as browsers name them in a preflight: small letters, no space."""


def preflight(origin: str, method: str = "POST", headers: str | None = "content-type") -> dict[str, str]:
    """Return the headers of a preflight as a browser sends it."""
    asked = {"Origin": origin, "Access-Control-Request-Method": method, "Sec-Fetch-Mode": "cors", "Accept": "*/*"}
    return asked if headers is None else {**asked, "Access-Control-Request-Headers": headers}


@pytest.fixture(scope="module")
async def opened(places: Places, issuer: LocalIssuer, key: Path) -> AsyncIterator[Served]:
    """A service whose API two origins may use."""
    assert issuer is not None
    async with serving(places.world.url, key, cors_origins=f"{PAGE}, {OTHER}") as served:
        yield served


@pytest.fixture(scope="module")
async def to_all(places: Places, issuer: LocalIssuer, key: Path) -> AsyncIterator[Served]:
    """A service whose API every origin may use."""
    assert issuer is not None
    async with serving(places.world.url, key, cors_origins="*") as served:
        yield served


def client(served: Served) -> httpx.AsyncClient:
    return httpx.AsyncClient(base_url=served.address)


@pytest.mark.parametrize("headers", SENT)
@pytest.mark.parametrize(("path", "method"), [("/graphql", "POST"), ("/graphql", "GET"), ("/export/topics.csv", "GET")])
async def test_preflights_of_a_named_origin_are_allowed(opened: Served, path: str, method: str, headers: str) -> None:
    async with client(opened) as http:
        for origin in (PAGE, OTHER):
            answer = await http.options(path, headers=preflight(origin, method, headers))
            assert answer.status_code == 200
            allowed = {name: answer.headers[f"access-control-{name}"] for name in ("allow-origin", "allow-headers")}
            assert allowed == {"allow-origin": origin, "allow-headers": headers}
            assert answer.headers["access-control-allow-methods"] == "GET, HEAD, POST"
            assert answer.headers["access-control-max-age"] == "7200"
            assert answer.headers["vary"] == VARY
            assert "access-control-allow-credentials" not in answer.headers


async def test_preflight_from_a_public_page_to_a_private_network_is_allowed(opened: Served) -> None:
    async with client(opened) as http:
        headers = {**preflight(OTHER), "Access-Control-Request-Private-Network": "true"}
        answer = await http.options("/graphql", headers=headers)
        assert (answer.status_code, answer.headers["access-control-allow-private-network"]) == (200, "true")


@pytest.mark.parametrize("origin", FOREIGN)
async def test_pages_of_other_origins_are_refused(opened: Served, origin: str) -> None:
    async with client(opened) as http:
        answer = await http.options("/graphql", headers=preflight(origin))
        assert answer.status_code == 403
        (error,) = answer.json()["errors"]
        assert error == {
            "message": f"Pages of {origin!r} may not use this API: "
            "the setting SHANGLIANG_CORS_ORIGINS does not name it.",
            "extensions": {"code": "ORIGIN_NOT_ALLOWED"},
        }
        assert "access-control-allow-origin" not in answer.headers
        # A browser keeps such an answer from its page; whoever sends no preflight is answered like anybody.
        answer = await http.post("/graphql", json=QUERY, headers={"Origin": origin})
        assert "access-control-allow-origin" not in answer.headers
        assert answer.headers["vary"].endswith(", Origin")


async def test_a_method_that_nothing_takes_is_refused(opened: Served) -> None:
    async with client(opened) as http:
        answer = await http.options("/graphql", headers=preflight(PAGE, "DELETE"))
        assert (answer.status_code, answer.json()["errors"][0]["extensions"]) == (405, {"code": "METHOD_NOT_ALLOWED"})


async def test_every_answer_is_read_by_the_page(opened: Served) -> None:
    async with client(opened) as http:
        page = {"Origin": PAGE}
        asked = {"query": "{ __typename }"}
        answers = {
            200: await http.post("/graphql", json=QUERY, headers=page),
            400: await http.post("/graphql", content=b"{", headers={**page, "Content-Type": "application/json"}),
            401: await http.post("/graphql", json=QUERY, headers={**page, "Authorization": "Bearer no"}),
            404: await http.get("/nowhere", headers=page),
            405: await http.put("/graphql", json=QUERY, headers=page),
            406: await http.post("/graphql", json=QUERY, headers={**page, "Accept": "text/html"}),
            415: await http.post("/graphql", content=b"{}", headers={**page, "Content-Type": "text/plain"}),
        }
        tagged = await http.get("/graphql", params=asked, headers=page)
        same = {**page, "If-None-Match": tagged.headers["etag"]}
        answers[304] = await http.get("/graphql", params=asked, headers=same)
        exported = await http.get("/export/topics.csv", headers=page)
        assert "content-disposition" in exported.headers
        streamed = await http.get("/graphql", params=asked, headers={**page, "Accept": "text/event-stream"})
        for status, answer in [*answers.items(), (200, tagged), (200, exported), (200, streamed)]:
            assert answer.status_code == status
            assert answer.headers["access-control-allow-origin"] == PAGE
            assert answer.headers["access-control-expose-headers"] == EXPOSED
            assert [name.strip() for name in answer.headers["vary"].split(",")].count("Origin") == 1


async def test_what_no_page_asked_for_varies_by_origin_too(opened: Served) -> None:
    async with client(opened) as http:
        answer = await http.post("/graphql", json=QUERY)
        assert answer.headers["vary"] == "Accept, Accept-Encoding, Authorization, Origin"
        assert not [name for name in answer.headers if name.startswith("access-control")]


async def test_all_origins_may_use_it_without_credentials(to_all: Served) -> None:
    async with client(to_all) as http:
        answer = await http.options("/graphql", headers=preflight(OTHER, headers="authorization,content-type"))
        assert (answer.status_code, answer.headers["access-control-allow-origin"]) == (200, "*")
        assert answer.headers["access-control-allow-headers"] == "authorization,content-type"
        answer = await http.post("/graphql", json=QUERY, headers={"Origin": "https://anywhere.example"})
        assert answer.headers["access-control-allow-origin"] == "*"
        assert "access-control-allow-credentials" not in answer.headers


async def test_without_the_setting_no_other_origin_may_use_it(served: Served) -> None:
    async with client(served) as http:
        answer = await http.options("/graphql", headers=preflight(PAGE))
        assert (answer.status_code, answer.headers["allow"]) == (405, "GET, HEAD, POST")
        answer = await http.post("/graphql", json=QUERY, headers={"Origin": PAGE})
        assert answer.status_code == 200
        assert not [name for name in answer.headers if name.startswith("access-control")]


async def test_websockets_follow_the_same_setting(opened: Served, to_all: Served, served: Served) -> None:
    for service, origin in [
        (opened, PAGE),
        (opened, OTHER),
        (to_all, "https://anywhere.example"),
        (opened, opened.address),
        (served, served.address),
        (served, None),
    ]:
        async with talking(service, additional_headers={} if origin is None else {"Origin": origin}) as talk:
            await talk.initialise()
    for service, origin in [(opened, "http://localhost:3001"), (opened, "null"), (served, PAGE)]:
        with pytest.raises(InvalidStatus) as refused:
            async with talking(service, additional_headers={"Origin": origin}):
                pass
        assert refused.value.response.status_code == 403
        assert b"SHANGLIANG_CORS_ORIGINS" in refused.value.response.body
