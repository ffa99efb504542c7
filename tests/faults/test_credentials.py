"""Accounts that are wrong, rotated, deleted or made again under those who use them: all is said, nothing is lost."""

import logging
from collections.abc import AsyncIterator, Sequence
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy.engine import make_url
from structlog.testing import capture_logs
from structlog.typing import EventDict

from events.accounts import add_account, remove_account, rotate_account
from events.management import Management, open_management
from events.names import inbox, replies
from events.passwords import new_password, password_hash
from events.permissions import Rights, intake_rights, relay_rights
from services.core.act import Act
from services.core.clock import SystemClock
from services.departments.commands import disable_channel, enable_channel
from tests.events.test_kit import Heard, consuming, end_connection
from tests.events.tools import account, declare, depth, intake, relay, reply, send, take, until
from tests.servers import LIMITS, BrokerAddress
from tests.world import ACTOR, World

COURT = "qinshui-court"
DIARY = "shangliang.kit"
BROKER = [("unavailable", "broker"), ("available again", "broker")]


def address(amqp: BrokerAddress, name: str, password: str) -> str:
    return make_url(amqp.url).set(username=name, password=password).render_as_string(hide_password=False)


@pytest.fixture
async def management(amqp: BrokerAddress) -> AsyncIterator[Management]:
    async with open_management(amqp.api_url, amqp.url) as management:
        yield management


@pytest.fixture
async def name(management: Management) -> AsyncIterator[str]:
    """A name that no other test's account has; the account is gone afterwards."""
    name = f"court-{uuid4().hex[:8]}"
    yield name
    if name in await management.accounts():
        await management.delete_account(name)


@pytest.fixture
async def code(world: World, amqp: BrokerAddress, name: str) -> str:
    """The code of the court, whose account is its own, with its queues."""
    await world.run(f"UPDATE department SET code = '{name}' WHERE code = '{COURT}'")
    world.departments[name] = world.departments.pop(COURT)
    await declare(world.db, amqp)
    return name


async def make(management: Management, rights: Rights, password: str) -> None:
    """Make an account of the installation, or give it a new password."""
    await management.put_account(rights.account, password_hash(password))
    await management.permit([rights])


def said(logs: Sequence[EventDict]) -> list[tuple[str, str]]:
    """Return what was said of outages."""
    return [(entry["event"], entry["what"]) for entry in logs if "what" in entry]


async def pending(world: World, count: int) -> bool:
    return await world.rows("SELECT count(*) FROM delivery WHERE status = 'PENDING'") == [(count,)]


async def test_relay_with_a_wrong_password_says_so_and_delivers_when_it_is_right(
    world: World, declared: BrokerAddress, management: Management, name: str
) -> None:
    await make(management, relay_rights(name), new_password())
    password = new_password()
    with capture_logs() as logs:
        async with relay(world.db, world.url, address(declared, name, password)):
            sent = [await world.announce(COURT, topic=number % 2) for number in range(4)]
            await until(lambda: any_said(logs))
            assert await depth(declared.url, inbox(COURT)) == 0
            assert await world.rows("SELECT DISTINCT status, attempts FROM delivery") == [("PENDING", 0)]
            await make(management, relay_rights(name), password)
            events = await take(declared.url, COURT, 4)
            await until(lambda: pending(world, 0))
    assert sorted(event["id"] for event in events) == sorted(sent)
    assert [event["id"] for event in events if event["id"] in sent[0::2]] == sent[0::2]
    assert said(logs) == BROKER
    assert "ACCESS_REFUSED" in str(logs[0]["error"])
    assert password not in str(logs)


async def any_said(logs: Sequence[EventDict]) -> bool:
    return bool(said(logs))


async def test_relay_whose_account_is_deleted_says_so_and_goes_on_when_it_is_made_again(
    world: World, declared: BrokerAddress, management: Management, name: str
) -> None:
    password = new_password()
    await make(management, relay_rights(name), password)
    with capture_logs() as logs:
        async with relay(world.db, world.url, address(declared, name, password)):
            sent = [await world.announce(COURT)]
            assert [event["id"] for event in await take(declared.url, COURT, 1)] == sent
            await until(lambda: pending(world, 0))
            await management.delete_account(name)
            sent += [await world.announce(COURT) for _ in range(3)]
            await until(lambda: any_said(logs))
            await make(management, relay_rights(name), password)
            await until(lambda: pending(world, 0))
    queued = await depth(declared.url, inbox(COURT))
    ids = [event["id"] for event in await take(declared.url, COURT, queued)]
    assert list(dict.fromkeys(ids)) == sent[1:]
    assert said(logs) == BROKER


async def test_intake_whose_account_is_deleted_takes_all_replies_in_when_it_is_made_again(
    world: World, declared: BrokerAddress, management: Management, name: str
) -> None:
    password = new_password()
    await make(management, intake_rights(name), password)
    event_id = await world.announce(COURT)
    url = await account(declared, COURT)

    async def receipt(wanted: str) -> bool:
        return await world.rows("SELECT receipt FROM delivery") == [(wanted,)]

    with capture_logs() as logs:
        async with intake(world.db, address(declared, name, password)):
            await send(url, f"{COURT}.reply.received", reply("received", event_id), COURT)
            await until(lambda: receipt("RECEIVED"))
            await management.delete_account(name)
            await until(lambda: any_said(logs))
            for verb in ("accepted", "completed"):
                await send(url, f"{COURT}.reply.{verb}", reply(verb, event_id), COURT)
            assert await depth(declared.url, replies(COURT)) == 2
            await make(management, intake_rights(name), password)
            await until(lambda: receipt("COMPLETED"))
    assert said(logs) == BROKER
    assert await world.rows("SELECT count(*) FROM inbox_message") == [(3,)]


async def test_rotated_account_is_served_until_its_connection_ends_and_then_with_the_new_password(
    world: World,
    amqp: BrokerAddress,
    management: Management,
    code: str,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.INFO, DIARY)
    old, heard, again = address(amqp, code, await add_account(management, code, LIMITS)), Heard(), Heard()
    async with relay(world.db, world.url, amqp.url):
        async with consuming(old, heard, tmp_path / "store"):
            sent = [await world.announce(code)]
            await heard.until(1)
            new = address(amqp, code, await rotate_account(management, code, LIMITS))
            sent.append(await world.announce(code))
            await heard.until(2)
            await end_connection(amqp, code)
            await until(lambda: refused(caplog))
            sent.append(await world.announce(code))
            await until(lambda: pending(world, 0))
            assert heard.ids == sent[:2]
        async with consuming(new, again, tmp_path / "store"):
            await again.until(1)
    assert [*heard.ids, *again.ids] == sent
    assert await depth(amqp.url, inbox(code)) == 0


async def refused(caplog: pytest.LogCaptureFixture) -> bool:
    """Tell whether the department's own log says why it gets nothing."""
    return any("out of reach" in one.getMessage() and "ACCESS_REFUSED" in one.getMessage() for one in caplog.records)


async def test_disabled_department_gets_all_of_it_when_it_is_added_again(
    world: World,
    amqp: BrokerAddress,
    management: Management,
    code: str,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
) -> None:
    old, heard, again = address(amqp, code, await add_account(management, code, LIMITS)), Heard(), Heard()
    async with relay(world.db, world.url, amqp.url):
        async with consuming(old, heard, tmp_path / "store"):
            sent = [await world.announce(code, topic=number % 2) for number in range(4)]
            await heard.until(4)
            async with world.db.write() as tx:
                await disable_channel(Act(tx, ACTOR, SystemClock()), department=code)
            assert await remove_account(management, code)
            sent += [await world.announce(code, "qinshui-power", topic=number % 2) for number in range(4)]
            await take(amqp.url, "qinshui-power", 4)
            await until(lambda: pending(world, 4))
            await until(lambda: refused(caplog))
        async with world.db.write() as tx:
            await enable_channel(Act(tx, ACTOR, SystemClock()), department=code)
        new = address(amqp, code, await add_account(management, code, LIMITS))
        async with consuming(new, again, tmp_path / "store"):
            await again.until(4)
            await until(lambda: pending(world, 0))
    for first in (0, 1):
        assert [id_ for id_ in (*heard.ids, *again.ids) if id_ in sent[first::2]] == sent[first::2]
    assert [event.sequence for event in again.events if event.id in sent[0::2]] == [3, 4]
