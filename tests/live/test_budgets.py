"""Budgets of callers, over HTTP and WebSockets, as an operator sets them."""

from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from services.core.tokens import LocalIssuer
from tests.live.place import Places
from tests.live.talking import CHANGED, talking
from tests.serving import Served, serving

QUERY = {"query": "{ topics { totalCount } }"}
JSON = "application/graphql-response+json"


@pytest.fixture(scope="module")
async def poor(places: Places, issuer: LocalIssuer, key: Path) -> AsyncIterator[Served]:
    """A service whose callers may cost one microsecond a minute, behind a proxy on the same machine."""
    assert issuer is not None
    settings = {"budget_per_minute": "1", "trusted_proxies": "127.0.0.0/8"}
    async with serving(places.world.url, key, **settings) as service:
        yield service


async def ask(poor: Served, address: str, accept: str = JSON, **headers: str) -> httpx.Response:
    sent = {"X-Forwarded-For": address, "Accept": accept, **headers}
    async with httpx.AsyncClient(timeout=30) as http:
        return await http.post(poor.http, json=QUERY, headers=sent)


async def test_a_spent_budget_is_429_until_it_fills(poor: Served, token: str) -> None:
    for accept in (JSON, "application/json"):
        address = f"198.51.100.{len(accept)}"
        assert (await ask(poor, address, accept)).status_code == 200
        refused = await ask(poor, f"203.0.113.1, {address}", accept)
        assert refused.status_code == 429
        (error,) = refused.json()["errors"]
        wait_s = int(refused.headers["Retry-After"])
        assert wait_s > 60
        told = {"limit": 1, "retryAfter": wait_s}
        assert error["extensions"] == {"code": "LIMIT_BUDGET", **told, "parameters": told}
        cost = refused.json()["extensions"]["cost"]
        assert wait_s <= cost["fullIn"]
        assert cost == {"requested": 1001, "limit": 2_000_000, "perMinute": 1, "left": 0, "fullIn": cost["fullIn"]}
        assert "data" not in refused.json()
    assert (await ask(poor, address, Authorization=f"Bearer {token}")).status_code == 200
    assert (await ask(poor, "198.51.100.77", Authorization=f"Bearer {token}")).status_code == 429


async def test_an_export_counts(poor: Served) -> None:
    headers = {"X-Forwarded-For": "198.51.100.200"}
    async with httpx.AsyncClient(timeout=30, headers=headers) as http:
        assert (await http.get(f"{poor.address}/export/topics.csv")).status_code == 200
        refused = await http.get(f"{poor.address}/export/topics.csv")
        assert (refused.status_code, "retry-after" in refused.headers) == (429, True)


@pytest.mark.parametrize("path", ["/calendar/divisions/14.ics", "/feed/divisions/14.atom"])
async def test_calendars_and_feeds_count_by_address_whoever_asks(poor: Served, token: str, path: str) -> None:
    headers = {"X-Forwarded-For": f"198.51.100.{210 + len(path)}", "Authorization": f"Bearer {token}"}
    async with httpx.AsyncClient(timeout=30, headers=headers) as http:
        assert (await http.get(poor.address + path)).status_code == 200
        refused = await http.get(poor.address + path)
        assert (refused.status_code, refused.json()["errors"][0]["extensions"]["code"]) == (429, "LIMIT_BUDGET")
        assert int(refused.headers["Retry-After"]) > 60


async def test_an_operation_over_a_websocket_counts(poor: Served) -> None:
    async with talking(poor, additional_headers={"X-Forwarded-For": "198.51.100.201"}) as talk:
        await talk.initialise()
        await talk.say(type="subscribe", id="a", payload=QUERY)
        assert (await talk.hear())["type"] == "next"
        assert await talk.hear() == {"type": "complete", "id": "a"}
        for key, payload in {"b": QUERY, "c": {"query": CHANGED, "variables": {"within": "14"}}}.items():
            await talk.say(type="subscribe", id=key, payload=payload)
            refused = await talk.hear()
            assert (refused["type"], refused["id"]) == ("error", key)
            assert refused["payload"][0]["extensions"]["code"] == "LIMIT_BUDGET"
