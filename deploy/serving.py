"""The process that answers HTTP."""

import gc
import signal
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from socket import socket
from types import FrameType

import uvicorn

from deploy.addresses import DatabaseAddresses
from deploy.composition import listened, open_database
from deploy.console import fail
from deploy.issuer import local_issuer
from deploy.line import message
from deploy.logs import security_log
from deploy.measured import measured
from deploy.running import running
from deploy.scrapes import served
from deploy.seat import Seat
from events.contract.files import served_documents
from graph.budgets import AtOnce, Budgets
from graph.console import DOCUMENTS
from graph.documents import ManifestInvalid, TrustedDocuments, read_manifests
from graph.engine import Engine
from graph.http.app import Application, create_app
from graph.http.auth import Authenticator, IssuerAuthenticator, LocalAuthenticator, WideningAuthenticator
from graph.http.callers import Callers
from graph.http.connection import bounded
from graph.http.console import Console
from graph.http.drain import Drain
from graph.http.issuer import open_issuer
from graph.http.parts import FragmentingWebSocket
from graph.schema import Schema, build_schema
from services.access.book import GrantBook, open_book
from services.core.clock import Clock, SystemClock
from services.core.database import Database
from services.core.keys import CURSOR, installation_key
from services.core.settings import Documents, Settings
from services.migrations.grants import Login
from services.notices.hub import Hub, open_hub

GRACE_S = 10
"""How long the process, once told to stop, finishes what is under way."""


COLLECTED_AFTER = (100_000, 5, 10)
"""How many more objects there are before the youngest are looked at for garbage, and how often those of an age are
before the older ones: CPython's figures are 700 (2,000 from 3.13 on), 10 and 10."""


async def serve(settings: Settings, addresses: DatabaseAddresses, seat: Seat | None = None) -> None:
    """Answer HTTP until told to stop; with a seat, as one of several workers."""
    clock, url = SystemClock(), listened(settings, addresses, Login.WRITE)
    async with (
        open_database(settings, addresses, Login.WRITE) as db,
        open_hub(db, url, backlog=settings.subscriber_backlog) as hub,
        open_book(db, url) as book,
        open_authenticator(settings, clock, book) as authenticator,
        running("serve", settings, db),
    ):
        told = {} if seat is None else await seat.told(settings)
        schema = build_schema(federation=settings.federation)
        key = await installation_key(db.primary, CURSOR)
        engine = read_engine(settings, schema, db, clock, key)
        callers, drain = Callers(settings.trusted_proxies), Drain()
        trusted_only = settings.documents is Documents.ONLY
        with security_log(settings.security_log, key) as security, measured(engine.metrics.registry):
            app = create_app(
                schema,
                engine,
                db,
                authenticator,
                hub=hub,
                body_bytes=settings.request_body_bytes,
                explorer=settings.explorer and not trusted_only,
                console=Console(issuer=settings.sign_in_issuer, client_id=settings.console_client_id)
                if settings.console
                else None,
                schema_shown=not trusted_only,
                hosts=settings.answered_hosts,
                origins=settings.cors_origins,
                public_url=settings.public_url,
                documents=served_documents(),
                security=security,
                callers=callers,
                at_once=AtOnce(streams=settings.caller_streams, exports=settings.caller_exports),
                drain=drain,
                access_log=settings.access_log,
            )
            spare_collector()
            server = Server(server_config(settings, app, callers, drain), hub, drain, settings.drain_s)
            if seat is None:
                with served(engine.metrics.registry, host=settings.host, port=settings.metrics_port):
                    await server.serve()
                return
            async with seat.taken(server, engine) as line:
                server.on_started = lambda: line.write(message("ready", told))
                await server.serve(seat.sockets)


def spare_collector() -> None:
    """Let the collector of garbage stop for less.

    What stands now stays, and is left out. Told of a change, thousands of subscribers make objects all at once, nearly
    all of which go by themselves: by CPython's figures the collector would look at them some forty times for each
    change, and now and then at all that the subscribers keep. Garbage that needs it is little: what an invalid
    document and the end of a WebSocket leave behind.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(*COLLECTED_AFTER)


def server_config(settings: Settings, app: Application, callers: Callers, drain: Drain) -> uvicorn.Config:
    """Return how uvicorn answers HTTP and WebSockets."""
    return uvicorn.Config(
        app,
        host=settings.host,
        port=settings.port,
        http=bounded(
            settings.caller_connections,
            callers.is_proxy,
            head_s=settings.head_timeout_s,
            body_s=settings.body_timeout_s,
            drain=drain,
        ),
        limit_concurrency=settings.connections,
        ws=FragmentingWebSocket,
        ws_max_size=settings.request_body_bytes,
        ws_per_message_deflate=False,  # its buffers would cost each silent subscriber more than all the rest
        lifespan="off",
        access_log=False,
        log_config=None,
        log_level="warning",
        timeout_keep_alive=settings.keep_alive_s,
        timeout_graceful_shutdown=GRACE_S,
        proxy_headers=False,  # anybody may send such a header
        server_header=False,
    )


class Server(uvicorn.Server):
    """A server that drains when it is told to end, and ends subscriptions before it waits for what is under way.

    While it drains it takes connections and answers, so that whoever sends it requests has time to send them elsewhere.
    """

    def __init__(self, config: uvicorn.Config, hub: Hub, drain: Drain, drain_s: float) -> None:
        super().__init__(config)
        self._hub = hub
        self._drain = drain
        self._drain_s = drain_s
        self.on_started: Callable[[], None] = lambda: None

    async def startup(self, sockets: list[socket] | None = None) -> None:
        """Take connections from now on."""
        await super().startup(sockets)
        self.on_started()

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Begin to drain where SIGTERM asks for the end; end at once by Ctrl-C, or where it is asked for again."""
        drains = sig == signal.SIGTERM and not self._drain.begun and self._drain_s > 0
        self._drain.begin()
        if drains:
            self._captured_signals.append(sig)
        else:
            super().handle_exit(sig, frame)

    async def on_tick(self, counter: int) -> bool:
        """Tell whether to end: so it is when it has drained."""
        return await super().on_tick(counter) or self._drain.lasted(self._drain_s)

    async def shutdown(self, sockets: list[socket] | None = None) -> None:
        """Take no more connections, end subscriptions, finish what is under way."""
        self._hub.close()
        await super().shutdown(sockets)


def read_engine(settings: Settings, schema: Schema, db: Database, clock: Clock, cursor_key: bytes) -> Engine:
    """Return what executes requests by the settings' limits and rules, its cursors sealed by the key."""
    try:
        manifests = read_manifests([*settings.trusted_documents, *([DOCUMENTS] if settings.console else [])])
    except ManifestInvalid as error:
        raise fail(str(error)) from error
    return Engine(
        schema,
        db,
        clock,
        cursor_key=cursor_key,
        limits=settings.limit,
        hide_suggestions=settings.hide_suggestions or settings.documents is Documents.ONLY,
        policy=settings.policy,
        budgets=Budgets(settings.budget_per_minute),
        slow_s=settings.slow_operation_s,
        documents=TrustedDocuments(manifests, settings.documents),
    )


@asynccontextmanager
async def open_authenticator(settings: Settings, clock: Clock, book: GrantBook) -> AsyncIterator[Authenticator]:
    """Yield who verifies tokens, by the configured issuer's keys or the local pair, and adds what the book holds."""
    if settings.oidc_issuer is None:
        yield WideningAuthenticator(LocalAuthenticator(local_issuer(settings), clock), book)
        return
    async with open_issuer(settings.oidc_issuer, settings.oidc_audience, clock) as keys:
        yield WideningAuthenticator(IssuerAuthenticator(keys, clock), book)
