"""The pools of one process."""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from urllib.parse import urlsplit

import asyncpg

from deploy.addresses import DatabaseAddresses, hold_rights, require_owner, variable_of
from deploy.servers.errors import ServerError
from services.core.database import Database
from services.core.settings import Settings
from services.migrations.current import require_schema, takes_rights
from services.migrations.grants import Login
from services.migrations.tables import REFUSALS

DATABASE_PORT = 5432


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
    async with opened(settings, url, read_url if login is Login.WRITE else None) as db:
        if login is Login.WRITE and not await takes_rights(db.reads):
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
async def opened(settings: Settings, url: str, read_url: str | None) -> AsyncIterator[Database]:
    """Yield the pools of a database whose schema is the present one; reads may go by an address of their own."""
    with reaching(read_url or url):
        db = await Database.open(
            url,
            read_url=read_url,
            refusals=REFUSALS,
            read_connections=settings.read_connections,
            write_connections=settings.write_connections,
            export_connections=settings.export_connections,
            export_timeout_s=settings.export_timeout_s,
            statement_timeout_s=settings.statement_timeout_s,
        )
    try:
        await require_schema(db.reads)
        yield db
    finally:
        await db.close()


@contextmanager
def reaching(url: str) -> Iterator[None]:
    """Let a database that cannot be used be told by its place. Raises ServerError."""
    try:
        yield
    except (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
        raise ServerError(f"The database at {place_of(url)} cannot be used: {str(error) or repr(error)}.") from error


def place_of(url: str) -> str:
    """Return the host and the port of an address."""
    parts = urlsplit(url)
    return f"{parts.hostname}:{parts.port or DATABASE_PORT}"
