"""What the processes beside the broker do, until they are told to stop."""

import asyncio
from collections.abc import Awaitable, Callable

from deploy.addresses import DatabaseAddresses
from deploy.composition import listened, open_database
from deploy.keys import anchor_key
from deploy.local import Broker
from deploy.logs import security_log
from deploy.measured import measured
from deploy.running import running
from deploy.scrapes import served
from deploy.signals import stopping
from events.intake import run_intake
from events.metrics import IntakeMetrics, RelayMetrics
from events.relay import run_relay
from events.topology import UNSET
from events.upkeep import bring_topology, keep_anchors, keep_deadlines, keep_reminders, keep_retention, keep_topology
from events.watch import Watch, keep_watch
from services.core.clock import SystemClock
from services.core.settings import Settings
from services.migrations.grants import Login


async def relay(settings: Settings, addresses: DatabaseAddresses, broker: Broker) -> None:
    """Bring waiting deliveries to the broker, keep its topology, prune the log and remind until told to stop."""
    clock, metrics, policy = SystemClock(), RelayMetrics(), settings.policy
    url = listened(settings, addresses, Login.RELAY)
    scraped = served(metrics.registry, host=settings.host, port=settings.metrics_port)
    async with open_database(settings, addresses, Login.RELAY) as db:

        async def work(stop: asyncio.Event) -> None:
            async with asyncio.TaskGroup() as tasks:
                tasks.create_task(
                    run_relay(
                        db,
                        database_url=url,
                        amqp_url=broker.relay_url,
                        public_url=settings.public_url,
                        clock=clock,
                        stop=stop,
                        metrics=metrics,
                    )
                )
                tasks.create_task(keep_retention(db, policy=policy, clock=clock, stop=stop))
                tasks.create_task(keep_reminders(db, policy=policy, clock=clock, metrics=metrics, stop=stop))
                tasks.create_task(keep_deadlines(db, policy=policy, clock=clock, metrics=metrics, stop=stop))
                if settings.anchor_dir is not None:
                    key = anchor_key(settings)
                    tasks.create_task(keep_anchors(db, settings.anchor_dir, key, clock=clock, stop=stop))
                if settings.metrics_port is not None:
                    watch = Watch(db, amqp_url=broker.url, api_url=broker.api_url, clock=clock)
                    tasks.create_task(keep_watch(watch, metrics, stop=stop))
                if broker.api_url is not None:
                    tasks.create_task(
                        keep_topology(
                            db,
                            database_url=url,
                            amqp_url=broker.url,
                            api_url=broker.api_url,
                            limits=settings.agency,
                            own=broker.own_accounts,
                            stop=stop,
                        )
                    )

        with scraped, measured(metrics.registry):
            async with running("relay", settings, db):
                await until_stopped(work)


async def intake(settings: Settings, addresses: DatabaseAddresses, broker: Broker) -> None:
    """Take departments' replies in until told to stop."""
    limits = settings.agency
    with security_log(settings.security_log, None) as security:
        metrics = IntakeMetrics(security)
        scraped = served(metrics.registry, host=settings.host, port=settings.metrics_port)
        async with open_database(settings, addresses, Login.INTAKE) as db:

            async def work(stop: asyncio.Event) -> None:
                await run_intake(
                    db, amqp_url=broker.intake_url, clock=SystemClock(), stop=stop, limits=limits, metrics=metrics
                )

            with scraped, measured(metrics.registry):
                async with running("intake", settings, db):
                    await until_stopped(work)


async def topology(settings: Settings, addresses: DatabaseAddresses, broker: Broker) -> str:
    """Bring the broker's exchanges, queues, policies and rights to what the registry says; return what was done."""
    async with open_database(settings, addresses, Login.RELAY) as db:
        count = await bring_topology(
            db, amqp_url=broker.url, api_url=broker.api_url, limits=settings.agency, own=broker.own_accounts
        )
    if broker.api_url is not None:
        return f"{count} departments have their queues"
    return (
        f"{count} departments have their queues; not set without the management API "
        f"(SHANGLIANG_RABBITMQ_API_URL): {UNSET}. Import a file of `shangliang agency definitions` for them"
    )


async def until_stopped(work: Callable[[asyncio.Event], Awaitable[None]]) -> None:
    """Run work that ends when its event is set, and set it at the first signal that asks to stop."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for name in stopping():
        loop.add_signal_handler(name, stop.set)
    await work(stop)
