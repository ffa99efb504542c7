import json
import time

import aio_pika
import pytest

from events.names import inbox
from tests.events.tools import PUBLIC_URL, depth, relay, take, take_messages, until
from tests.servers import BrokerAddress
from tests.world import CODES, World

STATUSES = (
    "SELECT department.code, delivery.status, delivery.attempts FROM delivery "
    "JOIN department ON department.id = delivery.department_id ORDER BY department.code, delivery.sequence"
)


async def confirmed(world: World) -> int:
    ((count,),) = await world.rows("SELECT count(*) FROM delivery WHERE status = 'CONFIRMED'")
    return int(str(count))


async def test_event_reaches_the_departments_involved_and_nobody_else(world: World, declared: BrokerAddress) -> None:
    async with relay(world.db, world.url, declared.url):
        began = time.monotonic()
        event_id = await world.announce("qinshui-court", "qinshui-forestry")
        court = await take(declared.url, "qinshui-court", 1)
        forestry = await take(declared.url, "qinshui-forestry", 1)
        took_s = time.monotonic() - began
    assert [event["id"] for event in court + forestry] == [event_id, event_id]
    assert await depth(declared.url, inbox("qinshui-power")) == 0
    assert await depth(declared.url, inbox("qinshui-court")) == 0
    assert took_s < 2
    assert await world.rows(STATUSES) == [("qinshui-court", "CONFIRMED", 1), ("qinshui-forestry", "CONFIRMED", 1)]


async def test_message_is_a_cloud_event(world: World, declared: BrokerAddress) -> None:
    event_id = await world.announce("qinshui-court")
    async with relay(world.db, world.url, declared.url):
        (message,) = await take_messages(declared.url, inbox("qinshui-court"), 1)
    ((delivery_id,),) = await world.rows("SELECT id::text FROM delivery")
    topic = world.topics[0]
    assert (message.message_id, message.type, message.correlation_id, message.content_type) == (
        delivery_id,
        "cn.shangliang.topic.listed.v1",
        f"topic_{topic.id}",
        "application/cloudevents+json",
    )
    assert message.delivery_mode is aio_pika.DeliveryMode.PERSISTENT
    assert message.routing_key == "qinshui-court.topic.listed"
    body = json.loads(message.body)
    occurred = body.pop("time")
    assert occurred.endswith("+00:00")
    assert body == {
        "specversion": "1.0",
        "id": event_id,
        "source": "/shangliang/140521",
        "type": "cn.shangliang.topic.listed.v1",
        "datacontenttype": "application/json",
        "dataschema": f"{PUBLIC_URL}/schemas/topic.listed.v1.json",
        "partitionkey": f"topic_{topic.id}",
        "sequence": "000000000001",
        "subject": "T140521-2024-0000",
        "data": {
            "topic": {
                "id": f"topic_{topic.id}",
                "number": "T140521-2024-0000",
                "title": "林地",
                "status": "LISTED",
                "scheduled_at": None,
            },
            "listed_at": "2024-05-01T01:00:00+00:00",
            "department": {"code": "qinshui-court", "role": "SUPPORT"},
            "link": f"{PUBLIC_URL}/topics/T140521-2024-0000",
        },
    }


async def test_lanes_keep_their_order_across_many_events(world: World, declared: BrokerAddress) -> None:
    sent = [await world.announce(*CODES, topic=index % 3) for index in range(30)]
    async with relay(world.db, world.url, declared.url), relay(world.db, world.url, declared.url):
        events = await take(declared.url, "qinshui-power", 30)
    lanes: dict[str, list[str]] = {}
    for event in events:
        lanes.setdefault(event["partitionkey"], []).append(event["sequence"])
    assert sorted(event["id"] for event in events) == sorted(sent)
    assert list(lanes.values()) == [[f"{number:012d}" for number in range(1, 11)]] * 3
    assert await confirmed(world) == 90


async def test_missing_queue_pauses_its_department_only(world: World, declared: BrokerAddress) -> None:
    connection = await aio_pika.connect(declared.url)
    async with connection:
        channel = await connection.channel()
        await channel.queue_delete(inbox("qinshui-court"), if_unused=False, if_empty=False)
    await world.announce("qinshui-court", "qinshui-power")
    async with relay(world.db, world.url, declared.url):
        assert len(await take(declared.url, "qinshui-power", 1)) == 1
        await until(lambda: paused(world))
    assert await world.rows(STATUSES) == [("qinshui-court", "PENDING", 1), ("qinshui-power", "CONFIRMED", 1)]
    ((pauses, error),) = await world.rows(
        "SELECT pauses, last_error FROM department_channel WHERE paused_until > now()"
    )
    assert pauses == 1
    assert "NO_ROUTE" in str(error)


async def paused(world: World) -> bool:
    return bool(await world.rows("SELECT 1 FROM department_channel WHERE paused_until IS NOT NULL"))


async def test_disabled_channel_keeps_its_rows(world: World, declared: BrokerAddress) -> None:
    await world.run(
        "UPDATE department_channel SET enabled = false WHERE department_id = "
        "(SELECT id FROM department WHERE code = 'qinshui-court')"
    )
    await world.announce("qinshui-court", "qinshui-power")
    async with relay(world.db, world.url, declared.url):
        await take(declared.url, "qinshui-power", 1)
    assert await world.rows(STATUSES) == [("qinshui-court", "PENDING", 0), ("qinshui-power", "CONFIRMED", 1)]


@pytest.mark.parametrize("poison", [0, 2])
async def test_poison_row_parks_and_holds_back_its_own_lane(world: World, declared: BrokerAddress, poison: int) -> None:
    """A message that the broker refuses as an error: its user_id is not the connection's."""
    for topic in range(3):
        await world.announce("qinshui-court", topic=topic)
    await world.announce("qinshui-court", topic=poison)
    await world.run(
        "UPDATE event SET traceparent = repeat('x', 200000) WHERE id = (SELECT event_id FROM delivery "
        f"JOIN lane ON lane.id = lane_id WHERE lane.topic_id = '{world.topics[poison].id}' ORDER BY sequence LIMIT 1)"
    )
    async with relay(world.db, world.url, declared.url):
        events = await take(declared.url, "qinshui-court", 2)
        await until(lambda: parked(world))
    assert await world.rows("SELECT status, count(*) FROM delivery GROUP BY status ORDER BY status") == [
        ("CONFIRMED", 2),
        ("PARKED", 1),
        ("PENDING", 1),
    ]
    assert f"topic_{world.topics[poison].id}" not in {event["partitionkey"] for event in events}


async def parked(world: World) -> bool:
    return bool(await world.rows("SELECT 1 FROM delivery WHERE status = 'PARKED'"))
