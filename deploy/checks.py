"""What an installation rests on, tried out: servers, accounts, clocks and room."""

import shutil
import tempfile
from collections.abc import AsyncIterator, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import TypeAlias
from urllib.parse import unquote, urlsplit

import aio_pika
import asyncpg
import httpx
from aio_pika.abc import AbstractChannel
from aio_pika.exceptions import PublishError
from aiormq.exceptions import AMQPError, ChannelAccessRefused, ProbableAuthenticationError

from deploy.addresses import RIGHTS, DatabaseAddresses, excess_of, setting_of
from deploy.issuer import IssuerMissing, require_issuer
from deploy.local import Broker
from events.management import open_management
from events.names import EVENTS, REPLIES_INBOX
from events.permissions import login as login_of
from graph.http.issuer import DISCOVERY, fetched
from services.core.addresses import place_of
from services.core.clock import Clock
from services.core.connecting import FAILED
from services.core.rights import SERVICE, SETTING, Signer, key_of
from services.core.settings import Settings
from services.core.tokens import verifying_keys
from services.migrations.current import CURRENT, HEAD, OWN_RIGHTS, fits
from services.migrations.errors import SchemaUnfit
from services.migrations.grants import Login

TIMEOUT_S = 10.0
OLDEST = 150_000
"""PostgreSQL's version, as `server_version_num` has it."""
MOST_OFF_S = 60.0
"""How far clocks may be apart: the database takes signed rights up to five minutes, tokens bear less."""
LEAST_FREE = 2**30
"""Bytes that a folder should have room for."""
TRIED = "CHECK.nobody"
"""A routing key that is no department's, and no queue is bound by: what is published under it comes back."""

Connection: TypeAlias = "asyncpg.Connection[asyncpg.Record]"


@dataclass(frozen=True, slots=True)
class Found:
    """What was tried and found."""

    tried: str
    found: str
    right: str | None = None
    """What would be right, where something else was found."""


class Checks:
    """Tries out what the settings name."""

    def __init__(self, settings: Settings, addresses: DatabaseAddresses, broker: Broker | None, clock: Clock) -> None:
        self._settings = settings
        self._addresses = addresses
        self._broker = broker
        self._clock = clock
        self._strict = settings.environment == "production"

    async def run(self) -> AsyncIterator[Found]:
        """Yield what is found, one after the other."""
        seen: set[str] = set()
        for login in (None, *Login):
            url = self._addresses.owner if login is None else self._addresses.logins.get(login)
            if url is not None:
                async for found in self._database(url, login, fresh=located(url) not in seen):
                    yield found
                seen.add(located(url))
        async for found in self._brokers():
            yield found
        async for found in self._issuer():
            yield found
        for found in self._folders():
            yield found

    async def _database(self, url: str, login: Login | None, *, fresh: bool) -> AsyncIterator[Found]:
        """Try an address of the database; what is the same for all who go there, where it is `fresh`."""
        setting = "database_url" if login is None else setting_of(login)
        tried = f"database, {setting}"
        try:
            connection = await asyncpg.connect(url, timeout=TIMEOUT_S)
        except FAILED as error:
            named = f"SHANGLIANG_{setting.upper()} with an address, an account and a password that are taken"
            yield Found(tried, f"{located(url)}: {str(error) or repr(error)}", named)
            return
        try:
            version, name = connection.get_server_version(), connection.get_settings().server_version
            yield Found(
                tried,
                f"PostgreSQL {name} at {located(url)}",
                None if version.major * 10_000 >= OLDEST else "PostgreSQL 15 or later",
            )
            yield await self._account(connection, login, tried)
            if fresh:
                yield await schema(connection)
                told: datetime = await connection.fetchval("SELECT clock_timestamp()")
                yield self._clock_of(f"clock, database at {place_of(url)}", told)
            if login is Login.READ:
                yield await self._policies(connection, url)
        except FAILED as error:
            yield Found(tried, str(error) or repr(error), "a database that answers")
        finally:
            await connection.close()

    async def _account(self, connection: Connection, login: Login | None, tried: str) -> Found:
        """Hold an account against what it is for."""
        tried = f"{tried}: account"
        rights = await connection.fetchrow(RIGHTS)
        if rights is None:
            return Found(tried, "nothing is known of it", "an account")
        account = str(rights["account"])
        if login is None:
            owns = rights["superuser"] or rights["owner"] or not await connection.fetchval(TABLES)
            told = f"{account} {'may migrate' if owns else 'does not own the tables'}"
            return Found(tried, told, None if owns else "the account of who migrates")
        member = await connection.fetchval(MEMBER, login)
        if not member:
            return Found(
                tried, f"{account} is not {login}", f"`shangliang migrate`, and an account with the role {login}"
            )
        excess = excess_of(dict(rights), login)
        right = f"an account with no more than the role {login}" if excess and self._strict else None
        return Found(tried, f"{account} {excess or f'has the rights of {login}'}", right)

    async def _policies(self, connection: Connection, url: str) -> Found:
        """Try whether the database takes rights that are signed by the password of an address."""
        tried = "database, row policies"
        key = key_of(url)
        told = "" if key is None else Signer(key).signed(SERVICE).decode()
        try:
            async with connection.transaction():
                await connection.execute("SELECT set_config($1, $2, true)", SETTING, told)
                taken = await connection.fetchval(OWN_RIGHTS)
        except asyncpg.InsufficientPrivilegeError:  # they are signed by another key
            taken = ""
        if not taken:
            again = "`shangliang migrate` with the same SHANGLIANG_READ_DATABASE_URL"
            return Found(tried, "rights signed by this password are not taken", again)
        if taken == "of no use":
            right = f"an account with no more than the role {Login.READ}" if self._strict else None
            return Found(tried, "do not hold for this account", right)
        return Found(tried, "rights signed by this password are taken")

    async def _brokers(self) -> AsyncIterator[Found]:
        """Try the addresses of the broker, and its management API."""
        broker = self._broker
        if broker is None:
            yield Found("broker", "none: events wait in their rows", "SHANGLIANG_AMQP_URL" if self._strict else None)
            return
        for name, url in (
            ("amqp_url", broker.url),
            ("relay_amqp_url", broker.own_relay_url),
            ("intake_amqp_url", broker.own_intake_url),
        ):
            if url is not None:
                async for found in self._account_of_broker(name, url):
                    yield found
        if broker.api_url is None:
            yield Found("broker, management", "none: neither policies nor accounts are kept")
            return
        try:
            async with open_management(broker.api_url, broker.url) as management:
                accounts = await management.accounts()
        except (httpx.HTTPError, OSError) as error:
            right = "SHANGLIANG_RABBITMQ_API_URL with an administrator's account"
            yield Found("broker, management", str(error).partition("\n")[0] or repr(error), right)
            return
        own = [login_of(url)[0] for url in (broker.relay_url, broker.intake_url)]
        missing = sorted({name for name in own if name not in accounts})
        told = f"{len(accounts)} accounts" + (f", none of them {', '.join(missing)}" if missing else "")
        yield Found("broker, management", told, "`shangliang topology`, which makes them" if missing else None)

    async def _account_of_broker(self, name: str, url: str) -> AsyncIterator[Found]:
        """Try an address of the broker: who is let in, into which vhost, and what for."""
        parts = urlsplit(url)
        vhost = unquote(parts.path.removeprefix("/")) or "/"
        tried, place = (
            f"broker, {name}",
            f"{parts.hostname}:{parts.port or (5671 if parts.scheme == 'amqps' else 5672)}",
        )
        try:
            connection = await aio_pika.connect(url, timeout=TIMEOUT_S)
        except ProbableAuthenticationError as error:
            yield Found(
                tried, f"{place}: {told_by(error)}", f"SHANGLIANG_{name.upper()} with an account that is let in"
            )
            return
        except (AMQPError, OSError, TimeoutError) as error:
            right = f"SHANGLIANG_{name.upper()} with a broker, and a vhost that the account may enter"
            yield Found(tried, f"{place}, vhost {vhost}: {told_by(error)}", right)
            return
        async with connection:
            account = login_of(url)[0]
            yield Found(tried, f"{account} at {place}, vhost {vhost}")
            work = {"relay_amqp_url": publishes, "intake_amqp_url": finds_replies}.get(name, configures)
            try:
                fault = await work(await connection.channel(publisher_confirms=True, on_return_raises=True))
            except ChannelAccessRefused as error:
                yield Found(f"{tried}: permission", told_by(error), "`shangliang topology`, which gives it")
            except (AMQPError, OSError, TimeoutError) as error:
                yield Found(
                    f"{tried}: permission", told_by(error), "`shangliang topology`, which makes what is missing"
                )
            else:
                yield Found(f"{tried}: permission", fault)

    async def _issuer(self) -> AsyncIterator[Found]:
        """Try the issuer: its discovery document, its keys, its clock."""
        issuer = self._settings.oidc_issuer
        if issuer is None:
            try:
                require_issuer(self._settings)
            except IssuerMissing:
                yield Found("issuer", "none, in production", "SHANGLIANG_OIDC_ISSUER")
            else:
                yield Found("issuer", "none: the local issuer's tokens are taken")
            return
        try:
            keys = len(verifying_keys(await fetched(issuer)))
        except (httpx.HTTPError, ValueError) as error:
            yield Found("issuer", f"{issuer}: {str(error) or repr(error)}", "an issuer that answers with its keys")
            return
        yield Found("issuer", f"{keys} keys of {issuer}", None if keys else "a set with keys that verify tokens")
        async with httpx.AsyncClient(timeout=TIMEOUT_S) as client:
            date = (await client.get(issuer.rstrip("/") + DISCOVERY)).headers.get("date")
        if date is not None:
            yield self._clock_of("clock, issuer", parsedate_to_datetime(date))

    def _clock_of(self, tried: str, told: datetime) -> Found:
        """Hold a clock against this machine's."""
        off = (told - self._clock.now()).total_seconds()
        how = f"{abs(off):.1f} s {'ahead of' if off > 0 else 'behind'} this machine's"
        return Found(tried, how, None if abs(off) <= MOST_OFF_S else f"clocks less than {MOST_OFF_S:.0f} s apart (NTP)")

    def _folders(self) -> Iterator[Found]:
        """Try the folders that are written."""
        log = self._settings.security_log
        places: Mapping[str, Path | None] = {
            "state_dir": self._settings.state_dir,
            "anchor_dir": self._settings.anchor_dir,
            "security_log": None if log is None else log.absolute().parent,
        }
        for name, path in places.items():
            if path is not None:
                yield room(f"disk, {name}", path)


TABLES = "SELECT EXISTS (SELECT FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r')"
MEMBER = "SELECT coalesce(pg_has_role(session_user, to_regrole($1), 'USAGE'), false)"


async def schema(connection: Connection) -> Found:
    """Hold the database's schema against the code."""
    try:
        told = str(await connection.fetchval(CURRENT))
    except asyncpg.UndefinedTableError:
        told = ""
    except asyncpg.InsufficientPrivilegeError as error:
        return Found("database, schema", str(error), "`shangliang migrate`, which gives the rights")
    revision, _, serves = told.partition(" ")
    if fits(revision, serves or None):
        return Found("database, schema", f"at {revision}")
    unfit = SchemaUnfit(revision, HEAD, newer=revision > HEAD)
    return Found("database, schema", f"{unfit.standing}: {revision or 'none'}", f"{HEAD}, by `shangliang migrate`")


async def configures(channel: AbstractChannel) -> str:
    """Try whether an account may make things, as the topology does."""
    queue = await channel.declare_queue("", exclusive=True, auto_delete=True, timeout=TIMEOUT_S)
    await queue.delete()
    return "makes queues"


async def publishes(channel: AbstractChannel) -> str:
    """Try whether an account may publish events: one that no queue gets comes back."""
    exchange = await channel.get_exchange(EVENTS, ensure=True)
    try:
        await exchange.publish(aio_pika.Message(b""), TRIED, mandatory=True, timeout=TIMEOUT_S)
    except PublishError:
        return f"publishes to {EVENTS}"
    return f"publishes to {EVENTS}, where a queue takes {TRIED}"


async def finds_replies(channel: AbstractChannel) -> str:
    """Try whether the queue of replies is there; to read it would take a reply."""
    queue = await channel.get_queue(REPLIES_INBOX)
    return f"{REPLIES_INBOX} is there, with {queue.declaration_result.message_count} messages"


def told_by(error: BaseException) -> str:
    """Return what an error says, in one line."""
    return " ".join(str(error).split()) or repr(error)


def located(url: str) -> str:
    """Return the place and the name of the database at an address."""
    return f"{place_of(url)}{urlsplit(url).path}"


def room(tried: str, path: Path) -> Found:
    """Try whether a folder, or the one in which it would be made, can be written and has room."""
    nearest = next(one for one in (path.absolute(), *path.absolute().parents) if one.is_dir())
    try:
        with tempfile.TemporaryFile(dir=nearest):
            free = shutil.disk_usage(nearest).free
    except OSError as error:
        return Found(tried, f"{path} cannot be written: {error.strerror}", "a folder of who runs this")
    told = f"{free / 2**30:.1f} GiB free for {path}"
    return Found(tried, told, None if free >= LEAST_FREE else f"{LEAST_FREE / 2**30:.0f} GiB or more")


def table(found: list[Found]) -> str:
    """Return what was found as lines of columns."""
    rows = [
        ("ok" if one.right is None else "WRONG", one.tried, one.found + (f" → {one.right}" if one.right else ""))
        for one in found
    ]
    tried = max(len(row[1]) for row in rows)
    return "\n".join(f"{state:5}  {name:{tried}}  {told}" for state, name, told in rows)
