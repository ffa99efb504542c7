"""Servers of this machine for what the settings leave open: started if they do not run, stopped if started here."""

import hmac
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit, urlunsplit

from deploy.addresses import DatabaseAddresses
from deploy.servers import debian
from deploy.servers.errors import ServerError
from deploy.servers.postgres import EmbeddedPostgres
from deploy.servers.rabbitmq import PrivateRabbitMQ
from services.core.settings import Settings
from services.migrations.grants import Login

if TYPE_CHECKING:
    from events.permissions import OwnAccount

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Broker:
    """Where the broker is; `node` is the private one that may still be starting.

    The relay and the intake may have accounts of their own.
    """

    url: str
    api_url: str | None
    node: PrivateRabbitMQ | None = None
    own_relay_url: str | None = None
    own_intake_url: str | None = None

    @property
    def relay_url(self) -> str:
        """Where the relay publishes."""
        return self.own_relay_url or self.url

    @property
    def intake_url(self) -> str:
        """Where the intake takes replies in."""
        return self.own_intake_url or self.url

    @property
    def own_accounts(self) -> "list[OwnAccount]":
        """The relay's and the intake's accounts, where they are their own."""
        from events.permissions import own_accounts

        others = (self.url, self.api_url)
        return own_accounts(relay_url=self.own_relay_url, intake_url=self.own_intake_url, others=others)

    def wait_ready(self) -> None:
        """Return when the broker answers. Raises ServerError when a private node does not."""
        if self.node is not None:
            self.node.wait_ready()


def state(settings: Settings) -> Path:
    """Return the folder of this machine's servers, made where it is not there. Raises ServerError."""
    path = settings.state_dir
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ServerError(f"SHANGLIANG_STATE_DIR: {path} cannot be made: {error.strerror}.") from error
    if not os.access(path, os.W_OK | os.X_OK):
        raise ServerError(f"SHANGLIANG_STATE_DIR: {path} cannot be written by who runs this.")
    return path


@contextmanager
def database(settings: Settings) -> Iterator[DatabaseAddresses]:
    """Yield the addresses of the database: the settings' or those of an embedded server."""
    named = DatabaseAddresses.of(settings)
    if named.named:
        yield named
        return
    server = EmbeddedPostgres(state(settings) / "postgres")
    server.start()
    try:
        yield embedded(server)
    finally:
        server.stop()


def embedded(server: EmbeddedPostgres) -> DatabaseAddresses:
    """Return the addresses of an embedded server's database, which a migration lets log in."""
    return DatabaseAddresses(server.url, {login: login_url(server.url, login) for login in Login})


def login_url(url: str, login: Login) -> str:
    """Return a superuser's address with a role's account instead.

    The password is drawn from the superuser's, so that it is kept nowhere and known to whoever knows that one alone.
    """
    address = urlsplit(url)
    password = hmac.digest(unquote(address.password or "").encode(), login.encode(), "sha256").hex()
    place = address.netloc.rpartition("@")[2]
    return urlunsplit(address._replace(netloc=f"{login}:{password}@{place}"))


@contextmanager
def broker(settings: Settings, say: Say, *, install: bool = False) -> Iterator[Broker | None]:
    """Yield the broker: the settings' or a private node; None, with the reason said, where there is none."""
    if settings.amqp_url is not None:
        yield Broker(
            settings.amqp_url,
            settings.rabbitmq_api_url,
            own_relay_url=settings.relay_amqp_url,
            own_intake_url=settings.intake_amqp_url,
        )
        return
    if PrivateRabbitMQ.installed() is None and not (install and debian.install(debian.BROKER)):
        say("RabbitMQ is not installed and SHANGLIANG_AMQP_URL is not set: events wait in their rows. "
            "Install the package rabbitmq-server, or name a broker.")  # fmt: skip
        yield None
        return
    node = PrivateRabbitMQ(state(settings) / "rabbitmq")
    node.start()
    try:
        yield Broker(node.url, node.api_url, node)
    finally:
        node.stop()
