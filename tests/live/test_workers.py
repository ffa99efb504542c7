"""Several workers at one port are one service: killed, told to end, counted and asked in turns."""

import asyncio
import hashlib
import json
import os
import signal
import socket
from collections.abc import AsyncIterator
from pathlib import Path

import asyncpg
import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy.engine import make_url
from websockets.exceptions import ConnectionClosed

from deploy.servers.directory import free_port
from deploy.servers.processes import alive
from services.core.tokens import LocalIssuer
from tests.live.place import Place, Places
from tests.live.several import (
    PATIENCE_S,
    call,
    callers_of,
    connected,
    failures,
    one_of_each,
    processor_s,
    until,
    workers,
)
from tests.live.talking import CHANGED, talking
from tests.servers import execute
from tests.serving import Served, running, serving

LIST = "mutation ($topic: ID!) { listTopic(input: {topic: $topic}) { topic { status } errors { code } } }"
ALL = '{ division(code: "14") { name } topics(first: 20) { nodes { title } totalCount } }'


@pytest.fixture(scope="module")
def metrics_port() -> int:
    return free_port()


@pytest.fixture(scope="module")
async def two(places: Places, issuer: LocalIssuer, key: Path, metrics_port: int) -> AsyncIterator[Served]:
    """The service by two workers."""
    assert issuer is not None
    async with serving(places.world.url, key, workers="2", metrics_port=str(metrics_port)) as service:
        await until(lambda: len(workers(service)) == 2)
        async with one_of_each(service):
            pass
        yield service


async def metrics(port: int) -> dict[str, float]:
    """Return what a scrape says, by name and labels."""
    async with httpx.AsyncClient(timeout=PATIENCE_S) as client:
        response = await client.get(f"http://127.0.0.1:{port}/metrics")
    return {
        sample.name + "".join(f" {value}" for value in sample.labels.values()): sample.value
        for family in text_string_to_metric_families(response.text)
        for sample in family.samples
    }


async def test_both_workers_work(two: Served) -> None:
    before = {pid: processor_s(pid) for pid in workers(two)}

    async def ask() -> None:
        async with asyncio.timeout(PATIENCE_S):
            while any(processor_s(pid) < used + 0.2 for pid, used in before.items()):
                caller = await call(two)
                for _ in range(10):
                    assert "errors" not in await caller.ask(ALL)
                caller.close()

    await asyncio.gather(*(ask() for _ in range(8)))
    assert workers(two) == before.keys()


async def test_killed_worker_is_replaced_and_only_its_own_requests_fail(two: Served, metrics_port: int) -> None:
    async with one_of_each(two):  # both take connections
        callers = [await call(two) for _ in range(40)]
        counted = (await metrics(metrics_port))["shangliang_graphql_seconds_count query"]
        killed, other = sorted(workers(two), key=lambda pid: len(callers_of(pid)))
        its = callers_of(killed)
        os.kill(killed, signal.SIGKILL)
        await until(lambda: not alive(killed))
        answers = await asyncio.gather(*(one.ask() for one in callers), return_exceptions=True)
        failed = {callers[place].port for place in failures(answers)}
        assert failed == {one.port for one in callers} & its
        for _ in range(20):
            (await call(two)).close()
        await until(lambda: len(workers(two)) == 2)
        assert other in workers(two)
        assert killed not in workers(two)
        async with one_of_each(two):
            found = await metrics(metrics_port)
        assert found["shangliang_worker_restarts_total"] >= 1
        assert found["shangliang_graphql_seconds_count query"] >= counted + 40 - len(failed) + 20
        for caller in callers:
            caller.close()


async def test_metrics_are_those_of_all_workers(two: Served, metrics_port: int) -> None:
    async with one_of_each(two) as callers:
        before = await metrics(metrics_port)
        for caller, number in zip(callers, (3, 4), strict=True):
            for _ in range(number):
                await caller.ask()
            await caller.ask("{ nothing }")
        after = await metrics(metrics_port)
    gained = {name: value - before[name] for name, value in after.items()}
    assert gained["shangliang_graphql_seconds_count query"] == 7
    assert gained["shangliang_graphql_seconds_bucket query +Inf"] == 7
    assert gained["shangliang_graphql_refused_total"] == 2
    assert after["shangliang_workers"] == 2
    assert {gained[name] for name in after if name.endswith("_created")} == {0.0}


async def test_subscription_hears_of_what_another_worker_did(two: Served, place: Place, token: str) -> None:
    async with one_of_each(two) as callers, talking(two) as talk:
        await talk.initialise()
        await talk.subscribe("1", CHANGED, within=place.code)
        assert talk.connection.transport is not None
        port = talk.connection.transport.get_extra_info("sockname")[1]
        (its,) = (pid for pid in workers(two) if port in callers_of(pid))
        (elsewhere,) = (caller for caller in callers if caller.port not in callers_of(its))
        topic = f"topic_{await place.propose('路灯')}"
        done = await elsewhere.ask(LIST, token, variables={"topic": topic})
        assert done == {"data": {"listTopic": {"topic": {"status": "LISTED"}, "errors": []}}}
        heard = await talk.next("1")
        if heard["type"] == "topic.proposed":  # read once the topic was listed, and so is everybody's
            heard = await talk.next("1")
        assert (heard["type"], heard["topic"]) == ("topic.listed", {"title": "路灯"})


async def test_document_that_one_worker_was_sent_is_known_to_the_other(two: Served) -> None:
    query = "query Known { __typename }"
    by_digest = {"persistedQuery": {"version": 1, "sha256Hash": hashlib.sha256(query.encode()).hexdigest()}}
    async with one_of_each(two) as (one, other):
        for caller in (one, other):
            answer = await caller.ask("", extensions=by_digest)
            assert answer["errors"][0]["extensions"]["code"] == "PERSISTED_QUERY_NOT_FOUND"
        assert await one.ask(query, extensions=by_digest) == {"data": {"__typename": "Query"}}
        async with asyncio.timeout(PATIENCE_S):
            while "errors" in await other.ask("", extensions=by_digest):  # noqa: ASYNC110 -- waits for a process
                await asyncio.sleep(0.01)


@pytest.mark.parametrize("by", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGKILL])
async def test_end_of_the_command_is_the_end_of_its_workers(
    places: Places, issuer: LocalIssuer, key: Path, by: signal.Signals
) -> None:
    assert issuer is not None
    async with serving(places.world.url, key, workers="2") as served:
        await until(lambda: len(workers(served)) == 2)
        async with one_of_each(served):
            started = workers(served)
        async with talking(served) as talk:
            await talk.initialise()
            await talk.subscribe("1", CHANGED, within="140521")
            served.process.send_signal(by)
            with pytest.raises(ConnectionClosed) as caught:
                await talk.everything()
            assert caught.value.rcvd is not None
            assert caught.value.rcvd.code == 1012
        status = await asyncio.wait_for(served.process.wait(), PATIENCE_S)
        assert status == (-signal.SIGKILL if by is signal.SIGKILL else 0)
        await until(lambda: not any(alive(pid) for pid in started))
        with pytest.raises(OSError, match="refused"), socket.create_connection(("127.0.0.1", served.port)):
            pass


async def test_start_tells_of_the_connections_and_stays_within_them(
    places: Places, issuer: LocalIssuer, key: Path, tmp_path: Path
) -> None:
    assert issuer is not None
    url = make_url(places.world.url)
    connection = await asyncpg.connect(places.world.url)
    most = await connection.fetchval("SHOW max_connections")
    await connection.close()
    pools = {"read_connections": "2", "write_connections": "1", "export_connections": "0"}
    with (tmp_path / "log").open("w") as log:
        async with serving(places.world.url, key, log.fileno(), workers="2", **pools) as served:
            async with one_of_each(served):
                callers = [await call(served) for _ in range(40)]
                await asyncio.gather(*(one.ask(ALL) for one in callers))
                taken = [sum(port == url.port for _, port in connected(pid)) for pid in workers(served)]
            for caller in callers:
                caller.close()
    (line,) = (one for one in (tmp_path / "log").read_text().splitlines() if not one.startswith("{"))
    assert line == f"2 workers, 6 connections each of PostgreSQL's {most} at {url.host}:{url.port}."
    assert len(taken) == 2
    assert all(3 <= number <= 6 for number in taken)


@pytest.mark.parametrize("workers_", ["1", "2"])
async def test_start_that_cannot_be_ends_as_that_of_one_process(
    places: Places, key: Path, workers_: str, capfd: pytest.CaptureFixture[str]
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        settings = {"database_url": places.world.url, "signing_key_file": str(key), "workers": workers_}
        async with running("deploy", "serve", settings={**settings, "port": str(port)}) as process:
            assert await asyncio.wait_for(process.wait(), PATIENCE_S) == 3
    said = next(line for line in capfd.readouterr().err.splitlines() if " uvicorn.error " in line)
    assert said.endswith(
        f"uvicorn.error [Errno 98] error while attempting to bind on address ('127.0.0.1', {port}): "
        "address already in use"
    )
    nowhere = {**settings, "database_url": "postgresql://a:b@127.0.0.1:1/c", "port": str(free_port())}
    async with running("deploy", "serve", settings=nowhere) as process:
        assert await asyncio.wait_for(process.wait(), PATIENCE_S) == 1
    assert capfd.readouterr().err == "The database at 127.0.0.1:1 cannot be used: [Errno 111] Connection refused.\n"


async def test_worker_that_cannot_start_is_started_ever_later_while_another_answers(
    counties_url: str, issuer: LocalIssuer, key: Path, tmp_path: Path
) -> None:
    assert issuer is not None
    name, log = make_url(counties_url).database, tmp_path / "log"

    def ends() -> list[tuple[int, float]]:
        found = [json.loads(line) for line in log.read_text().splitlines() if line.startswith("{")]
        return [(one["status"], one["started_again_in_s"]) for one in found if one["event"] == "a worker has ended"]

    with log.open("w") as file:
        async with serving(counties_url, key, file.fileno(), workers="2") as served:
            await until(lambda: len(workers(served)) == 2)
            async with one_of_each(served):
                first, second = workers(served)
            await execute(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS false')
            os.kill(first, signal.SIGKILL)
            await until(lambda: len(ends()) == 4)
            assert ends() == [(-signal.SIGKILL, 0.0), (1, 1.0), (1, 2.0), (1, 4.0)]
            await (caller := await call(served)).ask()
            caller.close()
            os.kill(second, signal.SIGKILL)
            assert await asyncio.wait_for(served.process.wait(), PATIENCE_S) == 1
    assert not alive(second)
    assert "is not currently accepting connections" in log.read_text().splitlines()[-1]


async def test_more_workers_than_fit_are_refused(places: Places, key: Path, capfd: pytest.CaptureFixture[str]) -> None:
    settings = {"database_url": places.world.url, "signing_key_file": str(key), "workers": "500"}
    async with running("deploy", "serve", settings={**settings, "port": str(free_port())}) as process:
        assert await asyncio.wait_for(process.wait(), PATIENCE_S) == 1
    said = capfd.readouterr().err.splitlines()[-1]
    assert said.startswith("SHANGLIANG_WORKERS is 500, and 500 workers take 10500 connections of PostgreSQL's at ")
    assert "set fewer workers, smaller pools (SHANGLIANG_READ_CONNECTIONS" in said
