"""A broker that is rebuilt from nothing gets again what departments had not taken."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest
from typer.testing import CliRunner

from deploy.cli import app
from deploy.servers.rabbitmq import PrivateRabbitMQ
from events.names import inbox
from services.core.act import Act
from services.core.actor import Actor, Grant, Role
from services.core.clock import SystemClock
from services.core.errors import Forbidden, NotFound
from services.migrations.grants import Login
from services.notices.refill import Refilled, refill
from tests import servers
from tests.events.test_kit import Heard, consuming
from tests.events.tools import depth, intake, relay, until
from tests.servers import BrokerAddress, settings_of
from tests.world import ACTOR, World

COURT = "qinshui-court"
FORESTRY = "qinshui-forestry"


@asynccontextmanager
async def node(directory: Path) -> AsyncIterator[BrokerAddress]:
    """Lend a broker of its own, which is gone with all that it had at the end."""
    rabbitmq = PrivateRabbitMQ(directory)
    await asyncio.to_thread(rabbitmq.start)
    try:
        await asyncio.to_thread(rabbitmq.wait_ready)
        yield BrokerAddress(rabbitmq.url, rabbitmq.api_url)
    finally:
        await asyncio.to_thread(rabbitmq.remove)


async def done(world: World, amqp: BrokerAddress, monkeypatch: pytest.MonkeyPatch, *words: str) -> str:
    """Run a command of an operator; return what it prints and says."""
    settings = {"SHANGLIANG_AMQP_URL": amqp.url, "SHANGLIANG_RABBITMQ_API_URL": amqp.api_url}
    for name, value in {**settings_of(world.url), **settings}.items():
        monkeypatch.setenv(name, value)
    result = await asyncio.to_thread(CliRunner().invoke, app, words)
    assert result.exit_code == 0, result.output
    return f"{result.stdout}{result.stderr}"


async def accounts(api_url: str) -> dict[str, object]:
    """Return a broker's accounts with their rights and the hashes of their passwords, but for its own."""
    async with httpx.AsyncClient(base_url=api_url) as client:
        found = (await client.get("/api/definitions")).json()
    kept = {name: found[name] for name in ("users", "permissions", "topic_permissions")}
    return {
        name: [one for one in several if one.get("name", one.get("user")) == COURT] for name, several in kept.items()
    }


@pytest.mark.timeout(300)
async def test_broker_rebuilt_from_nothing_gets_what_was_not_taken_and_nobody_handles_anything_twice(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    servers.need_broker()
    sent = [await world.announce(COURT, topic=number % 2) for number in range(6)]
    other = await world.announce(FORESTRY)
    heard = Heard(lambda event: event.id in sent[4:])  # the last of either lane is given back each time

    async def counted(received: int, confirmed: int) -> bool:
        rows = await world.rows("SELECT count(receipt), count(*) FROM delivery WHERE status = 'CONFIRMED'")
        return rows == [(received, confirmed)]

    async with node(tmp_path / "first") as amqp:
        await done(world, amqp, monkeypatch, "topology")
        password, *_ = (await done(world, amqp, monkeypatch, "agency", "add", COURT)).splitlines()
        url = at(amqp, password)
        async with relay(world.db, world.url, amqp.url), intake(world.db, amqp.url):
            async with consuming(url, heard, tmp_path / "store"):
                await heard.until(4)
                await until(lambda: counted(5, 7))
            later = await world.announce(COURT, topic=0)
            await until(lambda: counted(5, 8))
        kept = await accounts(amqp.api_url)
    before = datetime.now(UTC) - timedelta(hours=1)
    async with node(tmp_path / "second") as amqp:
        async with httpx.AsyncClient(base_url=amqp.api_url) as client:
            (await client.post("/api/definitions", json=kept)).raise_for_status()
        assert "3 departments have their queues" in await done(world, amqp, monkeypatch, "topology")
        refilled = await done(world, amqp, monkeypatch, "deliveries", "refill", "--answered-since", before.isoformat())
        assert refilled == "8 notices to 2 departments wait to be sent again.\n"
        heard_again = Heard()
        async with relay(world.db, world.url, amqp.url), consuming(at(amqp, password), heard_again, tmp_path / "store"):
            await heard_again.until(3)
            await until(lambda: empty(amqp, COURT))
            await until(lambda: counted(5, 8))
        assert await depth(amqp.url, inbox(FORESTRY)) == 1
    assert {*heard.ids} == {*sent[:4]}
    assert {*heard_again.ids} == {*sent[4:], later}
    assert [(event.replay, event.late) for event in heard_again.events] == [(0, False)] * 3
    assert await world.rows(f"SELECT status, replays FROM delivery WHERE event_id = '{other}'") == [("CONFIRMED", 0)]


def at(amqp: BrokerAddress, password: str) -> str:
    """Return the court's address of a broker."""
    return f"amqp://{COURT}:{password}@{amqp.url.rpartition('@')[2]}"


async def empty(amqp: BrokerAddress, code: str) -> bool:
    return await depth(amqp.url, inbox(code)) == 0


async def confirmed(world: World) -> None:
    """The broker took three notices of the court, which answered two, and one of the forestry; one more waits."""
    for _ in range(3):
        await world.announce(COURT)
    await world.announce(FORESTRY)
    await world.run("UPDATE delivery SET status = 'CONFIRMED', confirmed_at = now()")
    await world.run(
        "UPDATE delivery SET receipt = 'RECEIVED', receipt_at = now() - sequence * interval '1 day' WHERE sequence < 3 "
        f"AND department_id = '{world.departments[COURT].id}'"
    )
    await world.announce(COURT)


async def refilled(
    world: World, actor: Actor = ACTOR, *, department: str | None = None, answered_since: datetime | None = None
) -> Refilled:
    async with world.acting(Login.OPERATOR) as db, db.write() as tx:
        act = Act(tx, actor, SystemClock())
        return await refill(act, department=department, answered_since=answered_since)


async def test_what_was_not_answered_waits_again_with_the_replay_that_it_had(world: World) -> None:
    await confirmed(world)
    await world.run("UPDATE department_channel SET pauses = 3, paused_until = now() + interval '1 hour'")
    assert await refilled(world) == Refilled(2, 2)
    assert await world.rows("SELECT status, sequence, replays FROM delivery ORDER BY department_id, sequence") == [
        *((status, number, 0) for number, status in enumerate(("CONFIRMED", "CONFIRMED", "PENDING", "PENDING"), 1)),
        ("PENDING", 1, 0),
    ]
    assert await world.rows("SELECT DISTINCT pauses, paused_until FROM department_channel") == [(0, None)]
    assert await refilled(world) == Refilled(0, 0)


async def test_refill_takes_what_was_answered_since_and_one_department_alone(world: World) -> None:
    await confirmed(world)
    since = datetime.now(UTC) - timedelta(days=1, hours=1)
    assert await refilled(world, department=COURT, answered_since=since) == Refilled(2, 1)
    assert await refilled(world, department=FORESTRY) == Refilled(1, 1)


async def test_refill_is_for_those_who_run_deliveries(world: World) -> None:
    await confirmed(world)
    cadre = Actor("cadre", (Grant(Role.CADRE, "14"),))
    of_county = Actor("operator", (Grant(Role.OPERATOR, "140521"),))
    for actor, department in ((cadre, None), (cadre, COURT), (of_county, None)):
        with pytest.raises(Forbidden):
            await refilled(world, actor, department=department)
    with pytest.raises(NotFound):
        await refilled(world, department="nobody")
    assert await world.rows("SELECT count(*) FROM delivery WHERE status = 'PENDING'") == [(1,)]
    assert await refilled(world, of_county, department=COURT) == Refilled(1, 1)
