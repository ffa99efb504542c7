import os
import random
from collections import Counter
from collections.abc import Sequence
from itertools import groupby

import aio_pika
import pytest

from events.messages.envelope import MOST_BYTES
from events.metrics import IntakeMetrics
from events.names import REJECTED_INBOX, REPLIES, REPLIES_INBOX, replies
from services.migrations.grants import Login
from tests.events.tools import account, depth, intake, take_messages, until
from tests.faults.bad_replies import Expected, Sending, mixture, right
from tests.faults.programs import run_to_its_death
from tests.servers import BrokerAddress, login_url
from tests.world import CODES, World

FIRST = int(os.environ.get("SHANGLIANG_FAULT_SEED") or 1)
DEATHS = 8
PLAY_S = 240.0
"""Within which a loaded machine takes some two hundred replies in."""
QUEUES = (REPLIES_INBOX, *map(replies, CODES))
"""What an intake reads; it reads several at once, and the replies of each in their order."""
MOVED = ("delivery", "event", "inbox_message", "lane", "trace_chain", "trace_entry")
"""Tables that a reply may change."""
TABLES = """
SELECT table_name FROM information_schema.tables WHERE table_schema = 'public' AND table_type = 'BASE TABLE'
"""
RECEIPTS = """
SELECT department.code, event.id::text, delivery.receipt, delivery.receipt_note
FROM delivery JOIN event ON event.id = delivery.event_id JOIN department ON department.id = delivery.department_id
WHERE event.type <> 'reply.rejected'
"""
TOLD = """
SELECT department.code, event.data->>'reason'
FROM delivery JOIN event ON event.id = delivery.event_id JOIN department ON department.id = delivery.department_id
WHERE event.type = 'reply.rejected' ORDER BY event.id
"""
EVENTS = "SELECT count(*), count(DISTINCT type) FROM event WHERE type <> 'reply.rejected'"


async def others(world: World) -> dict[str, object]:
    """Return a digest of each table that no reply may change."""
    names = [str(name) for (name,) in await world.rows(TABLES) if name not in MOVED]
    digest = "SELECT md5(coalesce(string_agg(one::text, ' ' ORDER BY one::text), '')) FROM {} AS one"
    return {name: (await world.rows(digest.format(f'"{name}"')))[0][0] for name in names}


async def post(amqp: BrokerAddress, sendings: Sequence[Sending]) -> None:
    """Send the messages one after another, each once the broker has the one before."""
    connections = {code: await aio_pika.connect(await account(amqp, code)) for code in CODES}
    exchanges = {}
    for code, connection in connections.items():
        exchanges[code] = await (await connection.channel()).get_exchange(REPLIES, ensure=False)
    for one in sendings:
        message = aio_pika.Message(one.body, user_id=one.user_id)
        await exchanges[one.sender].publish(message, one.key)
    for connection in connections.values():
        await connection.close()


def ended(metrics: IntakeMetrics) -> Counter[str]:
    """Return the replies by what became of them."""
    ends = ("taken", "duplicate", "rejected")
    found = {end: metrics.registry.get_sample_value("shangliang_replies_total", {"outcome": end}) for end in ends}
    return Counter({end: int(count or 0) for end, count in found.items()})


async def done(metrics: IntakeMetrics, count: int) -> bool:
    return ended(metrics).total() == count


def department(key: str) -> str:
    """Return whose queue a reply came by: the key's first word, none where that is nobody's."""
    code = key.partition(".")[0]
    return code if code in CODES else ""


Drawn = tuple[list[tuple[str, str]], list[Sending], Expected]


async def draw(world: World, seed: int, events: int) -> Drawn:
    """Commit so many events; return to whom they are addressed, the replies, and what is to come of those.

    The last reply is a good one to the last event: when it is taken, all are done with.
    """
    rng = random.Random(seed)  # noqa: S311 -- repeatable
    addressed = []
    for number in range(events):
        codes = rng.sample(CODES, rng.randint(1, 2))
        event_id = await world.announce(*codes, topic=number % 3)
        addressed += [(code, event_id) for code in codes]
    sendings, last = mixture(rng, addressed, CODES), (CODES[0], await world.announce(CODES[0]))
    sendings.append(right(rng, *last, "received"))
    addressed.append(last)
    expected = Expected(set(addressed))
    for sending in sendings:
        expected.take(sending)
    return addressed, sendings, expected


async def last_taken(world: World, drawn: Drawn) -> bool:
    addressed, _, _ = drawn
    _, last = addressed[-1]
    return await world.rows(f"SELECT receipt FROM delivery WHERE event_id = '{last}'") == [("RECEIVED",)]


async def emptied(amqp: BrokerAddress) -> bool:
    return [await depth(amqp.url, name) for name in QUEUES] == [0] * len(QUEUES)


async def hold(world: World, amqp: BrokerAddress, drawn: Drawn) -> None:
    """Hold that receipts are as they have to be, each reply was taken once, and no queue has anything left."""
    addressed, _, expected = drawn
    assert sorted(map(str, await world.rows(RECEIPTS))) == sorted(
        str((*place, expected.receipts.get(place), expected.notes.get(place))) for place in addressed
    )
    assert len(await world.rows("SELECT 1 FROM inbox_message")) == len(expected.taken)
    assert await world.rows(EVENTS) == [(len({event for _, event in addressed}), 1)]
    assert await emptied(amqp)
    assert await depth(amqp.url, REJECTED_INBOX) == 0


@pytest.mark.parametrize(
    ("seed", "events"),
    [(FIRST, 3), *(pytest.param(seed, 25, marks=pytest.mark.faults) for seed in range(FIRST, FIRST + 10))],
)
async def test_replies_in_disorder_do_what_the_lifecycle_allows_and_nothing_else(
    world: World, declared: BrokerAddress, seed: int, events: int
) -> None:
    drawn = await draw(world, seed, events)
    _, sendings, expected = drawn
    before, metrics = await others(world), IntakeMetrics()
    async with intake(world.db, declared.url, metrics):
        await post(declared, sendings)
        await until(lambda: done(metrics, len(sendings)), PLAY_S)
    kept = await take_messages(declared.url, REJECTED_INBOX, len(expected.rejected))
    kept.sort(key=lambda message: department(message.routing_key or ""))  # a department's come in order
    rejected = sorted(expected.rejected, key=lambda one: department(one[0].key))
    assert [(message.body, message.routing_key) for message in kept] == [
        (one.body[:MOST_BYTES], one.key) for one, _ in rejected
    ]
    reasons = [str(message.headers["x-reason"]) for message in kept]
    assert [(part, why) for (_, part), why in zip(rejected, reasons, strict=True) if part not in why] == []
    await hold(world, declared, drawn)
    told = await world.rows(TOLD)
    assert expected.tells(Counter(str(code) for code, _ in told)), (expected.answers, expected.others)
    assert {reason for _, reason in told} <= set(reasons)
    assert await others(world) == before
    assert ended(metrics) == Counter(
        {"taken": len(expected.taken), "duplicate": expected.duplicates, "rejected": len(expected.rejected)}
    )


@pytest.mark.faults
@pytest.mark.parametrize("seed", [FIRST, FIRST + 1])
async def test_intakes_that_die_among_replies_in_disorder_change_nothing_of_what_comes_of_them(
    world: World, declared: BrokerAddress, seed: int
) -> None:
    drawn, rng = await draw(world, seed, 20), random.Random(seed)  # noqa: S311 -- repeatable
    _, sendings, expected = drawn
    await post(declared, sendings)
    for _ in range(DEATHS):
        after = rng.randint(1, len(sendings) // DEATHS)
        await run_to_its_death("dying_intake.py", login_url(world.url, Login.INTAKE), declared.url, str(after))
    async with intake(world.db, declared.url):
        await until(lambda: last_taken(world, drawn), PLAY_S)
        await until(lambda: emptied(declared), PLAY_S)
    kept = await take_messages(declared.url, REJECTED_INBOX, await depth(declared.url, REJECTED_INBOX))
    kept.sort(key=lambda message: department(message.routing_key or ""))
    rejected = sorted(expected.rejected, key=lambda one: department(one[0].key))
    assert [body for body, _ in groupby(message.body for message in kept)] == [
        body for body, _ in groupby(one.body[:MOST_BYTES] for one, _ in rejected)
    ]
    assert len(kept) <= len(expected.rejected) + DEATHS
    await hold(world, declared, drawn)
