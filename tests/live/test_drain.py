"""A service that is told to end by SIGTERM is unready at once, answers for a while, and fails nobody."""

import asyncio
import signal
import socket
from collections import Counter
from pathlib import Path
from time import monotonic

import asyncpg
import httpx
import pytest
from websockets.exceptions import ConnectionClosed

from services.core.tokens import LocalIssuer
from tests.live.place import LOCKED, Places
from tests.live.several import PATIENCE_S, Caller, one_of_each, until, workers
from tests.live.talking import CHANGED, talking
from tests.serving import Served, serving

DRAIN_S = 6.0
TOPICS = {"query": "{ topics { totalCount } }"}


def listened_at(port: int) -> bool:
    """Tell whether connections are taken at a port."""
    try:
        socket.create_connection(("127.0.0.1", port)).close()
    except ConnectionRefusedError:
        return False
    return True


class Proxy:
    """Sends requests over kept connections, as a proxy does that asks every tenth of a second who is ready."""

    def __init__(self, served: Served) -> None:
        self._served = served
        self.answered: Counter[int] = Counter()
        self.late = 0
        """Requests that were answered when the service was unready."""
        self.unready_at: float | None = None
        self.unready: object = None
        self.away = asyncio.Event()

    async def look(self) -> None:
        """Ask until the service is unready, then send nothing more after a second."""
        async with httpx.AsyncClient(timeout=PATIENCE_S, base_url=self._served.address) as client:
            while (answer := await client.get("/readyz")).status_code == 200:  # noqa: ASYNC110
                await asyncio.sleep(0.1)
            self.unready_at, self.unready = monotonic(), (answer.status_code, answer.json())
            await asyncio.sleep(1)
            assert (await client.get("/readyz")).status_code == 503
            assert (await client.get("/livez")).status_code == 200
        self.away.set()

    async def send(self) -> None:
        """Ask again and again over the same connection, or the next where it was closed."""
        async with httpx.AsyncClient(timeout=PATIENCE_S) as client:
            while not self.away.is_set():
                late = self.unready_at is not None
                answer = await client.post(self._served.http, json=TOPICS)
                self.answered[answer.status_code] += 1
                assert "errors" not in answer.json()
                self.late += late
                assert answer.headers.get("connection") == "close" or not late


@pytest.mark.parametrize("number", [1, 2])
async def test_no_request_fails_while_a_service_ends(
    places: Places, issuer: LocalIssuer, key: Path, number: int
) -> None:
    assert issuer is not None
    settings = {"workers": str(number), "drain_s": str(DRAIN_S), "statement_timeout_s": "60"}
    async with serving(places.world.url, key, **settings) as served:
        if number > 1:
            await until(lambda: len(workers(served)) == number)
            async with one_of_each(served):
                pass
        proxy = Proxy(served)
        connection = await asyncpg.connect(places.world.url)
        async with talking(served) as talk, httpx.AsyncClient(timeout=PATIENCE_S) as client:
            await talk.initialise()
            await talk.subscribe("1", CHANGED, within="140521")
            async with asyncio.TaskGroup() as tasks:
                sending = [tasks.create_task(proxy.send()) for _ in range(6)]
                tasks.create_task(proxy.look())
                await until(lambda: proxy.answered[200] > 50)
                told_at = monotonic()
                served.process.send_signal(signal.SIGTERM)
                await asyncio.wait(sending)
            assert proxy.unready_at is not None
            assert proxy.unready_at - told_at < DRAIN_S / 2
            assert proxy.unready == (503, {"status": "unavailable", "service": "ending"})
            assert proxy.answered.keys() == {200}
            assert proxy.late > 0
            async with connection.transaction():
                await connection.execute("LOCK TABLE topic IN ACCESS EXCLUSIVE MODE")
                in_hand = asyncio.create_task(client.post(served.http, json=TOPICS))
                await places.until(LOCKED, 1)
                with pytest.raises(ConnectionClosed) as caught:
                    await talk.everything()
                assert caught.value.rcvd is not None
                assert caught.value.rcvd.code in {1001, 1012}
                assert monotonic() - told_at >= DRAIN_S
                assert not in_hand.done()
                await until(lambda: not listened_at(served.port))
                assert not in_hand.done()
            assert (await in_hand).status_code == 200
            assert (await in_hand).json()["data"]["topics"]["totalCount"] >= 0
        await connection.close()
        assert await asyncio.wait_for(served.process.wait(), PATIENCE_S) == 0


@pytest.mark.parametrize("number", [1, 2])
@pytest.mark.parametrize("signals", [[signal.SIGINT], [signal.SIGTERM, signal.SIGTERM], [signal.SIGHUP]])
async def test_end_by_ctrl_c_or_asked_for_twice_is_quick(
    places: Places, issuer: LocalIssuer, key: Path, number: int, signals: list[signal.Signals]
) -> None:
    assert issuer is not None
    async with serving(places.world.url, key, workers=str(number), drain_s="600") as served:
        for each in signals:
            served.process.send_signal(each)
            await asyncio.sleep(0.5)
        assert await asyncio.wait_for(served.process.wait(), PATIENCE_S) == 0


async def test_connection_is_kept_longer_than_a_proxy_keeps_it(
    places: Places, issuer: LocalIssuer, key: Path, served: Served
) -> None:
    caller = Caller(*await asyncio.open_connection("127.0.0.1", served.port))
    await caller.ask()
    async with serving(places.world.url, key, keep_alive_s="1") as other:
        assert issuer is not None
        reader, writer = await asyncio.open_connection("127.0.0.1", other.port)
        quick = Caller(reader, writer)
        await quick.ask()
        assert await asyncio.wait_for(reader.read(), PATIENCE_S) == b""
        quick.close()
    await asyncio.sleep(6)  # by default uvicorn keeps it for five
    assert await caller.ask() == {"data": {"__typename": "Query"}}
    caller.close()
