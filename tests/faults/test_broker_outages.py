import asyncio
import json
from collections.abc import Sequence
from pathlib import Path

from structlog.testing import capture_logs
from structlog.typing import EventDict

from deploy.servers.rabbitmq import PrivateRabbitMQ
from events.names import inbox, replies
from events.relay import RelaySettings
from tests.events.tools import account, consumers, declare, depth, intake, relay, send, take, take_messages, until
from tests.faults.alarm import ENOUGH, set_memory_limit
from tests.servers import BrokerAddress
from tests.world import World

COURT, FORESTRY = "qinshui-court", "qinshui-forestry"


async def restart(broker: PrivateRabbitMQ) -> None:
    """Bring a broker back that was killed."""
    await asyncio.to_thread(broker.start)
    await asyncio.to_thread(broker.wait_ready)


async def test_broker_that_is_down_only_delays(world: World, own_broker: PrivateRabbitMQ) -> None:
    await declare(world.db, BrokerAddress(own_broker.url, own_broker.api_url))
    with capture_logs() as logs:
        async with relay(world.db, world.url, own_broker.url):
            sent = [await world.announce(COURT, FORESTRY)]
            assert [event["id"] for event in await take(own_broker.url, COURT, 1)] == sent
            await until(lambda: settled(world))
            await asyncio.to_thread(own_broker.kill)
            sent += [await world.announce(COURT, FORESTRY) for _ in range(3)]
            await asyncio.sleep(3)
            assert await world.rows("SELECT status, attempts, count(*) FROM delivery GROUP BY 1, 2 ORDER BY 1") == [
                ("CONFIRMED", 1, 2),
                ("PENDING", 0, 6),
            ]
            await restart(own_broker)
            court = await take(own_broker.url, COURT, 3, 60)
            forestry = await take(own_broker.url, FORESTRY, 4, 60)
            await until(lambda: settled(world))
    assert [event["id"] for event in court] == sent[1:]
    assert [event["id"] for event in forestry] == sent
    assert [event["sequence"][-1] for event in forestry] == ["1", "2", "3", "4"]
    assert [(entry["event"], entry["what"]) for entry in of_outages(logs)] == [
        ("unavailable", "broker"),
        ("available again", "broker"),
    ]


def of_outages(logs: Sequence[EventDict]) -> list[EventDict]:
    """Return what was logged, without the security log: it sums up a minute's floods, those of other tests too."""
    return [entry for entry in logs if entry.get("logger") != "security"]


async def settled(world: World) -> bool:
    return not await world.rows("SELECT 1 FROM delivery WHERE status = 'PENDING'")


async def test_memory_alarm_only_delays_and_repeats_one_batch_at_most(
    world: World, own_broker: PrivateRabbitMQ, tmp_path: Path
) -> None:
    await declare(world.db, BrokerAddress(own_broker.url, own_broker.api_url))
    with capture_logs() as logs:
        async with relay(world.db, world.url, own_broker.url, RelaySettings(confirm_timeout_s=1)):
            sent = [await world.announce(COURT)]
            await until(lambda: settled(world))
            await asyncio.to_thread(set_memory_limit, own_broker, tmp_path / "rabbitmq", "1")
            sent += [await world.announce(COURT) for _ in range(2)]
            await asyncio.sleep(12)
            assert await world.rows("SELECT status, attempts, count(*) FROM delivery GROUP BY 1, 2 ORDER BY 1") == [
                ("CONFIRMED", 1, 1),
                ("PENDING", 0, 2),
            ]
            await asyncio.to_thread(set_memory_limit, own_broker, tmp_path / "rabbitmq", ENOUGH)
            await until(lambda: settled(world))
    queued = await depth(own_broker.url, inbox(COURT))
    ids = [json.loads(message.body)["id"] for message in await take_messages(own_broker.url, inbox(COURT), queued)]
    assert list(dict.fromkeys(ids)) == sent
    assert len(ids) <= 4
    assert [entry["event"] for entry in of_outages(logs)] == ["unavailable", "available again"]


async def test_intake_takes_replies_again_after_the_broker_was_killed(
    world: World, own_broker: PrivateRabbitMQ
) -> None:
    address = BrokerAddress(own_broker.url, own_broker.api_url)
    await declare(world.db, address)
    url = await account(address, COURT)
    event_id = await world.announce(COURT)
    async with intake(world.db, own_broker.url):
        await until(lambda: consumed(own_broker))
        await asyncio.to_thread(own_broker.kill)
        await asyncio.sleep(1)
        await restart(own_broker)
        body = {
            "specversion": "1.0", "id": "1", "source": "/court", "type": "cn.shangliang.reply.received.v1",
            "causationid": event_id,
        }  # fmt: skip
        await send(url, f"{COURT}.reply.received", json.dumps(body).encode(), COURT)
        await until(lambda: received(world))


async def consumed(broker: PrivateRabbitMQ) -> bool:
    return await consumers(broker.url, replies(COURT)) == 1


async def received(world: World) -> bool:
    return await world.rows("SELECT receipt FROM delivery") == [("RECEIVED",)]
