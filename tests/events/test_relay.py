import asyncio
import json
import time
from collections import Counter
from functools import partial

import aio_pika
import pytest
from structlog.testing import capture_logs

from events.names import inbox
from events.relay import RelaySettings, run_relay
from services.core.clock import SystemClock
from services.migrations.grants import Login
from tests.events.tools import (
    PUBLIC_URL,
    account,
    declare,
    delete_queue,
    depth,
    relay,
    set_policy,
    take,
    take_messages,
    until,
)
from tests.servers import BrokerAddress
from tests.world import CODES, World

LISTENERS = "FROM pg_stat_activity WHERE query LIKE 'LISTEN%' AND datname = current_database()"
STATUSES = (
    "SELECT department.code, delivery.status, delivery.attempts FROM delivery "
    "JOIN department ON department.id = delivery.department_id ORDER BY department.code, delivery.sequence"
)


async def confirmed(world: World) -> int:
    ((count,),) = await world.rows("SELECT count(*) FROM delivery WHERE status = 'CONFIRMED'")
    return int(str(count))


async def test_event_reaches_the_departments_involved_and_nobody_else(world: World, declared: BrokerAddress) -> None:
    async with relay(world.db, world.url, declared.url):
        event_id = await world.announce("qinshui-court", "qinshui-forestry")
        court = await take(declared.url, "qinshui-court", 1)
        forestry = await take(declared.url, "qinshui-forestry", 1)
    assert [event["id"] for event in court + forestry] == [event_id, event_id]
    assert await depth(declared.url, inbox("qinshui-power")) == 0
    assert await depth(declared.url, inbox("qinshui-court")) == 0
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
    await delete_queue(declared.url, inbox("qinshui-court"))
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
    """A message whose header does not fit into a frame, which the broker answers by closing the connection."""
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


async def test_poison_row_repeats_the_others_of_its_batch_once_at_most(world: World, declared: BrokerAddress) -> None:
    sent = [await world.announce(*CODES, topic=topic) for topic in range(2)]
    poison = await world.announce("qinshui-power", topic=2)
    await world.run(f"UPDATE event SET traceparent = repeat('x', 200000) WHERE id = '{poison}'")
    async with relay(world.db, world.url, declared.url):
        await until(lambda: parked(world))
        await until(lambda: settled(world))
    copies: Counter[tuple[str, str]] = Counter()
    for code in CODES:
        queued = await depth(declared.url, inbox(code))
        copies.update((code, event["id"]) for event in await take(declared.url, code, queued))
    assert set(copies) == {(code, event_id) for code in CODES for event_id in sent}
    assert max(copies.values()) <= 2
    assert await confirmed(world) == 6


async def settled(world: World) -> bool:
    return not await world.rows("SELECT 1 FROM delivery WHERE status = 'PENDING'")


@pytest.mark.parametrize(
    ("change", "error"),
    [(f"data = '{{\"count\": {2**70}}}'", "TypeError"), ("type = repeat('x', 300)", "ValueError")],
)
async def test_row_of_which_no_message_can_be_made_parks_alone(
    world: World, declared: BrokerAddress, change: str, error: str
) -> None:
    unsendable, sendable = [await world.announce("qinshui-court", topic=topic) for topic in range(2)]
    await world.run(f"UPDATE event SET {change} WHERE id = '{unsendable}'")
    with capture_logs() as logs:
        async with relay(world.db, world.url, declared.url):
            events = await take(declared.url, "qinshui-court", 1)
            await until(lambda: settled(world))
    assert [event["id"] for event in events] == [sendable]
    assert [entry["event"] for entry in logs] == ["notice parked"]
    assert await world.rows("SELECT status, last_error FROM delivery ORDER BY status") == [
        ("CONFIRMED", None),
        ("PARKED", error),
    ]


async def test_full_queue_pauses_its_department_though_some_were_taken(world: World, declared: BrokerAddress) -> None:
    await set_policy(declared, inbox("qinshui-court"), **{"max-length": 1, "overflow": "reject-publish"})
    for _ in range(2):
        for topic in range(3):
            await world.announce("qinshui-court", topic=topic)
    power = await world.announce("qinshui-power")
    with capture_logs() as logs:
        async with relay(world.db, world.url, declared.url, RelaySettings(window=2)):
            events = await take(declared.url, "qinshui-power", 1)
            await until(lambda: paused(world))
    assert [event["id"] for event in events] == [power]
    queued = await depth(declared.url, inbox("qinshui-court"))
    assert 1 <= queued < 6
    assert await confirmed(world) == queued + 1
    assert [entry["event"] for entry in logs] == ["department paused"]
    ((pauses, error),) = await world.rows(
        "SELECT pauses, last_error FROM department_channel WHERE paused_until > now()"
    )
    assert (pauses, "Nack" in str(error)) == (1, True)


async def test_pause_grows_until_the_queue_is_back_and_a_confirm_ends_it(world: World, declared: BrokerAddress) -> None:
    await delete_queue(declared.url, inbox("qinshui-court"))
    event_id = await world.announce("qinshui-court")
    grown_s = []
    async with relay(world.db, world.url, declared.url, RelaySettings(poll_s=0.1)):
        for pause in range(1, 4):
            await until(partial(paused_times, world, pause))
            ((left_s,),) = await world.rows(
                "SELECT extract(epoch FROM paused_until - now())::float FROM department_channel WHERE pauses > 0"
            )
            grown_s.append(float(str(left_s)))
            await world.run("UPDATE department_channel SET paused_until = now() WHERE pauses > 0")
        await until(lambda: paused_times(world, 4))
        await declare(world.db, declared)
        await world.run("UPDATE department_channel SET paused_until = now() WHERE pauses > 0")
        assert [event["id"] for event in await take(declared.url, "qinshui-court", 1)] == [event_id]
        await until(lambda: settled(world))
    for pause, left_s in enumerate(grown_s):
        assert 2.5 * 2**pause - 1 < left_s <= 5 * 2**pause
    assert await world.rows("SELECT attempts, last_error FROM delivery") == [(5, None)]
    assert await world.rows("SELECT DISTINCT pauses, paused_until, last_error FROM department_channel") == [
        (0, None, None)
    ]


async def paused_times(world: World, times: int) -> bool:
    return bool(await world.rows(f"SELECT 1 FROM department_channel WHERE pauses = {times} AND paused_until > now()"))


async def test_missing_exchange_only_delays(world: World, amqp: BrokerAddress) -> None:
    event_id = await world.announce("qinshui-court")
    async with relay(world.db, world.url, amqp.url):
        await asyncio.sleep(1)
        assert await world.rows(STATUSES) == [("qinshui-court", "PENDING", 0)]
        await declare(world.db, amqp)
        assert [event["id"] for event in await take(amqp.url, "qinshui-court", 1)] == [event_id]
        await until(lambda: settled(world))
    assert await confirmed(world) == 1


async def test_account_that_may_not_publish_parks_nothing(world: World, declared: BrokerAddress) -> None:
    await world.announce("qinshui-court", "qinshui-power")
    url = await account(declared, "qinshui-court")
    async with relay(world.db, world.url, url):
        await until(lambda: all_paused(world))
    assert await world.rows(STATUSES) == [("qinshui-court", "PENDING", 1), ("qinshui-power", "PENDING", 1)]
    ((error,),) = await world.rows("SELECT DISTINCT last_error FROM delivery")
    assert "ACCESS_REFUSED" in str(error)


async def all_paused(world: World) -> bool:
    return len(await world.rows("SELECT 1 FROM department_channel WHERE paused_until > now()")) == 2


async def test_cancelled_relay_finishes_its_batch(world: World, declared: BrokerAddress) -> None:
    for topic in range(3):
        await world.announce(*CODES, topic=topic)
    async with world.acting(Login.RELAY) as db:
        running = asyncio.create_task(
            run_relay(
                db, database_url=world.url, amqp_url=declared.url, public_url=PUBLIC_URL, clock=SystemClock(),
                stop=asyncio.Event(),
            )
        )  # fmt: skip
        await until(lambda: arrived(declared))
        running.cancel()
        with pytest.raises(asyncio.CancelledError):
            await running
    queued = [await depth(declared.url, inbox(code)) for code in CODES]
    assert await confirmed(world) == sum(queued)


async def arrived(amqp: BrokerAddress) -> bool:
    return await depth(amqp.url, inbox(CODES[0])) > 0


async def test_announcement_wakes_the_relay_also_after_its_listener_died(world: World, declared: BrokerAddress) -> None:
    async with relay(world.db, world.url, declared.url, RelaySettings(poll_s=2)):
        await until(lambda: listening(world))
        await asyncio.sleep(0.5)
        began = time.monotonic()
        await world.announce("qinshui-court")
        await take(declared.url, "qinshui-court", 1)
        woken_s = time.monotonic() - began
        await world.run(f"SELECT pg_terminate_backend(pid) {LISTENERS}")
        await world.announce("qinshui-court")
        await take(declared.url, "qinshui-court", 1)
        await until(lambda: listening(world))
    assert woken_s < 1


async def listening(world: World) -> bool:
    return bool(await world.rows(f"SELECT 1 {LISTENERS}"))
