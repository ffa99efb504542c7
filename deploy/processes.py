"""What each long-running process does, until it is told to stop."""

import asyncio
import gc
from collections.abc import Awaitable, Callable
from socket import socket

import uvicorn

from deploy.composition import open_authenticator, open_database, read_engine
from deploy.local import Broker
from deploy.logs import security_log
from deploy.signals import stopping
from events.contract.files import served_documents
from events.intake import run_intake
from events.metrics import IntakeMetrics, RelayMetrics, served
from events.relay import run_relay
from events.upkeep import bring_topology, keep_deadlines, keep_reminders, keep_retention, keep_topology
from events.watch import Watch, keep_watch
from graph.http.app import Application, create_app
from graph.schema import build_schema
from services.access.book import open_book
from services.core.clock import SystemClock
from services.core.keys import CURSOR, installation_key
from services.core.settings import Documents, Settings
from services.notices.hub import Hub, open_hub

GRACE_S = 10
"""How long a process that was told to stop finishes what is under way."""


async def serve(settings: Settings, url: str) -> None:
    """Answer HTTP until told to stop."""
    clock = SystemClock()
    async with (
        open_database(settings, url) as db,
        open_hub(db, url, backlog=settings.subscriber_backlog) as hub,
        open_book(db, url) as book,
        open_authenticator(settings, clock, book) as authenticator,
    ):
        schema = build_schema(federation=settings.federation)
        engine = await read_engine(settings, schema, db, clock)
        trusted_only = settings.documents is Documents.ONLY
        with security_log(settings.security_log, await installation_key(db.reads, CURSOR)) as security:
            app = create_app(
                schema,
                engine,
                db,
                authenticator,
                hub=hub,
                body_bytes=settings.request_body_bytes,
                explorer=settings.explorer and not trusted_only,
                schema_shown=not trusted_only,
                hosts=settings.answered_hosts,
                origins=settings.cors_origins,
                documents=served_documents(),
                security=security,
            )
            # What stands now stays: the collector need not walk over the schema again and again.
            gc.collect()
            gc.freeze()
            with served(engine.metrics.registry, host=settings.host, port=settings.metrics_port):
                await Server(server_config(settings, app), hub).serve()


def server_config(settings: Settings, app: Application) -> uvicorn.Config:
    """Return how uvicorn answers HTTP and WebSockets."""
    return uvicorn.Config(
        app,
        host=settings.host,
        port=settings.port,
        http="httptools",
        ws="websockets-sansio",
        ws_max_size=settings.request_body_bytes,
        ws_per_message_deflate=False,  # its buffers would cost each silent subscriber more than all the rest
        lifespan="off",
        access_log=False,
        log_level="warning",
        timeout_graceful_shutdown=GRACE_S,
        proxy_headers=False,  # anybody may send such a header
    )


class Server(uvicorn.Server):
    """A server that ends subscriptions before it waits for what is under way."""

    def __init__(self, config: uvicorn.Config, hub: Hub) -> None:
        super().__init__(config)
        self._hub = hub

    async def shutdown(self, sockets: list[socket] | None = None) -> None:
        """Take no more connections, end subscriptions, finish what is under way."""
        self._hub.close()
        await super().shutdown(sockets)


async def relay(settings: Settings, url: str, broker: Broker) -> None:
    """Bring waiting deliveries to the broker, keep its topology, prune the log and remind until told to stop."""
    clock, metrics, policy = SystemClock(), RelayMetrics(), settings.policy
    scraped = served(metrics.registry, host=settings.host, port=settings.metrics_port)
    async with open_database(settings, url) as db:

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
                            own=broker.own_accounts,
                            stop=stop,
                        )
                    )

        with scraped:
            await until_stopped(work)


async def intake(settings: Settings, url: str, broker: Broker) -> None:
    """Take departments' replies in until told to stop."""
    with security_log(settings.security_log, None) as security:
        metrics = IntakeMetrics(security)
        scraped = served(metrics.registry, host=settings.host, port=settings.metrics_port)
        async with open_database(settings, url) as db:

            async def work(stop: asyncio.Event) -> None:
                await run_intake(db, amqp_url=broker.intake_url, clock=SystemClock(), stop=stop, metrics=metrics)

            with scraped:
                await until_stopped(work)


async def topology(settings: Settings, url: str, broker: Broker) -> int:
    """Bring the broker's exchanges, queues, policies and rights to what the registry says; return how many channels."""
    async with open_database(settings, url) as db:
        return await bring_topology(db, amqp_url=broker.url, api_url=broker.api_url, own=broker.own_accounts)


async def until_stopped(work: Callable[[asyncio.Event], Awaitable[None]]) -> None:
    """Run work that ends when its event is set, and set it at the first signal that asks to stop."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for name in stopping():
        loop.add_signal_handler(name, stop.set)
    await work(stop)
