"""The pools of one process."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from deploy.addresses import DatabaseAddresses, hold_rights
from services.core.database import Database
from services.core.settings import Settings
from services.migrations.current import require_schema
from services.migrations.grants import Login
from services.migrations.tables import REFUSALS


@asynccontextmanager
async def open_database(settings: Settings, addresses: DatabaseAddresses, login: Login) -> AsyncIterator[Database]:
    """Yield the pools of one process, with the rights of its role; what the API reads goes by the readers'.

    Raises ServerError where an address may do more than that in production, or is not let in.
    """
    url = read_url = addresses.url(login)
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
        statement_timeout_s=settings.statement_timeout_s,
    )
    try:
        await require_schema(db.reads)
        yield db
    finally:
        await db.close()


def key_file(settings: Settings) -> Path:
    """Return where the key is that signs anchors of the trace."""
    return settings.anchor_key_file or settings.state_dir / "keys" / "anchor.pem"
