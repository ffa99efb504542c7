"""Replies as clients in use send them, pika, amqplib and RabbitMQ's own for Java, against the running service."""

import asyncio
import json
import sys
from base64 import b64decode, b64encode
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from events.names import REJECTED_INBOX, inbox
from services.core.act import Act
from services.core.clock import SystemClock
from services.outcomes.commands import assign_commitment, record_outcome
from services.outcomes.work import accept_commitment
from tests.events.tools import account, depth, intake, relay
from tests.java import compiled
from tests.node import installed
from tests.servers import BrokerAddress
from tests.world import ACTOR, World

HERE = Path(__file__).parent / "clients"
COURT = "qinshui-court"
ADDRESS = "https://court.example.org/1"
STRUCTURED = "application/cloudevents+json"
NOTE = {"note": "已现场勘界"}
RECEIPTS = """SELECT event.id::text, receipt, receipt_note, receipt_evidence_url FROM delivery
JOIN event ON event.id = delivery.event_id WHERE event.type <> 'reply.rejected'"""
pytestmark = pytest.mark.timeout(400)  # npm installs and javac compiles where nobody did before


def with_pika() -> list[str]:
    return [sys.executable, str(HERE / "with_pika.py")]


def with_amqplib() -> list[str]:
    return [installed(HERE / "amqplib"), str(HERE / "amqplib" / "client.js")]


def with_java() -> list[str]:
    return compiled(HERE / "Client.java")


CLIENTS: dict[str, Callable[[], list[str]]] = {"pika": with_pika, "amqplib": with_amqplib, "java": with_java}


def structured(verb: str, event_id: str, *, bom: bool = False, user_id: str | None = COURT, **members: Any) -> Any:
    """Return a reply in structured mode, to be published."""
    body = json.dumps({**attributes(verb, event_id), **members}, ensure_ascii=False)
    return sending(verb, body.encode("utf-8-sig" if bom else "utf-8"), user_id, content_type=STRUCTURED)


def binary(verb: str, event_id: str, data: Any = None, prefix: str = "cloudEvents:") -> Any:
    """Return a reply in binary mode, to be published."""
    headers = {f"{prefix}{name}": value for name, value in attributes(verb, event_id).items()}
    body = b"" if data is None else json.dumps(data).encode()
    return sending(verb, body, COURT, content_type="application/json", headers=headers)


def attributes(verb: str, event_id: str) -> dict[str, str]:
    return {
        "specversion": "1.0", "id": f"{event_id}.{verb}", "source": f"/{COURT}",
        "type": f"cn.shangliang.reply.{verb}.v1", "causationid": event_id,
    }  # fmt: skip


def sending(verb: str, body: bytes, user_id: str | None, **properties: Any) -> Any:
    named = {"user_id": user_id} if user_id else {}
    return {"key": f"{COURT}.reply.{verb}", "body": b64encode(body).decode(), **named, **properties}


async def talked(command: list[str], url: str, publish: list[Any], count: int) -> list[tuple[str | None, Any]]:
    """Let a client publish replies and take so many events of its inbox; return the events with their correlation."""
    process = await asyncio.create_subprocess_exec(
        *command, stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE
    )
    asked = {"url": url, "publish": publish, "queue": inbox(COURT), "count": count}
    try:
        out, _ = await asyncio.wait_for(process.communicate(json.dumps(asked).encode()), 90)
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    assert process.returncode == 0
    return [(one["correlation_id"], json.loads(b64decode(one["body"]))) for one in json.loads(out)]


async def assigned_and_accepted(world: World) -> str:
    """Assign a commitment that staff accepts for the court; return the event by which it was told."""
    await world.run("UPDATE topic SET status = 'DELIBERATED'")
    facts: dict[str, Any] = {"session_id": None, "agreement": "补植", "reached_on": None, "expected_version": None}
    async with world.db.write() as tx:
        by = Act(tx, ACTOR, SystemClock())
        outcome = await record_outcome(by, topic_id=world.topics[0].id, **facts)
        commitment = await assign_commitment(by, outcome_id=outcome, department=COURT, task="勘界", due_on=None)
        await accept_commitment(by, commitment_id=commitment)
    ((event_id,),) = await world.rows("SELECT id::text FROM event WHERE type = 'commitment.assigned'")
    return str(event_id)


@pytest.mark.parametrize("client", CLIENTS)
async def test_replies_of_a_client_are_taken_as_cloudevents_says_and_refused_with_what_they_answered(
    world: World, declared: BrokerAddress, client: str
) -> None:
    command, url = await asyncio.to_thread(CLIENTS[client]), await account(declared, COURT)
    work = await assigned_and_accepted(world)
    bom, null, empty_list, nothing, twice, nobody = [await world.announce(COURT) for _ in range(6)]
    noted: dict[str, Any] = {"data_base64": b64encode(json.dumps(NOTE).encode()).decode()}
    replies = [
        structured("received", work),
        structured("accepted", work),
        structured("progress", work, **noted),
        binary("completed", work, {"evidence_url": ADDRESS}),
        structured("received", bom, bom=True),
        structured("received", null, data=None),
        structured("received", empty_list, data=[]),
        binary("received", nothing, prefix="cloudEvents_"),
        structured("received", twice),
        structured("accepted", twice, id=f"{client}-1"),
        structured("progress", twice, id=f"{client}-1"),
        structured("received", nobody, user_id=None, id=f"{client}-2"),
    ]
    async with relay(world.db, world.url, declared.url), intake(world.db, declared.url):
        events = await talked(command, url, replies, 9)
    told = [(correlation, event) for correlation, event in events if event["type"].endswith("reply.rejected.v1")]
    assert [
        (correlation, event["causationid"], event["data"]["event_id"], event["data"]["reply_id"])
        for correlation, event in told
    ] == [(twice, twice, twice, f"{client}-1"), (nobody, nobody, nobody, f"{client}-2")]
    assert "another reply's before" in told[0][1]["data"]["reason"]
    assert "user_id is not set" in told[1][1]["data"]["reason"]
    assert {key: tuple(rest) for key, *rest in await world.rows(RECEIPTS)} == {
        work: ("COMPLETED", None, ADDRESS),
        **dict.fromkeys((bom, null, empty_list, nothing), ("RECEIVED", None, None)),
        twice: ("ACCEPTED", None, None),
        nobody: (None, None, None),
    }
    assert await world.rows("SELECT status FROM commitment") == [("DONE",)]
    assert await world.rows("SELECT note FROM progress") == [(NOTE["note"],)]
    assert await depth(declared.url, REJECTED_INBOX) == 2
