import asyncio
import json
import signal
import sys
from pathlib import Path

from events.names import inbox
from tests.events.tools import depth, relay, take_messages
from tests.servers import BrokerAddress
from tests.world import World

STATUS = "SELECT status, attempts FROM delivery ORDER BY lane_id, sequence"


async def die_between_publish_and_commit(world: World, amqp: BrokerAddress) -> int:
    """Run a relay that dies by SIGKILL after the confirms of a batch; return how many there were."""
    program = str(Path(__file__).with_name("relay_program.py"))
    process = await asyncio.create_subprocess_exec(
        sys.executable, program, world.url, amqp.url, '{"at": "written"}', stdout=asyncio.subprocess.PIPE
    )
    output, _ = await asyncio.wait_for(process.communicate(), 30)
    assert process.returncode == -signal.SIGKILL
    return int(output)


async def test_relay_killed_between_publish_and_commit_repeats_the_same_id(
    world: World, declared: BrokerAddress
) -> None:
    first = await world.announce("qinshui-court", "qinshui-power")
    assert await die_between_publish_and_commit(world, declared) == 2
    assert await world.rows(STATUS) == [("PENDING", 0), ("PENDING", 0)]
    assert await die_between_publish_and_commit(world, declared) == 2
    second = await world.announce("qinshui-court")
    async with relay(world.db, world.url, declared.url):
        court = await take_messages(declared.url, inbox("qinshui-court"), 4)
        power = await take_messages(declared.url, inbox("qinshui-power"), 3)
    assert [json.loads(message.body)["id"] for message in court] == [first, first, first, second]
    assert len({message.body for message in court[:3]}) == 1
    assert len({message.message_id for message in court[:3]}) == 1
    assert [json.loads(message.body)["id"] for message in power] == [first, first, first]
    assert await world.rows(STATUS) == [("CONFIRMED", 1)] * 3
    assert await depth(declared.url, inbox("qinshui-court")) == 0
