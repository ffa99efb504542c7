"""Handles to PostgreSQL. Reads and writes have types of their own, so that a read path is never handed a writer."""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Any, Self

import asyncpg
from sqlalchemy import func, select
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, create_async_engine

from services.core.errors import ConstraintRefusal, ConstraintViolated, DomainError, InvalidInput, Unavailable
from services.core.failures import ELSE_WRONG, failure
from services.core.readers import CONNECT_S, LOST, TOOK_TOO_LONG, UNAVAILABLE, UNREACHABLE, ReadTx
from services.core.rows import RowReads

RETRYABLE = frozenset({"40001", "40P01", "55P03"})
"""serialization_failure, deadlock_detected, lock_not_available."""

BUSY = "The database was busy with the same rows; try again."
NO_CONNECTION = "All connections to the database are in use; try again."
TOO_LATE = "This was not done in time and changed nothing; try again."
PASSING = {
    **dict.fromkeys(UNAVAILABLE, (UNREACHABLE, 10)),
    **dict.fromkeys(RETRYABLE, (BUSY, 1)),
    TOOK_TOO_LONG: (TOO_LATE, 10),
}
"""What failures that may pass mean by their SQLSTATE, and after how many seconds they may have."""
LOCK_SHARE = 0.5
"""Of the time of a statement, what a transaction that writes waits for a lock."""

TOO_LARGE = "A value is too large to be stored or found again; say it in less."

READ_SETTINGS = {
    "default_transaction_read_only": "on",
    "jit": "off",  # compiling a statement costs more than any of ours runs
    "max_parallel_workers_per_gather": "0",  # starting workers does too, and reads are parallel among themselves
    "plan_cache_mode": "force_generic_plan",  # the plan depends on the shape of a query, not on its values
}


class WriteTx(AsyncSession):
    """One transaction that may write. Whoever opened it commits; nobody below does."""

    async def notify(self, channel: str) -> None:
        """Notify those who listen on the channel once this transaction commits."""
        await self.execute(select(func.pg_notify(channel, "")))

    async def read_json(self, sql: str, arguments: Sequence[object]) -> bytes:
        """Return the one text value of a compiled read, seeing this transaction's own writes."""
        await self.flush()
        connection = await self.connection()
        result = await connection.exec_driver_sql(sql, tuple(arguments))
        return str(result.scalar_one()).encode()


class Database:
    """The pools of one process. Built once at start and passed down."""

    def __init__(
        self,
        engine: AsyncEngine,
        reads: ReadTx,
        rows: RowReads,
        refusals: Mapping[str, ConstraintRefusal],
        *,
        limit_s: float,
    ) -> None:
        self.engine = engine
        self.limit_s = limit_s
        """How long what a caller waits for may take."""
        self.reads = reads
        self.rows = rows
        self._refusals = refusals

    @classmethod
    async def open(  # noqa: PLR0913 -- each is a setting of its own
        cls,
        url: str,
        *,
        read_url: str | None = None,
        refusals: Mapping[str, ConstraintRefusal] | None = None,
        read_connections: int = 8,
        write_connections: int = 8,
        export_connections: int = 2,
        export_timeout_s: float = 900.0,
        statement_timeout_s: float = 10.0,
    ) -> Self:
        """Connect both pools. `refusals` maps a constraint's name to the refusal that it stands for.

        Raises OSError or asyncpg.PostgresError when the server cannot be reached.
        """
        statement_ms = int(statement_timeout_s * 1000)
        timeout = {"statement_timeout": str(statement_ms), "timezone": "UTC"}
        locks = {"lock_timeout": str(int(statement_ms * LOCK_SHARE))}
        reads = await ReadTx.open(read_url or url, {**READ_SETTINGS, **timeout}, most=read_connections)
        rows = RowReads(
            read_url or url, {**READ_SETTINGS, **timeout}, most=export_connections, limit_s=export_timeout_s
        )
        engine = open_engine(
            url,
            server_settings={**timeout, **locks},
            pool_size=write_connections,
            max_overflow=0,
            pool_pre_ping=True,
            pool_timeout=statement_timeout_s,
        )
        return cls(engine, reads, rows, refusals or {}, limit_s=statement_timeout_s)

    async def close(self) -> None:
        """Close every connection."""
        await self.engine.dispose()
        await self.reads.close()

    @asynccontextmanager
    async def write(self, *, within_s: float | None = None) -> AsyncIterator[WriteTx]:
        """Open a transaction, commit it at the end, roll it back on any error.

        `within_s` is how long all but the commit may take, the wait for a connection included; without it each
        statement is bounded alone. Raises the domain error that a violated constraint stands for, Unavailable for a
        failure that may pass, also where the time ran out: what the server executes is then cancelled.
        """
        async with WriteTx(self.engine, expire_on_commit=False) as tx:
            deadline = asyncio.timeout(within_s)
            try:
                async with deadline:
                    await _begin(tx)
                    yield tx
                    await tx.flush()
                await tx.commit()
            except TimeoutError as error:
                if not deadline.expired():
                    raise
                raise Unavailable(TOO_LATE) from error
            except DBAPIError as error:
                raise self._meaning(error) or error from error

    def _meaning(self, error: DBAPIError) -> DomainError | None:
        """Return what a failed statement of a transaction that writes means; None where it is a bug."""
        code = sqlstate(error) or ""
        if isinstance(error, IntegrityError):
            return self._refusal(error)
        if error.connection_invalidated:
            return Unavailable(LOST)
        if code in PASSING:
            message, retry_after_s = PASSING[code]
            return Unavailable(message, retry_after_s=retry_after_s)
        if isinstance(_driver_error(error), ValueError):  # the driver could not write an argument
            return InvalidInput(f"A value cannot be stored: {ELSE_WRONG}.")
        return failure(code, use="stored", too_large=TOO_LARGE)

    def _refusal(self, error: IntegrityError) -> DomainError:
        """Return the domain error of the constraint that a statement violated."""
        constraint = str(getattr(_driver_error(error), "constraint_name", None))
        unknown = ConstraintRefusal("CONSTRAINT_VIOLATED", f"The constraint {constraint} refused this.")
        return ConstraintViolated(constraint, self._refusals.get(constraint, unknown))


async def _begin(tx: WriteTx) -> None:
    """Give a transaction its connection. Raises Unavailable."""
    try:
        await tx.connection()
    except PoolTimeout as error:
        raise Unavailable(NO_CONNECTION) from error
    except (OSError, DBAPIError) as error:
        raise Unavailable(UNREACHABLE) from error


def open_engine(url: str, *, server_settings: Mapping[str, str] | None = None, **pool: Any) -> AsyncEngine:  # noqa: ANN401 -- SQLAlchemy's own options
    """Return an engine over connections that the driver opens by the address itself.

    So what the address says means the same as for reads: `sslmode=verify-full`, `sslrootcert` and so on.
    """
    options = dict(server_settings or {})

    async def opened() -> "asyncpg.Connection[asyncpg.Record]":
        return await asyncpg.connect(url, server_settings=options, timeout=CONNECT_S)

    return create_async_engine("postgresql+asyncpg://", async_creator=opened, hide_parameters=True, **pool)


def sqlstate(error: DBAPIError) -> str | None:
    """Return PostgreSQL's five-character code of an error, where it has one."""
    return getattr(_driver_error(error), "sqlstate", None)


def _driver_error(error: DBAPIError) -> Any:  # noqa: ANN401 -- the driver's own type
    """Return asyncpg's error beneath SQLAlchemy's."""
    return getattr(error.orig, "__cause__", None) or error.orig
