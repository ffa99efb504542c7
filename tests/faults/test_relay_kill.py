import asyncio
import json
import signal
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from deploy.servers.rabbitmq import PrivateRabbitMQ
from events.names import inbox
from events.topology import apply_topology
from services.notices.channels import enabled_channels
from tests.events.tools import depth, relay, take, take_messages
from tests.servers import BrokerAddress
from tests.world import World

STATUS = "SELECT status, attempts FROM delivery ORDER BY lane_id, sequence"


async def die_between_publish_and_commit(world: World, amqp: BrokerAddress) -> int:
    """Run a relay that dies by SIGKILL after the confirm; return its status."""
    program = str(Path(__file__).with_name("dying_relay.py"))
    process = await asyncio.create_subprocess_exec(
        sys.executable, program, world.url, amqp.url, stdout=asyncio.subprocess.PIPE
    )
    output, _ = await asyncio.wait_for(process.communicate(), 30)
    assert output == b"ACKED\n"
    return process.returncode or 0


async def test_relay_killed_between_publish_and_commit_repeats_the_same_id(
    world: World, declared: BrokerAddress
) -> None:
    first = await world.announce("qinshui-court")
    assert await die_between_publish_and_commit(world, declared) == -signal.SIGKILL
    assert await world.rows(STATUS) == [("PENDING", 0)]
    second = await world.announce("qinshui-court")
    async with relay(world.db, world.url, declared.url):
        messages = await take_messages(declared.url, inbox("qinshui-court"), 3)
    assert [message.body for message in messages[:1]] == [message.body for message in messages[1:2]]
    assert messages[0].message_id == messages[1].message_id
    assert [json.loads(message.body)["id"] for message in messages] == [first, first, second]
    assert await world.rows(STATUS) == [("CONFIRMED", 1), ("CONFIRMED", 1)]
    assert await depth(declared.url, inbox("qinshui-court")) == 0


@pytest.fixture
async def own_broker(tmp_path: Path) -> AsyncIterator[PrivateRabbitMQ]:
    """A broker to be stopped and killed."""
    broker = PrivateRabbitMQ(tmp_path / "rabbitmq")
    await asyncio.to_thread(broker.start)
    await asyncio.to_thread(broker.wait_ready)
    yield broker
    await asyncio.to_thread(broker.kill)
    await asyncio.to_thread(broker.stop)


async def test_broker_that_is_down_only_delays(world: World, own_broker: PrivateRabbitMQ) -> None:
    async with world.db.write() as tx:
        channels = await enabled_channels(tx)
    await apply_topology(channels, amqp_url=own_broker.url, api_url=own_broker.api_url)
    async with relay(world.db, world.url, own_broker.url):
        sent = [await world.announce("qinshui-court", "qinshui-forestry")]
        assert [event["id"] for event in await take(own_broker.url, "qinshui-court", 1)] == sent
        await asyncio.to_thread(own_broker.kill)
        sent += [await world.announce("qinshui-court", "qinshui-forestry") for _ in range(3)]
        await asyncio.sleep(1)
        assert await world.rows("SELECT count(*) FROM delivery WHERE status = 'PENDING'") == [(6,)]
        await asyncio.to_thread(own_broker.start)
        await asyncio.to_thread(own_broker.wait_ready)
        court = await take(own_broker.url, "qinshui-court", 3, 60)
        forestry = await take(own_broker.url, "qinshui-forestry", 4, 60)
    assert [event["id"] for event in court] == sent[1:]
    assert [event["id"] for event in forestry] == sent
    assert [event["sequence"][-1] for event in forestry] == ["1", "2", "3", "4"]
