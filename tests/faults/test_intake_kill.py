from events.metrics import IntakeMetrics
from events.names import REJECTED_INBOX
from services.migrations.grants import Login
from tests.events.tools import account, depth, intake, reply, send, take_messages, until
from tests.faults.programs import run_to_its_death
from tests.faults.test_bad_replies import done, ended
from tests.servers import BrokerAddress, login_url
from tests.world import World

INTAKE = "dying_intake.py"
COURT = "qinshui-court"
RECEIVED = f"{COURT}.reply.received"
TAKEN = "SELECT receipt, receipt_at FROM delivery JOIN event ON event.id = event_id WHERE type <> 'reply.rejected'"
TOLD = "SELECT count(*) FROM event WHERE type = 'reply.rejected'"


async def test_reply_that_was_committed_and_not_acknowledged_comes_again_and_counts_once(
    world: World, declared: BrokerAddress
) -> None:
    event_id = await world.announce(COURT)
    url = await account(declared, COURT)
    await send(url, RECEIVED, reply("received", event_id), COURT)
    await send(url, f"{COURT}.reply.accepted", reply("accepted", event_id), COURT)
    assert await run_to_its_death(INTAKE, login_url(world.url, Login.INTAKE), declared.url) == "taken"
    first = await world.rows(TAKEN)
    assert [row[0] for row in first] == ["RECEIVED"]
    assert await run_to_its_death(INTAKE, login_url(world.url, Login.INTAKE), declared.url) == "taken"
    assert await world.rows(TAKEN) == first
    metrics = IntakeMetrics()
    async with intake(world.db, declared.url, metrics):
        await until(lambda: done(metrics, 2))
    assert ended(metrics) == {"taken": 1, "duplicate": 1, "rejected": 0}
    assert [row[0] for row in await world.rows(TAKEN)] == ["ACCEPTED"]
    assert await world.rows("SELECT count(*) FROM inbox_message") == [(2,)]
    assert await depth(declared.url, REJECTED_INBOX) == 0


async def test_bad_reply_that_was_kept_and_not_acknowledged_is_refused_again_with_the_same_reason(
    world: World, declared: BrokerAddress
) -> None:
    event_id = await world.announce(COURT)
    url = await account(declared, COURT)
    body = reply("accepted", event_id)
    await send(url, f"{COURT}.reply.accepted", body, COURT)
    assert await run_to_its_death(INTAKE, login_url(world.url, Login.INTAKE), declared.url) == "refused"
    metrics = IntakeMetrics()
    async with intake(world.db, declared.url, metrics):
        kept = await take_messages(declared.url, REJECTED_INBOX, 2)
        await until(lambda: done(metrics, 1))
    reason = "'accepted' cannot follow no receipt; possible: received."
    assert [(message.body, message.headers["x-reason"]) for message in kept] == [(body, reason)] * 2
    assert ended(metrics) == {"taken": 0, "duplicate": 0, "rejected": 1}
    assert [row[0] for row in await world.rows(TAKEN)] == [None]
    assert await world.rows(TOLD) == [(2,)]
