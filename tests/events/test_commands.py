"""The commands `shangliang agency` and `shangliang deliveries`, against a database and a broker of their own."""

import asyncio
import json
import re
import sys
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

import aio_pika
import aiormq
import httpx
import pytest
from typer.testing import CliRunner, Result

from deploy.cli import app
from events.agency import listen
from events.management import open_management, vhost_of
from events.names import REPLIES
from events.passwords import new_password
from events.topology import UNSET
from services.core.act import Act
from services.core.clock import SystemClock
from services.departments.commands import register_department
from services.departments.enums import DepartmentKind
from tests.events.test_permissions import address
from tests.events.test_topology import names
from tests.events.tools import intake, relay
from tests.servers import BrokerAddress, settings_of
from tests.world import ACTOR, World

COURT = "qinshui-court"


@dataclass
class Desk:
    """Where an operator types, with a department that nobody else has."""

    world: World
    amqp: BrokerAddress
    code: str

    async def run(self, *arguments: str) -> Result:
        """Run a command as a process would, beside this loop."""
        result = await asyncio.to_thread(CliRunner().invoke, app, arguments)
        assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
        return result

    async def done(self, *arguments: str) -> str:
        """Return what a command that succeeds prints."""
        result = await self.run(*arguments)
        assert result.exit_code == 0, result.stderr
        return result.stdout.strip()

    async def refused(self, *arguments: str) -> str:
        """Return why a command cannot be done; it prints nothing else."""
        result = await self.run(*arguments)
        assert (result.exit_code, result.stdout) == (1, "")
        return result.stderr.strip()


@pytest.fixture
async def desk(
    world: World, amqp: BrokerAddress, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> AsyncIterator[Desk]:
    for name, value in settings_of(world.url).items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("SHANGLIANG_AMQP_URL", amqp.url)
    monkeypatch.setenv("SHANGLIANG_RABBITMQ_API_URL", amqp.api_url)
    monkeypatch.setenv("SHANGLIANG_STATE_DIR", str(tmp_path))
    code = f"desk-{uuid4().hex[:8]}"
    async with world.db.write() as tx:
        await register_department(
            Act(tx, ACTOR, SystemClock()), code=code, name="档案馆", kind=DepartmentKind.OTHER,
            division="140521", enabled=False,
        )  # fmt: skip
    yield Desk(world, amqp, code)
    async with open_management(amqp.api_url, amqp.url) as management:
        if code in await management.accounts():
            await management.delete_account(code)


async def opens(desk: Desk, password: str) -> bool:
    """Tell whether the department can log in with a password.

    By the lower library: the upper one's refused connections, were they collected by a command's thread, would warn.
    """
    try:
        connection = await aiormq.connect(address(desk.amqp, desk.code, password))
    except aiormq.exceptions.AMQPError:
        return False
    await connection.close()
    return True


async def channel(desk: Desk) -> bool:
    ((enabled,),) = await desk.world.rows(
        "SELECT enabled FROM department_channel JOIN department ON department.id = department_id "
        f"WHERE code = '{desk.code}'"
    )
    return bool(enabled)


async def test_topology_says_what_it_cannot_set_without_the_management_api(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert (await desk.run("topology")).stderr == "3 departments have their queues.\n"
    monkeypatch.delenv("SHANGLIANG_RABBITMQ_API_URL")
    told = (await desk.run("topology")).stderr
    assert told.startswith("3 departments have their queues; not set without the management API")
    assert f"(SHANGLIANG_RABBITMQ_API_URL): {UNSET}. " in told


async def test_limits_of_departments_are_set_as_the_settings_say(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    async def limits() -> list[dict[str, int]]:
        async with httpx.AsyncClient(base_url=desk.amqp.api_url) as client:
            return [
                (await client.get(f"/api/{path}")).json()[0]["value"]
                for path in (f"user-limits/{desk.code}", f"vhost-limits/{vhost_of(desk.amqp.url)}")
            ]

    monkeypatch.setenv("SHANGLIANG_AGENCY_CONNECTIONS", "3")
    await desk.done("agency", "add", desk.code)
    ((departments,),) = await desk.world.rows("SELECT count(*) FROM department_channel WHERE enabled")
    others = 200 + 3 * int(str(departments))
    assert await limits() == [{"max-connections": 3, "max-channels": 50}, {"max-connections": others}]
    monkeypatch.setenv("SHANGLIANG_AGENCY_CHANNELS", "7")
    await desk.done("topology")
    assert await limits() == [{"max-connections": 3, "max-channels": 7}, {"max-connections": others}]


async def test_department_is_added_given_a_new_password_disabled_and_added_again(desk: Desk) -> None:
    first = await desk.done("agency", "add", desk.code)
    assert await opens(desk, first)
    assert await channel(desk)
    assert f"agency.{desk.code}.inbox" in await names(desk.amqp, "queues")
    assert "already" in await desk.refused("agency", "add", desk.code)
    second = await desk.done("agency", "rotate", desk.code)
    assert [await opens(desk, password) for password in (first, second)] == [False, True]
    assert await desk.done("agency", "disable", desk.code) == ""
    assert not await opens(desk, second)
    assert not await channel(desk)
    assert f"agency.{desk.code}.inbox" in await names(desk.amqp, "queues")
    disabled = f"The channel of {desk.code} is disabled; enable it first."
    assert await desk.refused("agency", "test", desk.code) == disabled
    assert "add it first" in await desk.refused("agency", "rotate", desk.code)
    third = await desk.done("agency", "add", desk.code)
    assert [await opens(desk, password) for password in (second, third)] == [False, True]
    assert await channel(desk)


async def test_account_needs_a_department_of_the_registry(desk: Desk) -> None:
    for verb in ("add", "rotate", "disable", "test"):
        assert await desk.refused("agency", verb, "nobody") == "No department nobody exists."
    administrator = desk.amqp.url.split("//")[1].split(":")[0]
    assert "no department's" in await desk.refused("agency", "add", administrator)


async def test_account_needs_the_management_api(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SHANGLIANG_RABBITMQ_API_URL")
    assert "SHANGLIANG_RABBITMQ_API_URL" in await desk.refused("agency", "add", desk.code)
    assert not await channel(desk)


async def test_definitions_hold_hashes_of_those_that_are_named(desk: Desk, tmp_path: Path) -> None:
    document = json.loads(await desk.done("agency", "definitions"))
    assert document["users"] == []
    assert [one["user"] for one in document["permissions"]] == ["qinshui-court", "qinshui-forestry", "qinshui-power"]
    assert "--out" in await desk.refused("agency", "definitions", "--account", COURT)
    file = tmp_path / "definitions.json"
    printed = await desk.done("agency", "definitions", "--out", str(file), "--account", COURT)
    code, password = printed.split()
    assert (code, file.stat().st_mode & 0o777) == (COURT, 0o600)
    assert password not in file.read_text()
    (user,) = json.loads(file.read_text())["users"]
    assert (user["name"], user["tags"], len(user["password_hash"])) == (COURT, "", 48)


async def answer(desk: Desk, password: str) -> None:
    """Be the department: answer the next event by `received`."""
    url = address(desk.amqp, desk.code, password)
    connection = await aio_pika.connect(url)
    async with connection:
        exchange = await (await connection.channel()).get_exchange(REPLIES, ensure=False)
        async for event in listen(url, desk.code):
            reply = {
                "specversion": "1.0", "id": "r1", "source": "/archive", "type": "cn.shangliang.reply.received.v1",
                "causationid": event.body["id"],
            }  # fmt: skip
            message = aio_pika.Message(json.dumps(reply).encode(), user_id=desk.code)
            await exchange.publish(message, f"{desk.code}.reply.received")
            await asyncio.sleep(60)


async def test_a_try_of_the_channel_ends_with_the_departments_answer(desk: Desk) -> None:
    password = await desk.done("agency", "add", desk.code)
    async with relay(desk.world.db, desk.world.url, desk.amqp.url), intake(desk.world.db, desk.amqp.url):
        department = asyncio.create_task(answer(desk, password))
        result = await desk.run("agency", "test", desk.code, "--timeout", "30")
        department.cancel()
        await asyncio.gather(department, return_exceptions=True)
    assert result.exit_code == 0
    said = [line.partition("] ")[2] for line in result.stderr.splitlines()]
    assert (said[0].startswith("written as "), said[-1]) == (True, f"{desk.code} answered received")
    assert await desk.world.rows("SELECT status, receipt FROM delivery") == [("CONFIRMED", "RECEIVED")]


async def test_a_try_without_an_answer_says_what_lacks(desk: Desk) -> None:
    await desk.done("agency", "add", desk.code)
    assert "no relay has taken it" in await desk.refused("agency", "test", desk.code, "--timeout", "1")
    async with relay(desk.world.db, desk.world.url, desk.amqp.url):
        assert "has not answered" in await desk.refused("agency", "test", desk.code, "--timeout", "4")


async def ended(process: asyncio.subprocess.Process) -> tuple[int, str]:
    """Tell a process to end; return its status and what it said."""
    process.terminate()
    _, said = await asyncio.wait_for(process.communicate(), 30)
    return int(process.returncode or 0), said.decode()


async def test_relay_and_intake_run_with_accounts_of_their_own(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    own = {name: f"{name}-{desk.code}" for name in ("relay", "intake")}
    for name, account in own.items():
        monkeypatch.setenv(f"SHANGLIANG_{name.upper()}_AMQP_URL", address(desk.amqp, account, new_password()))
    processes = [
        await asyncio.create_subprocess_exec(sys.executable, "-m", "deploy", name, stderr=asyncio.subprocess.PIPE)
        for name in own
    ]
    try:
        password = await desk.done("agency", "add", desk.code)
        department = asyncio.create_task(answer(desk, password))
        await desk.done("agency", "test", desk.code, "--timeout", "40")
        department.cancel()
        await asyncio.gather(department, return_exceptions=True)
    finally:
        ends = [await ended(process) for process in processes]
        async with open_management(desk.amqp.api_url, desk.amqp.url) as management:
            for account in own.values():
                await management.delete_account(account)
    assert [status for status, _said in ends] == [0, 0]
    assert [password in said or "Traceback" in said for _status, said in ends] == [False, False]


async def parked(desk: Desk) -> str:
    """Return the id of a parked notice."""
    await desk.world.announce(COURT)
    await desk.world.run("UPDATE delivery SET status = 'PARKED', attempts = 1, last_error = '过大'")
    ((notice_id,),) = await desk.world.rows("SELECT id FROM delivery")
    return str(notice_id)


async def shown(desk: Desk, notice: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(await desk.done("deliveries", "show", notice))
    return found


async def test_parked_notice_is_found_retried_and_skipped(desk: Desk) -> None:
    notice = await parked(desk)
    (line,) = (await desk.done("deliveries", "list", "--status", "PARKED", "--department", COURT)).splitlines()
    assert re.fullmatch(
        rf"{notice}  \d{{4}}-\d\d-\d\d \d\d:\d\d:\d\d\+08:00  PARKED    -           "
        rf"{COURT} #1 topic\.listed T140521-2024-0000",
        line,
    )
    assert (await shown(desk, f"notice_{notice}"))["last_error"] == "过大"
    await desk.done("deliveries", "retry", notice)
    assert (await shown(desk, notice))["status"] == "PENDING"
    assert "cannot retry" in await desk.refused("deliveries", "retry", notice)
    assert "1 to 500" in await desk.refused("deliveries", "skip", notice, "--reason", " ")
    await desk.done("deliveries", "skip", notice, "--reason", "内容过大")
    entry = await shown(desk, notice)
    assert (entry["status"], entry["skip_reason"]) == ("SKIPPED", "内容过大")
    assert entry["skipped_by"].startswith("cli:")
    assert await desk.done("deliveries", "list", "--status", "PARKED") == ""


async def test_log_is_narrowed_by_event_and_time_and_replayed(desk: Desk) -> None:
    events = [await desk.world.announce(COURT, "qinshui-power") for _ in range(3)]
    for day, event in enumerate(events, start=1):
        await desk.world.run(f"UPDATE event SET occurred_at = '2026-01-0{day}T00:00:00+08:00' WHERE id = '{event}'")
    await desk.world.run("UPDATE delivery SET status = 'CONFIRMED', confirmed_at = now()")
    for options, count in (
        ((), 6),
        (("--limit", "4"), 4),
        (("--event", events[0]), 2),
        (("--event", f"event_{events[0]}", "--department", COURT), 1),
        (("--since", "2026-01-02"), 4),
        (("--until", "2026-01-02"), 2),
        (("--since", "2026-01-02", "--until", "2026-01-01T17:00:00Z"), 2),
    ):
        assert len((await desk.done("deliveries", "list", *options)).splitlines()) == count, options
    await desk.done("deliveries", "replay", "--department", COURT, "--since", "2026-01-03")
    await desk.done("deliveries", "replay", "--department", COURT, "--event", events[0])
    assert await desk.world.rows(
        "SELECT delivery.sequence, replays FROM delivery WHERE status = 'PENDING' ORDER BY sequence"
    ) == [(1, 1), (3, 1)]
    await desk.done("deliveries", "replay", "--department", "qinshui-power")
    assert await desk.world.rows("SELECT count(*) FROM delivery WHERE status = 'PENDING'") == [(5,)]
    assert "not a time" in await desk.refused("deliveries", "list", "--since", "yesterday")
    assert "not an id" in await desk.refused("deliveries", "show", "7")
    assert "exists" in await desk.refused("deliveries", "show", str(uuid4()))


async def test_pruning_takes_the_days_of_the_settings_or_of_the_option(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    await desk.world.announce(COURT)
    await desk.world.run(
        "UPDATE delivery SET status = 'SKIPPED', skipped_at = now() - interval '20 days', skip_reason = '重复'"
    )
    await desk.world.run("UPDATE event SET occurred_at = now() - interval '20 days'")
    await desk.done("deliveries", "prune")
    assert await desk.world.rows("SELECT count(*) FROM event") == [(1,)]
    monkeypatch.setenv("SHANGLIANG_RETENTION_DAYS", "21")
    await desk.done("deliveries", "prune")
    assert await desk.world.rows("SELECT count(*) FROM event") == [(1,)]
    await desk.done("deliveries", "prune", "--days", "19")
    assert await desk.world.rows("SELECT count(*) FROM event") == [(0,)]
