import asyncio
import json
from typing import Any
from uuid import uuid4

import pytest
from structlog.testing import capture_logs

from events.names import REJECTED_INBOX, REPLIES_INBOX, inbox, parked, replies
from tests.events.tools import (
    account,
    consumers,
    declare,
    delete_queue,
    depth,
    intake,
    relay,
    reply,
    send,
    take_messages,
    until,
)
from tests.servers import BrokerAddress
from tests.world import World

COURT = "qinshui-court"
ASKED = """
SELECT delivery.* FROM delivery JOIN event ON event.id = delivery.event_id WHERE event.type <> 'reply.rejected'
"""
RECEIPT = "SELECT receipt, receipt_note, receipt_evidence_url FROM delivery"


async def receipt(world: World) -> object:
    ((found,),) = await world.rows(f"SELECT receipt FROM ({ASKED}) AS asked")
    return found


async def test_replies_move_the_receipt_and_a_repeated_one_counts_once(world: World, declared: BrokerAddress) -> None:
    event_id = await world.announce(COURT)
    url = await account(declared, COURT)
    evidence = {"note": "已修", "evidence_url": "https://court.example.org/1"}
    received, done = reply("received", event_id), reply("completed", event_id, data=evidence)
    async with intake(world.db, declared.url):
        for verb, body in (
            ("received", received),
            ("received", received),
            ("accepted", reply("accepted", event_id)),
            ("progress", reply("progress", event_id)),
            ("progress", reply("progress", event_id)),
            ("completed", done),
        ):
            await send(url, f"{COURT}.reply.{verb}", body, COURT)
        await until(lambda: completed(world))
    assert await world.rows(RECEIPT) == [("COMPLETED", "已修", "https://court.example.org/1")]
    assert await world.rows("SELECT count(*) FROM inbox_message") == [(5,)]
    assert await depth(declared.url, replies(COURT)) == 0
    assert await depth(declared.url, REJECTED_INBOX) == 0


async def completed(world: World) -> bool:
    return await receipt(world) == "COMPLETED"


@pytest.mark.parametrize(
    ("key", "user_id", "changed", "reason"),
    [
        (f"{COURT}.reply.received", None, {}, "user_id is not set"),
        ("qinshui-power.reply.received", COURT, {}, "does not begin with the sender's account"),
        (f"{COURT}.reply.accepted", COURT, {}, "does not end in the type's"),
        (f"{COURT}.reply.received", COURT, {"causationid": None}, "causationid"),
        (f"{COURT}.reply.received", COURT, {"causationid": str(uuid4())}, "was not addressed to this department"),
        (f"{COURT}.reply.received", COURT, {"specversion": "0.3"}, "specversion"),
        (f"{COURT}.reply.received", COURT, {"source": ""}, "source"),
        (f"{COURT}.reply.received", COURT, {"type": "x" * 60_000}, "type: String should have at most"),
        (f"{COURT}.reply.received", COURT, {"id": "\u0000"}, "cannot be stored"),
        (f"{COURT}.reply.accepted", COURT, {"type": "cn.shangliang.reply.accepted.v1"}, "cannot follow no receipt"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
async def test_bad_reply_is_kept_with_its_reason_and_changes_nothing(
    world: World, declared: BrokerAddress, key: str, user_id: str | None, changed: dict[str, Any], reason: str
) -> None:
    event_id = await world.announce(COURT)
    sender = await account(declared, COURT) if user_id else declared.url
    body = json.dumps({**json.loads(reply("received", event_id)), **changed}, ensure_ascii=False).encode()
    async with intake(world.db, declared.url):
        await send(sender, key, body, user_id)
        (message,) = await take_messages(declared.url, REJECTED_INBOX, 1)
        await until(lambda: emptied(declared, replies(key.partition(".")[0])))
    assert reason in str(message.headers["x-reason"])
    assert (message.body, message.routing_key, message.headers["x-sender"]) == (body, key, user_id or "")
    assert await receipt(world) is None
    assert await world.rows("SELECT count(*) FROM inbox_message") == [(0,)]


async def emptied(amqp: BrokerAddress, queue_name: str) -> bool:
    return await depth(amqp.url, queue_name) == 0


async def test_bad_reply_waits_while_nothing_keeps_rejected_ones(world: World, declared: BrokerAddress) -> None:
    url = await account(declared, COURT)
    for name in (REJECTED_INBOX, parked(COURT)):
        await delete_queue(declared.url, name)
    async with intake(world.db, declared.url):
        await send(url, f"{COURT}.reply.received", b"not JSON", COURT)
        await asyncio.sleep(2)
    assert await depth(declared.url, replies(COURT)) == 1


async def test_idle_intake_keeps_its_connection(world: World, declared: BrokerAddress) -> None:
    event_id = await world.announce(COURT)
    url = await account(declared, COURT)
    with capture_logs() as logs:
        async with intake(world.db, declared.url):
            await asyncio.sleep(3)
            await send(url, f"{COURT}.reply.received", reply("received", event_id), COURT)
            await until(lambda: received(world))
    assert [entry["event"] for entry in logs] == ["reply"]


async def received(world: World) -> bool:
    return await receipt(world) == "RECEIVED"


async def test_intake_goes_on_when_its_queue_was_made_anew(
    world: World, declared: BrokerAddress, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("events.intake.RENEW_S", 2.0)  # the broker may not tell a consumer that has just begun
    event_id = await world.announce(COURT)
    url = await account(declared, COURT)
    async with intake(world.db, declared.url):
        await until(lambda: consumed(declared))
        await delete_queue(declared.url, replies(COURT))
        await declare(world.db, declared)
        await send(url, f"{COURT}.reply.received", reply("received", event_id), COURT)
        await until(lambda: received(world))


async def consumed(amqp: BrokerAddress) -> bool:
    return await consumers(amqp.url, replies(COURT)) == 1


REJECTIONS = """
SELECT event.data, department.code, event.subject, event.topic_id FROM delivery
JOIN event ON event.id = delivery.event_id JOIN department ON department.id = delivery.department_id
WHERE event.type = 'reply.rejected' ORDER BY event.id
"""


async def test_department_is_told_of_its_refused_reply(world: World, declared: BrokerAddress) -> None:
    event_id = await world.announce(COURT, "qinshui-power")
    url = await account(declared, COURT)
    async with intake(world.db, declared.url):
        await send(url, f"{COURT}.reply.accepted", reply("accepted", event_id, id="reply-1"), COURT)
        await take_messages(declared.url, REJECTED_INBOX, 1)
        await until(lambda: emptied(declared, replies(COURT)))
    reason = "'accepted' cannot follow no receipt; possible: received."
    told = {
        "reply_id": "reply-1", "verb": "accepted", "event_id": event_id, "code": "REPLY_REFUSED",
        "reason": reason,
    }  # fmt: skip
    ((data, *about),) = await world.rows(REJECTIONS)
    assert data.pop("message_id")  # type: ignore[attr-defined]
    assert [data, *about] == [told, COURT, None, None]


async def test_department_that_the_key_names_is_told_of_its_reply_without_user_id(
    world: World, declared: BrokerAddress
) -> None:
    event_id = await world.announce(COURT)
    url = await account(declared, COURT)
    async with intake(world.db, declared.url):
        await send(url, f"{COURT}.reply.received", reply("received", event_id, id="reply-1"))
        await take_messages(declared.url, REJECTED_INBOX, 1)
        await until(lambda: refused(world, 1))
    ((told, code, _, _),) = await world.rows(REJECTIONS)
    assert (told["reply_id"], told["event_id"], told["code"]) == ("reply-1", event_id, "BAD_REPLY")  # type: ignore[index]
    assert (told["reason"], code) == ("user_id is not set: the broker cannot vouch for the sender.", COURT)  # type: ignore[index]
    assert await receipt(world) is None


@pytest.mark.parametrize("key", ["nobody.reply.accepted", "reply", "", "\u0000"])
async def test_nobody_is_told_of_a_reply_that_names_no_department(
    world: World, declared: BrokerAddress, key: str
) -> None:
    event_id = await world.announce(COURT)
    async with intake(world.db, declared.url):
        await send(declared.url, key, reply("accepted", event_id))
        await take_messages(declared.url, REJECTED_INBOX, 1)
        await until(lambda: emptied(declared, REPLIES_INBOX))
    assert await world.rows(REJECTIONS) == []


async def test_refusal_is_sent_with_the_event_that_the_reply_answered(world: World, declared: BrokerAddress) -> None:
    url = await account(declared, COURT)
    async with relay(world.db, world.url, declared.url), intake(world.db, declared.url):
        event_id = await world.announce(COURT)
        await send(url, f"{COURT}.reply.accepted", reply("accepted", event_id, id="reply-1"), COURT)
        asked, told = await take_messages(declared.url, inbox(COURT), 2)
    event = json.loads(told.body)
    assert (json.loads(asked.body)["id"], event["type"]) == (event_id, "cn.shangliang.reply.rejected.v1")
    assert (told.correlation_id, event["causationid"], event["data"]["event_id"]) == (event_id,) * 3
    assert event["data"]["reply_id"] == "reply-1"


async def test_id_that_is_used_again_for_another_reply_is_refused(world: World, declared: BrokerAddress) -> None:
    event_id = await world.announce(COURT)
    url = await account(declared, COURT)
    again = reply("progress", event_id, id="1", data={"note": "已现场勘界"})
    async with intake(world.db, declared.url):
        await send(url, f"{COURT}.reply.received", reply("received", event_id), COURT)
        await send(url, f"{COURT}.reply.accepted", reply("accepted", event_id, id="1"), COURT)
        await send(url, f"{COURT}.reply.progress", again, COURT)
        (message,) = await take_messages(declared.url, REJECTED_INBOX, 1)
        assert await receipt(world) == "ACCEPTED"
        await send(
            url, f"{COURT}.reply.accepted", reply("accepted", event_id, id="1", time="2026-12-01T00:00:00Z"), COURT
        )
        elsewhere = json.dumps({**json.loads(again), "source": "/qinshui-court/archive"}).encode()
        await send(url, f"{COURT}.reply.progress", elsewhere, COURT)
        await until(lambda: in_progress(world))
    assert "The id '1' was another reply's before" in str(message.headers["x-reason"])
    assert await depth(declared.url, REJECTED_INBOX) == 0
    assert await world.rows("SELECT source, message_id FROM inbox_message ORDER BY received_at OFFSET 1") == [
        ("/qinshui-court", "1"), ("/qinshui-court/archive", "1"),
    ]  # fmt: skip


async def in_progress(world: World) -> bool:
    return await receipt(world) == "IN_PROGRESS"


async def test_department_that_answers_each_refusal_wrongly_is_told_once(world: World, declared: BrokerAddress) -> None:
    event_id = await world.announce(COURT)
    url = await account(declared, COURT)
    async with intake(world.db, declared.url):
        await send(url, f"{COURT}.reply.accepted", reply("accepted", event_id), COURT)
        await until(lambda: refused(world, 1))
        ((rejection,),) = await world.rows("SELECT id::text FROM event WHERE type = 'reply.rejected'")
        await send(url, f"{COURT}.reply.accepted", reply("accepted", str(rejection)), COURT)
        await send(url, f"{COURT}.reply.accepted", reply("accepted", str(uuid4())), COURT)
        await send(url, f"{COURT}.reply.accepted", b"not JSON", COURT)
        await take_messages(declared.url, REJECTED_INBOX, 4)
        assert await refused(world, 1)
        await send(url, f"{COURT}.reply.received", reply("received", str(rejection)), COURT)
        await send(url, f"{COURT}.reply.accepted", b"not JSON", COURT)
        await until(lambda: refused(world, 2))
    assert [row[0]["code"] for row in await world.rows(REJECTIONS)] == ["REPLY_REFUSED", "BAD_REPLY"]  # type: ignore[index]


async def refused(world: World, count: int) -> bool:
    return len(await world.rows(REJECTIONS)) == count
