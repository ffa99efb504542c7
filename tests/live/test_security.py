"""The security log of a running service, in a file of its own."""

import asyncio
import json
import stat
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus

from deploy.servers.directory import free_port
from services.core.actor import Role
from services.core.tokens import GrantClaim, LocalIssuer
from tests.events.tools import until
from tests.live.place import Places
from tests.live.talking import CHANGED, Talk, streaming, talking
from tests.serving import Served, serving

COUNTED = 'shangliang_security_events_total{event="sign_in.refused"}'
SUBSCRIBE: dict[str, Any] = {"query": 'subscription { topicChanged(within: "14") { type } }'}


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("logs") / "security.log"


@pytest.fixture(scope="module")
def metrics_port() -> int:
    return free_port()


@pytest.fixture(scope="module")
async def logged(
    places: Places, issuer: LocalIssuer, key: Path, file: Path, metrics_port: int
) -> AsyncIterator[Served]:
    """The service with its security log in a file."""
    assert issuer is not None
    async with serving(places.world.url, key, security_log=str(file), metrics_port=str(metrics_port)) as service:
        yield service


def lines(file: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in file.read_text().splitlines()] if file.exists() else []


def mode(file: Path) -> int:
    return stat.S_IMODE(file.stat().st_mode)


def moved(file: Path) -> None:
    """Move the file away, as log rotation does."""
    file.rename(file.with_suffix(".1"))


async def next_line(file: Path, before: int) -> dict[str, Any]:
    """Return the one line that was added to those of before."""

    async def added() -> bool:
        return len(lines(file)) > before

    await until(added, 10)
    (line,) = lines(file)[before:]
    assert set(line) >= {"event", "timestamp", "logger", "request", "address", "subject"}
    assert (line["logger"], line["address"]) == ("security", "127.0.0.1")
    return line


async def closed(talk: Talk) -> None:
    with pytest.raises(ConnectionClosed):
        await talk.everything()


async def test_refused_sign_in_over_a_websocket(logged: Served, file: Path) -> None:
    before = len(lines(file))
    async with talking(logged) as talk:
        await talk.say(type="connection_init", payload={"Authorization": "Bearer nonsense"})
        await closed(talk)
    line = await next_line(file, before)
    assert (line["event"], line["reason"], line["subject"]) == ("sign_in.refused", "decode_error", None)
    assert mode(file) == 0o600


async def test_operation_before_any_sign_in(logged: Served, file: Path) -> None:
    before = len(lines(file))
    async with talking(logged) as talk:
        await talk.say(type="subscribe", id="a", payload=SUBSCRIBE)
        await closed(talk)
    line = await next_line(file, before)
    assert (line["event"], line["act"], line["reason"]) == ("act.refused", "subscribe", "UNAUTHENTICATED")


@pytest.mark.parametrize("stream", [False, True])
async def test_token_that_ends_while_changes_are_followed(
    logged: Served, file: Path, issuer: LocalIssuer, *, stream: bool
) -> None:
    before = len(lines(file))
    ended = datetime.now(UTC) - timedelta(hours=1)
    # The leeway is what is left of it.
    token = issuer.sign("cadre", [], now=ended, lifetime=timedelta(hours=1, seconds=-28))
    if stream:
        async with streaming(logged, CHANGED, token, within="14") as events:
            assert [event async for event in events]
    else:
        async with talking(logged) as talk:
            await talk.initialise(token)
            await closed(talk)
    line = await next_line(file, before)
    assert (line["event"], line["reason"]) == ("sign_in.refused", "expired_token")
    assert len(line["subject"]) == 32


async def test_page_of_another_origin(logged: Served, file: Path) -> None:
    before = len(lines(file))
    with pytest.raises(InvalidStatus) as caught:
        async with talking(logged, origin="https://elsewhere.example.org"):
            pass
    line = await next_line(file, before)
    assert (line["event"], line["act"], line["reason"]) == ("act.refused", "connect", "ORIGIN_REFUSED")
    assert caught.value.response.headers["x-request-id"] == line["request"]


async def test_flood_makes_few_lines(logged: Served, file: Path, metrics_port: int) -> None:
    before = len(lines(file))
    async with httpx.AsyncClient(trust_env=False) as http:
        headers = {"Authorization": "Basic bm9ib2R5"}
        answers = await asyncio.gather(*(http.get(logged.http, headers=headers) for _ in range(200)))
        assert {answer.status_code for answer in answers} == {401}
        text = (await http.get(f"http://127.0.0.1:{metrics_port}/metrics")).text
    assert len(lines(file)) - before <= 5
    (count,) = (
        line for line in text.splitlines() if line.startswith('shangliang_security_events_total{event="sign_in')
    )
    assert float(count.rpartition(" ")[2]) >= 200


async def test_file_that_was_moved_away_is_made_anew(logged: Served, file: Path, issuer: LocalIssuer) -> None:
    moved(file)
    token = issuer.sign(
        "auditor", [GrantClaim(role=Role.AUDITOR, within="14")], now=datetime.now(UTC), lifetime=timedelta(hours=1)
    )
    async with httpx.AsyncClient(trust_env=False, headers={"Authorization": f"Bearer {token}"}) as http:
        rows = (await http.get(f"{logged.address}/export/topics.jsonl")).text.splitlines()
    line = await next_line(file, 0)
    assert (line["event"], line["list"], line["rows"]) == ("export.made", "topics", len(rows))
    assert mode(file) == 0o600


async def test_service_does_not_start_without_its_security_log(places: Places, key: Path, tmp_path: Path) -> None:
    with pytest.raises(RuntimeError, match="ended with 1"):
        async with serving(places.world.url, key, security_log=str(tmp_path)):
            pass
