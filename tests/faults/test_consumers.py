"""Consumers that die by SIGKILL with messages in hand, and others that take over."""

import asyncio
from collections.abc import Sequence
from pathlib import Path

from events.names import inbox
from tests.events.tools import account, depth, relay, until
from tests.faults.department import Department, kill
from tests.faults.ledger import arrival, judge
from tests.faults.schedule import deliveries
from tests.servers import BrokerAddress
from tests.world import World

COURT = "qinshui-court"


def ids(bodies: Sequence[bytes]) -> list[str]:
    """Return the ids of events, in the order in which they came."""
    return [arrival(COURT, body).event for body in bodies]


async def emptied(amqp: BrokerAddress) -> bool:
    return await depth(amqp.url, inbox(COURT)) == 0


async def has_handled(department: Department, sent: Sequence[str]) -> bool:
    """Tell whether the consumers together were given everything; the inbox is empty before that between two steps."""
    return set(ids([*department.handled("active"), *department.handled("waiting")])) >= set(sent)


async def all_queued(amqp: BrokerAddress, count: int) -> bool:
    return await depth(amqp.url, inbox(COURT)) == count


async def test_messages_in_hand_of_a_killed_consumer_come_again_in_order_and_repeats_are_dropped(
    world: World, declared: BrokerAddress, tmp_path: Path
) -> None:
    sent = [await world.announce(COURT, topic=number % 2) for number in range(8)]
    department = Department(await account(declared, COURT), tmp_path, prefetch=5)
    async with relay(world.db, world.url, declared.url):
        await until(lambda: all_queued(declared, 8))
    async with department.consuming("first", dies_after=3) as first:
        await asyncio.wait_for(first.wait(), 30)
    async with department.consuming("second"):
        await department.until_handled("second", 5)
        await until(lambda: emptied(declared))
    order = ids(department.came("second"))
    assert sorted(ids(department.came("first")) + order[1:]) == sorted(sent)
    assert order[0] == ids(department.handled("first"))[-1]
    assert ids(department.handled("second")) == order[1:]
    verdict = judge(
        await deliveries(world),
        [arrival(COURT, body) for body in (*department.handled("first"), *department.handled("second"))],
    )
    assert (verdict.wrong(), verdict.received, verdict.duplicates) == ("", 8, 0)


async def test_waiting_consumer_takes_over_from_a_killed_one(
    world: World, declared: BrokerAddress, tmp_path: Path
) -> None:
    sent = [await world.announce(COURT, topic=number % 2) for number in range(20)]
    department = Department(await account(declared, COURT), tmp_path, prefetch=5, pace_s=0.05)
    async with department.consuming("active") as active:
        await department.until_listening("active")
        async with department.consuming("waiting"), relay(world.db, world.url, declared.url):
            await department.until_listening("waiting")
            await department.until_handled("active", 5)
            assert department.came("waiting") == []
            await kill(active)
            await until(lambda: has_handled(department, sent))
    before, after = ids(department.handled("active")), ids(department.handled("waiting"))
    verdict = judge(
        await deliveries(world),
        [arrival(COURT, body) for body in (*department.handled("active"), *department.handled("waiting"))],
    )
    assert verdict.wrong() == ""
    assert verdict.duplicates <= 1
    assert sorted({*before, *after}) == sorted(sent)
