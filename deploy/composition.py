"""The pools of one process."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from urllib.parse import urlsplit

import asyncpg

from deploy.addresses import DatabaseAddresses, hold_rights
from deploy.servers.errors import ServerError
from services.core.database import Database
from services.core.settings import Settings
from services.migrations.current import require_schema
from services.migrations.grants import Login
from services.migrations.tables import REFUSALS

DATABASE_PORT = 5432


@asynccontextmanager
async def open_database(settings: Settings, addresses: DatabaseAddresses, login: Login) -> AsyncIterator[Database]:
    """Yield the pools of one process, with the rights of its role; what the API reads goes by the readers'.

    Raises ServerError where the database lets nobody in, or in production where an address may do more than that.
    """
    url = read_url = addresses.url(login)
    try:
        await hold_rights(settings, url, login)
        if login is Login.WRITE:
            read_url = addresses.url(Login.READ)
            if read_url != url or settings.environment == "production":  # else the same was said above
                await hold_rights(settings, read_url, Login.READ)
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
    except (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
        parts = urlsplit(read_url)
        place = f"{parts.hostname}:{parts.port or DATABASE_PORT}"
        raise ServerError(f"The database at {place} cannot be used: {str(error) or repr(error)}.") from error
    try:
        await require_schema(db.reads)
        yield db
    finally:
        await db.close()


def key_file(settings: Settings) -> Path:
    """Return where the key is that signs anchors of the trace."""
    return settings.anchor_key_file or settings.state_dir / "keys" / "anchor.pem"
