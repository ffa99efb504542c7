"""Deadlines of what writes and of exports, and what becomes of both when their clients leave."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any
from uuid import UUID

import asyncpg
import httpx
import pytest

from services.core.tokens import LocalIssuer
from tests.live.place import LOCKED, Place, Places
from tests.serving import Served, serving

LIST = """mutation ($topic: ID!) { listTopic(input: {topic: $topic}) {
  topic { status } errors { code message retryAfter } } }"""
SLEEPING = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event = 'PgSleep'"
LAG = """
CREATE FUNCTION pause_topic() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN PERFORM pg_sleep(30); RETURN NEW; END';
CREATE TRIGGER pause_topic BEFORE UPDATE ON topic FOR EACH ROW EXECUTE FUNCTION pause_topic()"""
SLOW_COMMIT = """
CREATE FUNCTION pause_topic() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN PERFORM pg_sleep(3); RETURN NULL; END';
CREATE CONSTRAINT TRIGGER pause_topic AFTER UPDATE ON topic DEFERRABLE INITIALLY DEFERRED
FOR EACH ROW EXECUTE FUNCTION pause_topic()"""


@pytest.fixture(scope="module")
async def hasty(places: Places, issuer: LocalIssuer, key: Path) -> AsyncIterator[Served]:
    """A service with one connection that writes, which waits two seconds, one of them for a lock."""
    assert issuer is not None
    settings = {"write_connections": "1", "statement_timeout_s": "2", "export_timeout_s": "1"}
    async with serving(places.world.url, key, **settings) as service:
        yield service


@pytest.fixture(scope="module")
async def patient(places: Places, issuer: LocalIssuer, key: Path) -> AsyncIterator[Served]:
    """A service with one connection that writes."""
    assert issuer is not None
    async with serving(places.world.url, key, write_connections="1", statement_timeout_s="40") as service:
        yield service


@asynccontextmanager
async def held(places: Places, *topics: UUID) -> AsyncIterator[None]:
    """Hold the locks of topics."""
    connection = await asyncpg.connect(places.world.url)
    try:
        async with connection.transaction():
            await connection.execute("SELECT FROM topic WHERE id = ANY($1) FOR UPDATE", topics)
            yield
    finally:
        await connection.close()


async def status(places: Places, topic: UUID) -> str:
    ((found,),) = await places.world.rows(f"SELECT status FROM topic WHERE id = '{topic}'")
    return str(found)


def asked(served: Served, http: httpx.AsyncClient, token: str, topic: UUID) -> "asyncio.Task[Any]":
    """Begin to list a topic; gives the payload."""

    async def ask() -> Any:
        headers = {"Authorization": f"Bearer {token}"}
        sent = {"query": LIST, "variables": {"topic": f"topic_{topic}"}}
        answer = (await http.post(served.http, json=sent, headers=headers)).json()
        assert "errors" not in answer, answer
        return answer["data"]["listTopic"]

    return asyncio.create_task(ask())


async def test_a_lock_that_is_not_given_is_told_as_unavailable(
    hasty: Served, places: Places, place: Place, token: str
) -> None:
    topic = await place.propose()
    async with httpx.AsyncClient(timeout=30) as http:
        async with held(places, topic):
            answer = await asked(hasty, http, token, topic)
        (error,) = answer["errors"]
        assert (answer["topic"], error["code"], error["retryAfter"]) == (None, "UNAVAILABLE", 1)
        assert await status(places, topic) == "PROPOSED"
        assert (await asked(hasty, http, token, topic)) == {"topic": {"status": "LISTED"}, "errors": []}


async def test_a_connection_that_is_not_free_in_time_is_told_as_unavailable(
    hasty: Served, places: Places, place: Place, token: str
) -> None:
    topics = [await place.propose() for _ in range(5)]
    async with httpx.AsyncClient(timeout=30) as http, held(places, *topics):
        answers = [asked(hasty, http, token, topic) for topic in topics]
        errors = [(await answer)["errors"][0] for answer in answers]
        assert {error["code"] for error in errors} == {"UNAVAILABLE"}
        assert {error["retryAfter"] for error in errors} <= {1, 10}
        await places.until(LOCKED, 0)


async def test_an_answer_that_does_not_come_is_cancelled_and_told_as_unavailable(
    hasty: Served, places: Places, place: Place, token: str
) -> None:
    topic = await place.propose()
    owner = await asyncpg.connect(places.world.url)
    await owner.execute(LAG)
    try:
        async with httpx.AsyncClient(timeout=30) as http:
            answer = await asked(hasty, http, token, topic)
        await places.until(SLEEPING, 0)
    finally:
        await owner.execute("DROP FUNCTION pause_topic CASCADE")
        await owner.close()
    (error,) = answer["errors"]
    assert (error["code"], error["retryAfter"] in {1, 10}) == ("UNAVAILABLE", True)  # 1 where others waited meanwhile
    assert await status(places, topic) == "PROPOSED"


async def test_a_mutation_whose_client_left_is_ended_at_the_database(
    patient: Served, places: Places, place: Place, token: str
) -> None:
    begun, waiting, staying = [await place.propose() for _ in range(3)]
    async with httpx.AsyncClient(timeout=60) as other, held(places, begun, waiting):
        async with httpx.AsyncClient(timeout=60) as leaver:
            first = asked(patient, leaver, token, begun)
            await places.until(LOCKED, 1)
            second = asked(patient, leaver, token, waiting)
            third = asked(patient, other, token, staying)
            await asyncio.sleep(1)
            for one in (first, second):
                one.cancel()
            await asyncio.gather(first, second, return_exceptions=True)
        assert (await third)["errors"] == []
        await places.until(LOCKED, 0)
    assert [await status(places, one) for one in (begun, waiting, staying)] == ["PROPOSED", "PROPOSED", "LISTED"]


async def test_a_mutation_whose_client_left_while_it_commits_is_finished(
    patient: Served, places: Places, place: Place, token: str
) -> None:
    topic = await place.propose()
    owner = await asyncpg.connect(places.world.url)
    await owner.execute(SLOW_COMMIT)
    try:
        async with httpx.AsyncClient(timeout=60) as leaver:
            answer = asked(patient, leaver, token, topic)
            await places.until(SLEEPING, 1)
            await asyncio.sleep(1)
            answer.cancel()
            await asyncio.gather(answer, return_exceptions=True)
        assert await status(places, topic) == "PROPOSED"
        await places.until(SLEEPING, 0)
    finally:
        await owner.execute("DROP FUNCTION pause_topic CASCADE")
        await owner.close()
    assert await status(places, topic) == "LISTED"


async def test_an_export_whose_client_left_is_ended_at_the_database(patient: Served, places: Places) -> None:
    owner = await asyncpg.connect(places.world.url)
    async with owner.transaction():
        await owner.execute("LOCK TABLE topic IN ACCESS EXCLUSIVE MODE")
        async with httpx.AsyncClient(timeout=60) as http:
            export = asyncio.create_task(http.get(f"{patient.address}/export/topics.csv"))
            await places.until(LOCKED, 1)
            export.cancel()
            await asyncio.gather(export, return_exceptions=True)
        await places.until(LOCKED, 0)
    await owner.close()


async def test_an_export_has_a_deadline(hasty: Served, places: Places) -> None:
    owner = await asyncpg.connect(places.world.url)
    async with owner.transaction():
        await owner.execute("LOCK TABLE topic IN ACCESS EXCLUSIVE MODE")
        async with httpx.AsyncClient(timeout=60) as http:
            answer = await http.get(f"{hasty.address}/export/topics.csv")
        await places.until(LOCKED, 0)
    await owner.close()
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "10")
    (error,) = answer.json()["errors"]
    assert (error["extensions"]["code"], error["extensions"]["limit"]) == ("UNAVAILABLE", 1)
