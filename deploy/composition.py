"""The pools of one process."""

from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from urllib.parse import urlsplit

import structlog

from deploy.addresses import DatabaseAddresses, hold_rights, require_owner, variable_of
from deploy.servers.errors import ServerError
from services.core.addresses import place_of
from services.core.connecting import FAILED
from services.core.database import Database
from services.core.settings import Settings
from services.migrations.current import require_schema, takes_rights
from services.migrations.grants import Login
from services.migrations.tables import REFUSALS

log = structlog.get_logger()


@asynccontextmanager
async def open_database(settings: Settings, addresses: DatabaseAddresses, login: Login) -> AsyncIterator[Database]:
    """Yield the pools of one process, with the rights of its role; what the API reads goes by the readers'.

    Raises ServerError where the database lets nobody in, or in production where an address may do more than that.
    """
    url = read_url = addresses.url(login)
    with reaching(read_url):
        await hold_rights(settings, url, login)
    if login is Login.WRITE:
        read_url = addresses.url(Login.READ)
        if read_url != url or settings.environment == "production":  # else the same was said above
            with reaching(read_url):
                await hold_rights(settings, read_url, Login.READ)
    replicas = settings.replica_database_urls if login is Login.WRITE else ()
    for replica in replicas:
        require_account(replica, read_url)
    async with opened(settings, url, read_url if login is Login.WRITE else None, replicas) as db:
        if login is Login.WRITE and not await takes_rights(db.primary):
            raise ServerError(
                "The database does not take the callers' rights that are signed by the password in "
                f"{variable_of(Login.READ)}: run `shangliang migrate` with the same address set."
            )
        yield db


@asynccontextmanager
async def open_owners_database(settings: Settings, addresses: DatabaseAddresses) -> AsyncIterator[Database]:
    """Yield pools with the rights of who migrates the database.

    Raises ServerError as `open_database` does, and for an account that does not own the tables.
    """
    url = addresses.owners()
    with reaching(url):
        await require_owner(url)
    async with opened(settings, url, None) as db:
        yield db


@asynccontextmanager
async def opened(
    settings: Settings, url: str, read_url: str | None, replicas: Sequence[str] = ()
) -> AsyncIterator[Database]:
    """Yield the pools of a database whose schema is the present one; reads may go by addresses of their own."""
    with reaching(read_url or url):
        db = await Database.open(
            url,
            read_url=read_url,
            replica_urls=replicas,
            listen_url=settings.listen_database_url,
            refusals=REFUSALS,
            read_connections=settings.read_connections,
            write_connections=settings.write_connections,
            export_connections=settings.export_connections,
            export_timeout_s=settings.export_timeout_s,
            statement_timeout_s=settings.statement_timeout_s,
        )
    try:
        await require_schema(db.primary)
        if unset := await db.unset():
            log.warning("connections lack settings", settings=unset, at=place_of(read_url or url))
        yield db
    finally:
        await db.close()


def listened(settings: Settings, addresses: DatabaseAddresses, login: Login) -> str:
    """Return the address by which a process hears of changes."""
    return settings.listen_database_url or addresses.url(login)


def require_account(replica: str, read_url: str) -> None:
    """Require that a replica is read as its primary is, whose accounts and their rights it has. Raises ServerError."""
    account, own = urlsplit(read_url).username, urlsplit(replica).username
    if own != account:
        raise ServerError(
            f"SHANGLIANG_REPLICA_DATABASE_URLS has the account {own} at {place_of(replica)}: right is {account}, by "
            "which the primary is read, for a replica has the same accounts."
        )


@contextmanager
def reaching(url: str) -> Iterator[None]:
    """Let a database that cannot be used be told by its place. Raises ServerError."""
    try:
        yield
    except FAILED as error:
        raise ServerError(f"The database at {place_of(url)} cannot be used: {str(error) or repr(error)}.") from error
