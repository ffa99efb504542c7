"""Reads on replicas see what was written before them, by its position."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from deploy.servers.postgres import EmbeddedPostgres
from services.core.replicas import MOST_BEHIND_S
from services.core.tokens import LocalIssuer
from tests.live.replicated.cluster import COUNTY, PROPOSE, TITLES, Cluster, execute, place_of, replicated, until
from tests.live.talking import talking

FAR = "FFFFFFFF/FFFFFFFF"
"""A position that nothing reaches."""


@pytest.fixture(scope="module")
async def own(key: Path, issuer: LocalIssuer) -> AsyncIterator[Cluster]:
    async with replicated(key, issuer) as made:
        yield made


@asynccontextmanager
async def paused(*servers: EmbeddedPostgres) -> AsyncIterator[None]:
    """Let replicas replay nothing."""
    async with AsyncExitStack() as stack:
        for server in servers:
            await execute(server, "SELECT pg_wal_replay_pause()")
            stack.push_async_callback(execute, server, "SELECT pg_wal_replay_resume()")

            async def stands(server: EmbeddedPostgres = server) -> bool:
                return bool(await execute(server, "SELECT pg_get_wal_replay_pause_state() = 'paused'"))

            await until(stands)
        yield


async def test_every_write_is_seen_at_once_by_its_position(own: Cluster) -> None:
    before = await own.reads()
    for _ in range(50):
        written = await own.propose()
        assert written.done, written
        topic = written.payload["topic"]
        assert await own.title(topic["id"], written.position) == topic["title"]
    after = await own.reads()
    answered = {server: after[server] - before[server] for server in after}
    assert sum(answered.values()) >= 50
    assert answered["primary"] < 25, answered


async def test_replicas_that_stand_still_are_passed_over_by_a_position_alone(own: Cluster) -> None:
    async with paused(*own.replicas):
        written = await own.propose()
        topic = written.payload["topic"]
        assert await own.title(topic["id"]) is None
        assert await own.title(topic["id"], written.position) == topic["title"]
        assert written.body["extensions"] == {"position": written.position}
        assert await own.title(topic["id"]) is None

    async def is_seen() -> bool:
        return await own.title(topic["id"]) is not None

    await until(is_seen)


async def test_replica_that_is_too_far_behind_is_left_out(own: Cluster) -> None:
    async with paused(own.replicas[0]):
        written = await own.propose()
        topic = written.payload["topic"]
        seconds = await own.until_left_out(own.replicas[0])
        assert seconds < MOST_BEHIND_S + 2
        before = await own.reads()
        for _ in range(10):
            assert await own.title(topic["id"]) == topic["title"]
        after = await own.reads()
        place = place_of(own.replicas[0])
        assert after[place] == before[place]
    await own.until_left_out()


async def test_position_that_nothing_reaches_is_read_at_the_primary(own: Cluster) -> None:
    before = await own.reads()
    assert (await own.ask(COUNTY, FAR)).done
    after = await own.reads()
    assert after["primary"] == before["primary"] + 1


@pytest.mark.parametrize("text", ["x", "16", "1/2/3", "G/0", "123456789/0", "0/ 1", "１/１"])
async def test_malformed_position_is_refused_and_changes_nothing(own: Cluster, text: str) -> None:
    (before,) = (await own.world.rows("SELECT count(*) FROM topic"))[0]
    values = {"platform": f"platform_{own.world.topics[0].platform_id}", "title": "不改", "summary": "无",
              "kind": "MICRO", "category": "OTHER"}  # fmt: skip
    asked: dict[str, Any] = {"query": PROPOSE, "variables": {"input": values}}
    bearer = [(b"Authorization", f"Bearer {own.token}".encode())]
    by_header = [*bearer, (b"Shangliang-Position", text.encode())]
    for headers, more in ((by_header, {}), (bearer, {"extensions": {"position": text}})):
        answer = await own.http.post(own.served.http, json=asked | more, headers=headers)
        (error,) = answer.json()["errors"]
        assert (answer.status_code, "is not a position as" in error["message"]) == (400, True), error
    assert (await own.world.rows("SELECT count(*) FROM topic"))[0] == (before,)


async def test_refused_mutation_tells_no_position(own: Cluster) -> None:
    values = {"platform": f"platform_{own.world.topics[0].platform_id}", "title": "", "kind": "MICRO",
              "category": "OTHER", "summary": "无"}  # fmt: skip
    told = await own.ask(PROPOSE, input=values)
    assert (told.done, told.position, "extensions" in told.body) == (False, None, False)


async def test_position_goes_over_a_websocket_too(own: Cluster) -> None:
    async with paused(*own.replicas), talking(own.served) as talk:
        await talk.initialise(own.token)
        values = {"platform": f"platform_{own.world.topics[0].platform_id}", "title": "经套接字", "summary": "无",
                  "kind": "MICRO", "category": "OTHER"}  # fmt: skip
        await talk.say(type="subscribe", id="a", payload={"query": PROPOSE, "variables": {"input": values}})
        written = (await talk.hear())["payload"]
        assert (await talk.hear())["type"] == "complete"
        asked = {"query": TITLES, "variables": {"id": written["data"]["proposeTopic"]["topic"]["id"]}}
        for key, more, seen in (("b", {}, None), ("c", {"extensions": written["extensions"]}, {"title": "经套接字"})):
            await talk.say(type="subscribe", id=key, payload=asked | more)
            answer = await talk.hear()
            assert answer["payload"]["data"]["topic"] == seen
            assert (await talk.hear())["type"] == "complete"
