"""Engines over connections that the driver opens by the address itself."""

from collections.abc import Mapping
from typing import Any

import asyncpg
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from services.core.flights import PipelinedWriter
from services.core.readers import CONNECT_S
from services.core.writers import PIPELINED


def open_engine(
    url: str,
    *,
    server_settings: Mapping[str, str] | None = None,
    pipelined: bool = False,
    connect_s: float = CONNECT_S,
    answer_s: float | None = None,
    **pool: Any,  # noqa: ANN401 -- SQLAlchemy's own options
) -> AsyncEngine:
    """Return an engine over connections that the driver opens by the address itself; see `writers` for pipelined ones.

    So what the address says means the same as for reads: `sslmode=verify-full`, `sslrootcert` and so on. `answer_s` is
    how long a pipelined one waits for the server before it is given up.
    """
    options = dict(server_settings or {})

    async def opened() -> "asyncpg.Connection[asyncpg.Record] | PipelinedWriter":
        if pipelined:
            return await PipelinedWriter.open(url, options, timeout_s=connect_s, answer_s=answer_s)
        return await asyncpg.connect(url, server_settings=options, timeout=connect_s)

    driver = PIPELINED if pipelined else "postgresql+asyncpg"
    return create_async_engine(f"{driver}://", async_creator=opened, hide_parameters=True, **pool)


def sqlstate(error: DBAPIError) -> str | None:
    """Return PostgreSQL's five-character code of an error, where it has one."""
    return getattr(driver_error(error), "sqlstate", None)


def driver_error(error: DBAPIError) -> Any:  # noqa: ANN401 -- the driver's own type
    """Return asyncpg's error beneath SQLAlchemy's."""
    return getattr(error.orig, "__cause__", None) or error.orig
