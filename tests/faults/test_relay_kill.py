import json

from events.names import inbox
from services.migrations.grants import Login
from tests.events.tools import depth, relay, take_messages
from tests.faults.programs import run_to_its_death
from tests.servers import BrokerAddress, login_url
from tests.world import World

STATUS = "SELECT status, attempts FROM delivery ORDER BY lane_id, sequence"


async def die_between_publish_and_commit(world: World, amqp: BrokerAddress) -> int:
    """Run a relay that dies by SIGKILL after the confirms of a batch; return how many there were."""
    own = login_url(world.url, Login.RELAY)
    return int(await run_to_its_death("relay_program.py", own, amqp.url, '{"at": "written"}'))


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
