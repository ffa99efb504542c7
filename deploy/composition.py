"""The pools of one process."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from services.core.database import Database
from services.core.settings import Settings
from services.migrations.current import require_schema
from services.migrations.tables import REFUSALS


@asynccontextmanager
async def open_database(settings: Settings, url: str) -> AsyncIterator[Database]:
    """Yield the pools of one process."""
    db = await Database.open(
        url,
        read_url=settings.read_database_url,
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
