import asyncio
import json

import pytest

from events.names import inbox
from services.core.act import Act
from services.core.clock import SystemClock
from services.core.errors import Unavailable
from services.migrations.grants import Login
from services.notices import commands
from services.notices.claim import claim
from tests.events.tools import depth, relay, take, take_messages, until
from tests.servers import BrokerAddress
from tests.world import ACTOR, World

COURT = "qinshui-court"


async def replay(world: World) -> int:
    async with world.db.write() as tx:
        replayed = await commands.replay_notices(Act(tx, ACTOR, SystemClock()), department=COURT)
    return replayed.count


async def test_replayed_notices_come_again_in_order_before_what_waits(world: World, declared: BrokerAddress) -> None:
    sent = [await world.announce(COURT, "qinshui-power") for _ in range(3)]
    async with relay(world.db, world.url, declared.url):
        first = await take(declared.url, COURT, 3)
        await until(lambda: all_confirmed(world))
    assert await replay(world) == 3
    later = await world.announce(COURT)
    async with relay(world.db, world.url, declared.url):
        again = await take_messages(declared.url, inbox(COURT), 4)
        await until(lambda: all_confirmed(world))
    assert await replay(world) == 4
    async with relay(world.db, world.url, declared.url):
        thrice = await take(declared.url, COURT, 4)
    bodies = [json.loads(message.body) for message in again]
    numbers = [f"{number:012d}" for number in range(1, 5)]
    assert [(one["id"], one["sequence"], one.get("replay")) for one in first] == list(
        zip(sent, numbers[:3], [None] * 3, strict=True)
    )
    assert [(one["id"], one["sequence"], one.get("replay")) for one in bodies] == list(
        zip([*sent, later], numbers, [1, 1, 1, None], strict=True)
    )
    assert [(one["id"], one["replay"]) for one in thrice] == list(zip([*sent, later], [2, 2, 2, 1], strict=True))
    assert {key: value for key, value in bodies[0].items() if key != "replay"} == first[0]
    assert await depth(declared.url, inbox("qinshui-power")) == 3


async def all_confirmed(world: World) -> bool:
    return await world.rows("SELECT count(*) FROM delivery WHERE status <> 'CONFIRMED'") == [(0,)]


async def test_skipped_notice_lets_its_lane_go_on(world: World, declared: BrokerAddress) -> None:
    sent = [await world.announce(COURT) for _ in range(2)]
    await world.run("UPDATE delivery SET status = 'PARKED' WHERE sequence = 1")
    ((notice_id,),) = await world.rows("SELECT id FROM delivery WHERE sequence = 1")
    async with relay(world.db, world.url, declared.url):
        await asyncio.sleep(1.5)
        assert await depth(declared.url, inbox(COURT)) == 0
        async with world.db.write() as tx:
            await commands.skip_notice(
                Act(tx, ACTOR, SystemClock()), notice_id=notice_id, reason="过大"  # type: ignore[arg-type]
            )  # fmt: skip
        (event,) = await take(declared.url, COURT, 1)
    assert (event["id"], event["sequence"]) == (sent[1], "000000000002")


async def test_notice_that_a_relay_holds_is_not_skipped_beneath_it(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(commands, "LOCK_TIMEOUT", "200ms")
    await world.announce(COURT)
    async with (
        world.acting(Login.RELAY) as relaying,
        claim(relaying, limit=1, clock=SystemClock(), idle_s=30) as batch,
    ):
        (notice,) = batch.deliveries
        with pytest.raises(Unavailable):
            async with world.db.write() as tx:
                await commands.skip_notice(Act(tx, ACTOR, SystemClock()), notice_id=notice.id, reason="重复")
        await batch.confirm([notice])
    assert await world.rows("SELECT status, skip_reason FROM delivery") == [("CONFIRMED", None)]
