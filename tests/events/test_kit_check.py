"""The conformance command of the partner kit against a running broker."""

import asyncio
import sys

import aio_pika
import orjson
import pytest

from events.names import EVENTS, REJECTED_INBOX, inbox
from services.core.act import Act
from services.core.clock import SystemClock
from services.migrations.grants import Login
from services.notices.commands import send_test_notice
from services.notices.restoration import tell_restored
from tests.events.tools import account, depth, intake, relay, until
from tests.kit import ENVIRONMENT
from tests.servers import BrokerAddress
from tests.world import ACTOR, World

COURT = "qinshui-court"
LISTED = "cn.shangliang.topic.listed.v1"


async def checked(url: str, *arguments: str) -> tuple[int, list[str]]:
    """Run the command; return its exit status and what it printed."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "shangliang_kit", url, *arguments, env=ENVIRONMENT, stdout=asyncio.subprocess.PIPE
    )
    output, _ = await asyncio.wait_for(process.communicate(), 60)
    assert process.returncode is not None
    return process.returncode, output.decode().splitlines()


async def test_two_tests_show_that_every_answer_goes(world: World, declared: BrokerAddress) -> None:
    url = await account(declared, COURT)
    for _ in range(2):
        async with world.db.write() as tx:
            await send_test_notice(Act(tx, ACTOR, SystemClock()), department=COURT)

    async def answered() -> bool:
        rows = await world.rows("SELECT receipt FROM delivery ORDER BY sequence")
        return rows == [("COMPLETED",), ("DECLINED",)]

    async with relay(world.db, world.url, declared.url), intake(world.db, declared.url):
        status, lines = await checked(url, "--events", "2")
        await until(answered)
    first, second = [str(row[0]) for row in await world.rows("SELECT event_id FROM delivery ORDER BY sequence")]
    assert lines == [
        "ok    qinshui-court may log in and read its inbox",
        f"ok    cn.shangliang.system.test.v1 {first} is as the contract says",
        *(f"ok    the broker has the reply {verb}" for verb in ("received", "accepted", "progress", "completed")),
        f"ok    cn.shangliang.system.test.v1 {second} is as the contract says",
        *(f"ok    the broker has the reply {verb}" for verb in ("received", "declined")),
    ]
    assert (status, await depth(declared.url, REJECTED_INBOX)) == (0, 0)


async def test_numbers_that_a_restore_passed_over_are_no_gap(world: World, declared: BrokerAddress) -> None:
    url = await account(declared, COURT)
    async with world.acting(Login.OPERATOR) as db, db.write() as tx:
        act = Act(tx, ACTOR, SystemClock())
        await send_test_notice(act, department=COURT)
        await tell_restored(act, restored_to=act.now())
        await send_test_notice(act, department=COURT)
    async with relay(world.db, world.url, declared.url):
        status, lines = await checked(url, "--events", "3")
    assert status == 0
    assert [line for line in lines if not line.startswith("ok ")] == []


async def test_what_is_wrong_is_named(declared: BrokerAddress) -> None:
    url = await account(declared, COURT)
    good = {
        "specversion": "1.0", "id": "a", "source": "/shangliang/14", "type": LISTED,
        "time": "2026-11-23T08:38:52+00:00", "datacontenttype": "application/json", "dataschema": "https://x.example/a",
        "partitionkey": "topic_1", "sequence": "000000000004", "data": {},
    }  # fmt: skip
    bodies = [good, {**good, "id": "b", "sequence": "3", "time": ""}, "text"]
    connection = await aio_pika.connect(declared.url)
    async with connection:
        exchange = await (await connection.channel()).get_exchange(EVENTS, ensure=False)
        for body in bodies:
            message = aio_pika.Message(
                orjson.dumps(body),
                content_type="application/cloudevents+json",
                message_id="1",
                type=LISTED,
            )
            await exchange.publish(message, f"{COURT}.topic.listed")
    status, lines = await checked(url, "--events", "3", "--timeout", "3")
    faults = ["without time", "its sequence '3' has not 12 digits", "sequence 3 comes after 4"]
    assert lines[3:6] == [
        f"WRONG {LISTED} b is not as the contract says: {'; '.join(faults)}",
        "ok    the broker has the reply received",
        "WRONG a message is an event: This is not an event: string indices must be integers, not 'str'.",
    ]
    assert lines[6].startswith("WRONG all of 3 events within 3 s: 2 came, then TimeoutError")
    assert (status, await depth(declared.url, inbox(COURT))) == (1, 0)


@pytest.mark.parametrize("password", ["secret", "wrong"])
async def test_inbox_that_is_not_there_or_not_the_account_s_is_named(amqp: BrokerAddress, password: str) -> None:
    url = (await account(amqp, "nobody")).replace("secret", password)
    status, lines = await checked(url, "--timeout", "5")
    assert (status, [line[:36] for line in lines]) == (1, ["WRONG all of 1 events within 5 s: 0 "])
