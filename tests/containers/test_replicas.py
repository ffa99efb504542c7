"""Several containers of one service behind the proxy, and what each may take."""

import asyncio
import json

import httpx
import pytest
from websockets.asyncio.client import connect

from tests.containers.network import Network
from tests.live.talking import CHANGED, Talk

pytestmark = [pytest.mark.containers, pytest.mark.timeout(1800)]

ALIVE = '{ division(code: "14") { name } }'
NAMED = {"division": {"name": "山西省"}}
FRONT = "10.210.47"
ROOM = 0.9
"""The part of its limit of memory that a container may have taken by the end of the play."""
UNITS = {"B": 1, "KiB": 1 << 10, "MiB": 1 << 20, "GiB": 1 << 30}


async def test_no_request_fails_while_a_replica_is_restarted(network: Network) -> None:
    (first, second) = network.project.containers("api")
    for replica in (first, second):
        restart = asyncio.create_task(asyncio.to_thread(network.project.engine.docker, "restart", replica["Id"]))
        asked = 0
        while not restart.done():
            assert await network.ask(ALIVE, anonymous=True) == NAMED
            asked += 1
        await restart
        assert asked > 0
        await asyncio.to_thread(network.project.wait_healthy, "api")


async def test_each_replica_answers_alone(network: Network) -> None:
    engine = network.project.engine
    for replica in network.project.containers("api"):
        await asyncio.to_thread(engine.docker, "stop", replica["Id"])
        assert await network.ask(ALIVE, anonymous=True) == NAMED
        engine.docker("start", replica["Id"])
        await asyncio.to_thread(network.project.wait_healthy, "api")


async def test_connection_is_kept_longer_than_the_api_keeps_it(network: Network) -> None:
    async with httpx.AsyncClient(base_url=network.url, trust_env=False) as client:
        for pause_s in (0, 1, 4.9, 5, 7):
            await asyncio.sleep(pause_s)
            answer = await client.post("/graphql", json={"query": ALIVE})
            assert answer.json() == {"data": NAMED}


async def test_websocket_hears_what_happens(network: Network) -> None:
    address = f"ws://127.0.0.1:{network.port}/graphql"
    async with connect(address, subprotocols=["graphql-transport-ws"], compression=None, proxy=None) as connection:  # type: ignore[list-item] # a name is a sub-protocol
        talk = Talk(connection)
        await talk.initialise(network.token)
        await talk.subscribe("1", CHANGED, within="140521")
        await talk.silence()
        await network.play()
        assert (await talk.next("1"))["type"].startswith("topic.")


async def test_event_stream_is_not_kept_back(network: Network) -> None:
    headers = {"Authorization": f"Bearer {network.token}", "Accept": "text/event-stream"}
    body = {"query": CHANGED, "variables": {"within": "140521"}}
    async with (
        httpx.AsyncClient(base_url=network.url, timeout=30, trust_env=False) as client,
        client.stream("POST", "/graphql", json=body, headers=headers) as answer,
    ):
        async for line in answer.aiter_lines():
            if line.startswith(":"):  # the comment of a silent stream
                return
    raise AssertionError("the stream has ended")


async def test_caller_is_who_the_proxy_says(network: Network) -> None:
    headers = {"Authorization": "Bearer nonsense", "X-Forwarded-For": "203.0.113.7", "Forwarded": "for=203.0.113.8"}
    async with httpx.AsyncClient(base_url=network.url, trust_env=False) as client:
        answer = await client.post("/graphql", json={"query": ALIVE}, headers=headers)
    assert answer.status_code == 401
    logged = network.project.compose("logs", "--no-color", "--no-log-prefix", "api").splitlines()
    told = [json.loads(line[line.index("{") :]) for line in logged if '"sign_in.refused"' in line]
    assert {one["address"] for one in told} == {f"{FRONT}.1"}  # this machine, as Docker shows it


async def test_containers_stay_within_their_limits(network: Network) -> None:
    await network.heard(await network.play())
    used = {one["ID"]: one for one in network.project.use()}
    for name, service in network.project.services().items():
        limits = service["deploy"]["resources"]["limits"]
        for container in network.project.containers(name):
            host = container["HostConfig"]
            assert (host["Memory"], host["PidsLimit"]) == (int(limits["memory"]), limits["pids"])
            assert host["NanoCpus"] == limits["cpus"] * 1_000_000_000
            assert container["State"]["OOMKilled"] is False
            own = used[container["Id"][:12]]
            assert size(own["MemUsage"].split(" / ")[0]) < ROOM * int(limits["memory"]), own
            assert int(own["PIDs"]) < ROOM * limits["pids"], own


def size(text: str) -> float:
    """Return the bytes that `docker stats` tells."""
    number = text.rstrip("BKMGi")
    return float(number) * UNITS[text[len(number) :]]
