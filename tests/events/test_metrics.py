import asyncio
import json
from math import isnan

import httpx
from prometheus_client import CollectorRegistry
from prometheus_client.parser import text_string_to_metric_families
from structlog.testing import capture_logs

from deploy.scrapes import served
from deploy.servers.directory import free_port
from events.metrics import IntakeMetrics, RelayMetrics
from events.names import REJECTED_INBOX, inbox
from events.watch import Watch, keep_watch
from services.core.clock import SystemClock
from services.core.security import SecurityEvent
from tests.events.tools import PATIENCE_S, account, delete_queue, intake, relay, send, take_messages, until
from tests.security import Kept
from tests.servers import BrokerAddress
from tests.world import World

COURT, POWER = "qinshui-court", "qinshui-power"


async def scraped(registry: CollectorRegistry) -> dict[str, float]:
    """Return what a scrape of the process finds, by name and labels."""
    port = free_port()
    with served(registry, host="127.0.0.1", port=port):
        async with httpx.AsyncClient(trust_env=False) as client:
            response = await client.get(f"http://127.0.0.1:{port}/metrics")
    return {
        sample.name + "".join(f" {value}" for value in sample.labels.values()): sample.value
        for family in text_string_to_metric_families(response.text)
        for sample in family.samples
        if not sample.name.endswith("_created")
    }


async def test_relay_counts_publishes_and_shows_what_waits(world: World, declared: BrokerAddress) -> None:
    await delete_queue(declared.url, inbox(POWER))
    for topic in range(2):
        await world.announce(COURT, topic=topic)
    await world.announce(POWER)
    metrics = RelayMetrics()

    async def tried() -> bool:
        return await world.rows("SELECT count(*) FROM delivery WHERE attempts > 0") == [(3,)]

    async with relay(world.db, world.url, declared.url, metrics=metrics):
        await until(tried)
    await world.run("UPDATE department_channel SET paused_until = now() + interval '1 hour' WHERE pauses > 0")
    watch = Watch(world.db, amqp_url=declared.url, api_url=declared.api_url, clock=SystemClock())

    async def counted() -> bool:
        await watch.look(metrics)
        return (await scraped(metrics.registry)).get(f"shangliang_queue_messages {inbox(COURT)}") == 2

    await until(counted)  # the broker counts its queues every few seconds
    found = await scraped(metrics.registry)
    assert found["shangliang_publishes_total acked"] == 2
    assert found["shangliang_publishes_total returned"] == 1
    assert found["shangliang_publishes_total nacked"] == 0
    assert found["shangliang_confirm_seconds_count"] == 2
    assert found["shangliang_notices_pending"] == 1
    assert found["shangliang_notices_parked"] == 0
    assert found["shangliang_departments_paused"] == 1
    assert 0 < found["shangliang_oldest_pending_seconds"] < 60
    assert f"shangliang_queue_messages {inbox(POWER)}" not in found


async def test_nothing_waits_for_zero_seconds_and_what_was_not_seen_is_no_number(world: World) -> None:
    metrics = RelayMetrics()
    assert isnan((await scraped(metrics.registry))["shangliang_notices_pending"])
    watch = Watch(world.db, amqp_url="amqp://127.0.0.1/", api_url=None, clock=SystemClock())
    await watch.look(metrics)
    found = await scraped(metrics.registry)
    assert (found["shangliang_notices_pending"], found["shangliang_oldest_pending_seconds"]) == (0, 0)
    metrics.waiting(None, SystemClock().now())
    assert isnan((await scraped(metrics.registry))["shangliang_oldest_pending_seconds"])


async def test_values_that_cannot_be_read_any_longer_are_not_kept(world: World) -> None:
    metrics, stop = RelayMetrics(), asyncio.Event()
    watch = Watch(world.db, amqp_url="amqp://127.0.0.1/", api_url=None, clock=SystemClock())
    await watch.look(metrics)
    await world.run("ALTER TABLE delivery RENAME TO elsewhere")

    async def lost() -> bool:
        return isnan(metrics.registry.get_sample_value("shangliang_notices_pending") or 0)

    with capture_logs() as logs:
        running = asyncio.create_task(keep_watch(watch, metrics, stop=stop, every_s=0.05))
        await until(lost)
        stop.set()
        await asyncio.wait_for(running, PATIENCE_S)
    assert [entry["what"] for entry in logs] == ["metrics"]


async def test_intake_counts_replies_by_what_became_of_them(world: World, declared: BrokerAddress) -> None:
    event_id = await world.announce(COURT)
    url = await account(declared, COURT)
    kept = Kept()
    metrics = IntakeMetrics(kept.log)
    async with intake(world.db, declared.url, metrics):
        envelope = {"specversion": "1.0", "id": "1", "source": "/court", "causationid": event_id}
        body = json.dumps({**envelope, "type": "cn.shangliang.reply.received.v1"}).encode()
        for content in (body, body, body, b"not JSON"):
            await send(url, f"{COURT}.reply.received", content, COURT)
        await take_messages(declared.url, REJECTED_INBOX, 1)
    assert await scraped(metrics.registry) == {
        "shangliang_replies_total taken": 1,
        "shangliang_replies_total duplicate": 2,
        "shangliang_replies_total rejected": 1,
        **{f"shangliang_security_events_total {event}": 0 for event in SecurityEvent},
        "shangliang_security_events_total reply.refused": 1,
        "shangliang_departments_held_back": 0,
    }
    assert kept.taken() == [("reply.refused", {"department": COURT, "reason": "BAD_REPLY", "subject": None})]
