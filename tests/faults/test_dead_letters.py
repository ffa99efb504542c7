"""An event that a department gives back again and again: set aside, seen by the operator, sent again by him."""

from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from events.metrics import RelayMetrics
from events.names import dead, inbox
from events.watch import Watch
from services.core.act import Act
from services.core.clock import SystemClock
from services.notices.commands import replay_notices
from shangliang_kit import event_of
from tests.events.test_kit import Heard, consuming
from tests.events.tools import account, depth, relay, take_messages, until
from tests.servers import BrokerAddress
from tests.world import ACTOR, World

COURT = "qinshui-court"
DELIVERIES = 21
"""As often as the broker delivers an event, whatever a department does with it."""


@pytest.mark.parametrize("prefetch", [1, pytest.param(5, marks=pytest.mark.faults)])
async def test_event_that_is_given_back_too_often_is_set_aside_and_the_others_keep_their_order(
    world: World, declared: BrokerAddress, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, prefetch: int
) -> None:
    monkeypatch.setattr("shangliang_kit.consumer.LONGEST_WAIT_S", 0.05)
    monkeypatch.setattr("shangliang_kit.consumer.PREFETCH", prefetch)
    sent = [await world.announce(COURT, topic=number % 2) for number in range(8)]
    poison = sent[2]
    url, heard = await account(declared, COURT), Heard(lambda event: event.id == poison and not event.replay)
    async with relay(world.db, world.url, declared.url):
        await until(lambda: holds(declared, inbox(COURT), len(sent)))
        async with consuming(url, heard, tmp_path / "store"):
            await heard.until(len(sent) - 1)
            await until(lambda: holds(declared, dead(COURT), 1))
            await until(lambda: shown(world, declared))
            (aside,) = await take_messages(declared.url, dead(COURT), 1)
            async with world.db.write() as tx:
                await replay_notices(
                    Act(tx, ACTOR, SystemClock()), department=COURT, events=[UUID(poison)]
                )  # fmt: skip
            await heard.until(len(sent))
    assert heard.attempts.count(poison) == DELIVERIES + 1
    for lane in (sent[0::2], sent[1::2]):
        assert [id_ for id_ in heard.ids if id_ in lane and id_ != poison] == [id_ for id_ in lane if id_ != poison]
    deaths: Any = aside.headers["x-death"]
    assert event_of(aside.body).id == poison
    assert [(one["reason"], one["queue"]) for one in deaths] == [("delivery_limit", inbox(COURT))]
    last = heard.events[-1]
    assert (last.id, last.replay, last.late) == (poison, 1, True)
    if prefetch == 1:
        assert heard.attempts[2 : 2 + DELIVERIES] == [poison] * DELIVERIES
        assert [event.missing for event in heard.events if event.id == sent[4]] == [1]


async def holds(amqp: BrokerAddress, queue_name: str, count: int) -> bool:
    return await depth(amqp.url, queue_name) == count


async def shown(world: World, amqp: BrokerAddress) -> bool:
    """Tell whether the operator's metrics show the event that was set aside."""
    metrics = RelayMetrics()
    await Watch(world.db, amqp_url=amqp.url, api_url=amqp.api_url, clock=SystemClock()).look(metrics)
    return metrics.registry.get_sample_value("shangliang_queue_messages", {"queue": dead(COURT)}) == 1
