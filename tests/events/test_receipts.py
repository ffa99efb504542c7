from typing import Any
from uuid import UUID

import pytest

from events.names import REJECTED_INBOX
from services.core.act import Act
from services.core.clock import SystemClock
from services.outcomes.commands import assign_commitment, record_outcome
from services.outcomes.verdicts import dispute_commitment
from services.outcomes.work import accept_commitment, complete_commitment
from services.topics.evidence import EvidenceGiven
from tests.events.tools import account, depth, intake, reply, send, take_messages, until
from tests.servers import BrokerAddress
from tests.world import ACTOR, World

COURT = "qinshui-court"
ADDRESS = "https://court.example.org/1"


@pytest.fixture
async def assigned(world: World) -> str:
    """The event by which a department was told of its commitment."""
    await world.run("UPDATE topic SET status = 'DELIBERATED'")
    facts: dict[str, Any] = {"session_id": None, "agreement": "补植", "reached_on": None, "expected_version": None}
    async with world.db.write() as tx:
        by = Act(tx, ACTOR, SystemClock())
        outcome = await record_outcome(by, topic_id=world.topics[0].id, **facts)
        await assign_commitment(by, outcome_id=outcome, department=COURT, task="勘界", due_on=None)
    ((event_id,),) = await world.rows("SELECT id::text FROM event WHERE type = 'commitment.assigned'")
    return str(event_id)


async def answer(amqp_url: str, event_id: str, verb: str, **data: str) -> None:
    await send(amqp_url, f"{COURT}.reply.{verb}", reply(verb, event_id, data=data), COURT)


async def status(world: World) -> object:
    ((found,),) = await world.rows("SELECT status FROM commitment")
    return found


async def only(world: World) -> UUID:
    ((found,),) = await world.rows("SELECT id FROM commitment")
    return UUID(str(found))


async def test_replies_move_the_commitment_with_reports_and_evidence(
    world: World, declared: BrokerAddress, assigned: str
) -> None:
    url = await account(declared, COURT)

    async def moved(to: str) -> None:
        async def done() -> bool:
            return await status(world) == to

        await until(done)

    async with intake(world.db, declared.url):
        await answer(url, assigned, "received")
        await answer(url, assigned, "accepted")
        await moved("ACCEPTED")
        await answer(url, assigned, "progress", note="已现场勘界")
        await moved("IN_PROGRESS")
        await answer(url, assigned, "progress")
        await answer(url, assigned, "progress", note="已公示")
        await answer(url, assigned, "completed", note="已办结", evidence_url=ADDRESS)
        await moved("DONE")
    assert await world.rows("SELECT note, percent FROM progress ORDER BY at") == [
        ("已现场勘界", None),
        ("已公示", None),
    ]
    evidence = "SELECT url, evidence.note, commitment_id = commitment.id FROM evidence, commitment"
    assert await world.rows(evidence) == [(ADDRESS, "已办结", True)]
    assert await world.rows("SELECT type, actor FROM event WHERE type LIKE 'commitment.%' ORDER BY occurred_at") == [
        ("commitment.assigned", ACTOR.subject),
        ("commitment.accepted", f"department:{COURT}"),
        *[("commitment.progressed", f"department:{COURT}")] * 3,
        ("commitment.completed", f"department:{COURT}"),
    ]


async def test_declined_commitment_is_declined(world: World, declared: BrokerAddress, assigned: str) -> None:
    url = await account(declared, COURT)

    async def declined() -> bool:
        return await status(world) == "DECLINED"

    async with intake(world.db, declared.url):
        await answer(url, assigned, "received")
        await answer(url, assigned, "declined", note="属林业部门职责")
        await until(declined)
    assert await world.rows("SELECT note, percent FROM progress") == [("属林业部门职责", None)]


async def test_reply_that_contradicts_what_the_commitment_is_is_refused_as_a_whole(
    world: World, declared: BrokerAddress, assigned: str
) -> None:
    url = await account(declared, COURT)
    await world.run("UPDATE commitment SET status = 'VERIFIED'")
    async with intake(world.db, declared.url):
        await answer(url, assigned, "received")
        await answer(url, assigned, "declined", note="属林业部门职责")
        (message,) = await take_messages(declared.url, REJECTED_INBOX, 1)
    reason = "A commitment in state VERIFIED cannot decline; this is possible from: ASSIGNED."
    assert message.headers["x-reason"] == reason
    assert await status(world) == "VERIFIED"
    receipts = "SELECT receipt FROM delivery JOIN event ON event.id = event_id WHERE type = 'commitment.assigned'"
    assert await world.rows(receipts) == [("RECEIVED",)]
    assert await world.rows("SELECT count(*) FROM inbox_message") == [(1,)]


async def test_reply_about_something_else_moves_no_commitment(
    world: World, declared: BrokerAddress, assigned: str
) -> None:
    event_id = await world.announce(COURT)
    url = await account(declared, COURT)

    async def accepted() -> bool:
        return await world.rows("SELECT count(*) FROM delivery WHERE receipt = 'ACCEPTED'") == [(1,)]

    async with intake(world.db, declared.url):
        await answer(url, event_id, "received")
        await answer(url, event_id, "accepted")
        await until(accepted)
    assert assigned != event_id
    assert await status(world) == "ASSIGNED"


RECEIPTS = """SELECT event.type, receipt, receipt_note FROM delivery JOIN event ON event.id = event_id
WHERE event.type LIKE 'commitment.%' ORDER BY event.id"""


async def test_department_goes_on_by_replies_where_staff_has_accepted_for_it(
    world: World, declared: BrokerAddress, assigned: str
) -> None:
    url = await account(declared, COURT)
    async with world.db.write() as tx:
        await accept_commitment(Act(tx, ACTOR, SystemClock()), commitment_id=await only(world))

    async def done() -> bool:
        return await status(world) == "DONE"

    async with intake(world.db, declared.url):
        await answer(url, assigned, "received")
        await answer(url, assigned, "accepted")
        await answer(url, assigned, "progress", note="已现场勘界")
        await answer(url, assigned, "completed", evidence_url=ADDRESS)
        await until(done)
    assert await depth(declared.url, REJECTED_INBOX) == 0
    assert await world.rows(RECEIPTS) == [("commitment.assigned", "COMPLETED", None)]
    assert await world.rows("SELECT type FROM event WHERE type LIKE 'commitment.%' ORDER BY id") == [
        ("commitment.assigned",), ("commitment.accepted",), ("commitment.progressed",), ("commitment.completed",)
    ]  # fmt: skip


async def test_department_says_done_what_staff_has_called_done_for_it(
    world: World, declared: BrokerAddress, assigned: str
) -> None:
    url = await account(declared, COURT)
    async with world.db.write() as tx:
        by, key = Act(tx, ACTOR, SystemClock()), await only(world)
        await accept_commitment(by, commitment_id=key)
        await complete_commitment(by, commitment_id=key, evidence=[EvidenceGiven(ADDRESS)])

    async def completed() -> bool:
        return await world.rows(RECEIPTS) == [("commitment.assigned", "COMPLETED", "已办结")]

    async with intake(world.db, declared.url):
        for verb in ("received", "accepted", "progress"):
            await answer(url, assigned, verb)
        await answer(url, assigned, "completed", note="已办结")
        await until(completed)
    assert (await status(world), await depth(declared.url, REJECTED_INBOX)) == ("DONE", 0)


@pytest.mark.parametrize("answered", ["commitment.assigned", "commitment.disputed"])
async def test_progress_takes_a_disputed_commitment_up_again_at_once(
    world: World, declared: BrokerAddress, assigned: str, answered: str
) -> None:
    url = await account(declared, COURT)

    async def reached(state: str) -> None:
        async def there() -> bool:
            return await status(world) == state

        await until(there)

    async with intake(world.db, declared.url):
        for verb in ("received", "accepted", "completed"):
            await answer(url, assigned, verb)
        await reached("DONE")
        async with world.db.write() as tx:
            by, key = Act(tx, ACTOR, SystemClock()), await only(world)
            await dispute_commitment(by, commitment_id=key, reason="界桩不全")
        ((disputed,),) = await world.rows("SELECT id::text FROM event WHERE type = 'commitment.disputed'")
        await answer(url, str(disputed), "received")
        event_id = assigned if answered == "commitment.assigned" else str(disputed)
        await answer(url, event_id, "progress", note="补立界桩")
        await reached("IN_PROGRESS")
        await answer(url, event_id, "completed", evidence_url=ADDRESS)
        await reached("DONE")
    assert await depth(declared.url, REJECTED_INBOX) == 0


async def test_disputed_commitment_is_taken_up_again_by_replies(
    world: World, declared: BrokerAddress, assigned: str
) -> None:
    url = await account(declared, COURT)
    await world.run("UPDATE commitment SET status = 'DONE'")
    async with world.db.write() as tx:
        by, key = Act(tx, ACTOR, SystemClock()), await only(world)
        await dispute_commitment(by, commitment_id=key, reason="界桩不全")
    ((event_id,),) = await world.rows("SELECT id::text FROM event WHERE type = 'commitment.disputed'")
    disputed = str(event_id)
    assert disputed != assigned

    async def done() -> bool:
        return await status(world) == "DONE"

    async with intake(world.db, declared.url):
        await answer(url, disputed, "received")
        await answer(url, disputed, "accepted")
        await answer(url, disputed, "completed")
        (message,) = await take_messages(declared.url, REJECTED_INBOX, 1)
        reason = "A commitment in state DISPUTED cannot complete; this is possible from: ACCEPTED, IN_PROGRESS."
        assert message.headers["x-reason"] == reason
        await answer(url, disputed, "progress", note="补立界桩")
        await answer(url, disputed, "completed", evidence_url=ADDRESS)
        await until(done)
    assert await world.rows("SELECT note FROM progress") == [("补立界桩",)]
    assert await world.rows("SELECT url FROM evidence") == [(ADDRESS,)]
