"""Rights that change while somebody listens, and tokens that end."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from time import monotonic
from typing import Any

import httpx
import pytest
from websockets.exceptions import ConnectionClosed

from deploy.identity import described
from graph.http.auth import REVOKED
from services.access.commands import grant_role, revoke_role
from services.access.revocation import block_subject, revoke_token
from services.core.act import Act
from services.core.actor import Role
from services.core.clock import SystemClock
from services.core.tokens import LocalIssuer
from services.migrations.grants import Login
from tests.live.place import Place
from tests.live.talking import CHANGED, NOTICED, Talk, streaming, talking
from tests.serving import Served
from tests.world import ACTOR

SOON_S = 3.0
"""How long a change of rights, or a token's end, takes to be felt at most."""
LIFE_S = 3

Hear = Callable[[], Awaitable[Any]]


@asynccontextmanager
async def listening(served: Served, transport: str, token: str, query: str, **variables: Any) -> AsyncIterator[Hear]:
    """Subscribe; gives what waits for the next change."""
    if transport == "websocket":
        async with talking(served) as talk:
            await talk.initialise(token)
            await talk.subscribe("a", query, **variables)
            yield lambda: talk.next("a")
        return
    async with streaming(served, query, token, **variables) as events:

        async def hear() -> Any:
            async for name, data in events:
                if name == "next":
                    (value,) = data["data"].values()
                    return value
            raise EOFError

        yield hear


def signed(issuer: LocalIssuer, subject: str, lifetime_s: float = 3600) -> str:
    return issuer.sign(subject, [], now=datetime.now(UTC), lifetime=timedelta(seconds=lifetime_s))


async def grant(place: Place, subject: str, role: Role, **where: str | None) -> Any:
    async with place.world.db.write() as tx:
        spot: dict[str, Any] = {"division": None, "department": None, **where}
        return await grant_role(Act(tx, ACTOR, SystemClock()), subject=subject, role=role, **spot)


async def revoke(place: Place, key: Any) -> None:
    async with place.world.db.write() as tx:
        await revoke_role(Act(tx, ACTOR, SystemClock()), grant_id=key)


@pytest.mark.parametrize("transport", ["websocket", "stream"])
async def test_grant_and_its_revocation_reach_an_open_subscription(
    served: Served, place: Place, issuer: LocalIssuer, transport: str
) -> None:
    async with listening(served, transport, signed(issuer, place.code), CHANGED, within=place.code) as hear:
        await place.propose("未授权")
        await asyncio.sleep(SOON_S)  # it is read, and passed over, by the rights of before
        key = await grant(place, place.code, Role.CADRE, division=place.code)
        await asyncio.sleep(SOON_S)
        await place.propose("已授权")
        first = await hear()
        assert (first["type"], first["topic"]) == ("topic.proposed", {"title": "已授权"})
        await revoke(place, key)
        await asyncio.sleep(SOON_S)
        await place.propose("已收回")
        await asyncio.sleep(1.0)
        await place.list_(await place.propose("已立项"))
        assert (await hear())["topic"] == {"title": "已立项"}


@pytest.mark.parametrize("transport", ["websocket", "stream"])
async def test_department_that_lost_its_right_hears_of_no_notice(
    served: Served, place: Place, issuer: LocalIssuer, transport: str
) -> None:
    key = await grant(place, place.code, Role.DEPARTMENT, department="qinshui-power")
    await asyncio.sleep(SOON_S)
    asked = {"department": "qinshui-power"}
    async with listening(served, transport, signed(issuer, place.code), NOTICED, **asked) as hear:
        await place.world.announce("qinshui-power")
        assert (await hear())["type"] == "topic.listed"
        await revoke(place, key)
        await asyncio.sleep(SOON_S)
        await place.world.announce("qinshui-power")
        await asyncio.sleep(1.0)
        await grant(place, place.code, Role.DEPARTMENT, department="qinshui-power")
        await asyncio.sleep(SOON_S)
        await place.world.announce("qinshui-power")
        last = await hear()
    told = await place.world.rows(
        "SELECT max(delivery.sequence) FROM delivery JOIN department ON department.id = department_id "
        "WHERE code = 'qinshui-power'"
    )
    assert (last["sequence"],) == told[0]


@asynccontextmanager
async def business(place: Place, *, busy: bool) -> AsyncIterator[None]:
    """Let a topic be proposed and listed again and again, or nothing happen."""

    async def work() -> None:
        while busy:
            await place.list_(await place.propose())
            await asyncio.sleep(0.2)

    working = asyncio.create_task(work())
    try:
        yield
    finally:
        working.cancel()
        await asyncio.gather(working, return_exceptions=True)


async def listen(talk: Talk, *, pings: bool) -> None:
    """Hear until the connection closes, and keep it busy."""
    while True:
        if pings:
            await talk.say(type="ping")
        await talk.hear()


@pytest.mark.parametrize("busy", [False, True], ids=["silent", "busy"])
async def test_websocket_closes_with_its_token(
    served: Served, place: Place, issuer: LocalIssuer, *, busy: bool
) -> None:
    began = monotonic()
    async with talking(served) as talk, business(place, busy=busy):
        await talk.initialise(signed(issuer, "short", LIFE_S))
        await talk.say(type="subscribe", id="a", payload={"query": CHANGED, "variables": {"within": place.code}})
        with pytest.raises(ConnectionClosed) as caught:
            await listen(talk, pings=busy)
        ended = monotonic()
    assert ended - began < LIFE_S + SOON_S
    assert caught.value.rcvd is not None
    assert caught.value.rcvd.code == 4403
    assert caught.value.rcvd.reason == "Forbidden: The token has expired; come back with a new one."


async def refuse(place: Place, how: str, subject: str, token: str) -> None:
    """Block the subject, or revoke the token."""
    async with place.world.acting(Login.OPERATOR) as db, db.write() as tx:
        act = Act(tx, ACTOR, SystemClock())
        if how == "subject":
            await block_subject(act, subject=subject, until=None)
        else:
            await revoke_token(act, token_id=described(token)[0], until=None)


@pytest.mark.parametrize("how", ["token", "subject"])
async def test_refused_token_ends_its_connections_and_no_other(
    served: Served, place: Place, issuer: LocalIssuer, how: str
) -> None:
    token, other = signed(issuer, f"{place.code}-refused"), signed(issuer, f"{place.code}-other")
    asked = {"query": CHANGED, "variables": {"within": place.code}}
    async with (
        talking(served) as talk,
        talking(served) as kept,
        streaming(served, CHANGED, token, within=place.code) as events,
    ):
        for one, bearer in ((talk, token), (kept, other)):
            await one.initialise(bearer)
            await one.say(type="subscribe", id="a", payload=asked)
        await asyncio.sleep(0.5)
        began = monotonic()
        await refuse(place, how, f"{place.code}-refused", token)
        with pytest.raises(ConnectionClosed) as caught:
            await talk.hear()
        came = [event async for event in events if event[0]]
        assert monotonic() - began < SOON_S
        await place.list_(await place.propose("其他人"))
        assert (await kept.next("a"))["topic"] == {"title": "其他人"}
    assert caught.value.rcvd is not None
    assert (caught.value.rcvd.code, caught.value.rcvd.reason) == (4403, f"Forbidden: {REVOKED.english}")
    assert [name for name, _ in came] == ["next", "complete"]
    assert [error["extensions"]["code"] for error in came[0][1]["errors"]] == ["INVALID_TOKEN"]
    async with httpx.AsyncClient(base_url=served.address) as client:
        for bearer, status in ((token, 401), (other, 200)):
            sent = {"authorization": f"Bearer {bearer}"}
            answer = await client.post("/graphql", json={"query": "{ __typename }"}, headers=sent)
            assert answer.status_code == status


@pytest.mark.parametrize("busy", [False, True], ids=["silent", "busy"])
async def test_event_stream_ends_with_its_token(
    served: Served, place: Place, issuer: LocalIssuer, *, busy: bool
) -> None:
    began = monotonic()
    token = signed(issuer, "short", LIFE_S)
    async with streaming(served, CHANGED, token, within=place.code) as events, business(place, busy=busy):
        came = [event async for event in events if event[0]]
    assert monotonic() - began < LIFE_S + SOON_S
    assert [name for name, _ in came[-2:]] == ["next", "complete"]
    (error,) = came[-2][1]["errors"]
    assert (error["extensions"]["code"], "data" in came[-2][1]) == ("INVALID_TOKEN", False)
    assert (len(came) > 2) is busy
