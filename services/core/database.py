"""Handles to PostgreSQL. Reads and writes have types of their own, so that a read path is never handed a writer."""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Any, Self

import asyncpg
from sqlalchemy import func, select
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, create_async_engine

from services.core.actor import ANONYMOUS
from services.core.errors import ConstraintRefusal, ConstraintViolated, DomainError, InvalidInput, Unavailable
from services.core.failures import ELSE_WRONG, failure
from services.core.readers import UNREACHABLE, ReadTx
from services.core.rights import SERVICE, TELL, Signer, Teller, key_of
from services.core.rows import RowReads

RETRYABLE = frozenset({"40001", "40P01", "55P03"})
"""serialization_failure, deadlock_detected, lock_not_available."""

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

    async def read_json(self, sql: str, arguments: Sequence[object], _teller: Teller = ANONYMOUS) -> bytes:
        """Return the one text value of a compiled read, seeing this transaction's own writes, by its rights."""
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
        signer: Signer | None = None,
    ) -> None:
        self.engine = engine
        self.reads = reads
        self.rows = rows
        self._refusals = refusals
        self._signer = signer

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
        statement_timeout_s: float = 10.0,
        key: bytes | None = None,
    ) -> Self:
        """Connect both pools. `refusals` maps a constraint's name to the refusal that it stands for.

        Rights are signed by `key`, else by the one that the password in the readers' address stands for.
        Raises OSError or asyncpg.PostgresError when the server cannot be reached.
        """
        timeout = {"statement_timeout": str(int(statement_timeout_s * 1000)), "timezone": "UTC"}
        read_url = read_url or url
        key = key or key_of(read_url)
        signer = None if key is None else Signer(key)
        settings = {**READ_SETTINGS, **timeout}
        reads = await ReadTx.open(read_url, settings, most=read_connections, signer=signer)
        rows = RowReads(read_url, settings, most=export_connections, signer=signer)
        engine = open_engine(
            url, server_settings=timeout, pool_size=write_connections, max_overflow=0, pool_pre_ping=True
        )
        return cls(engine, reads, rows, refusals or {}, signer)

    async def close(self) -> None:
        """Close every connection."""
        await self.engine.dispose()
        await self.reads.close()

    @asynccontextmanager
    async def write(self, teller: Teller = SERVICE) -> AsyncIterator[WriteTx]:
        """Open a transaction with somebody's rights, commit it at the end, roll it back on any error.

        Raises the domain error that a violated constraint stands for, Unavailable for a failure that may pass.
        """
        rights = None if self._signer is None else self._signer.signed(teller)
        async with WriteTx(self.engine, expire_on_commit=False) as tx:
            try:
                connection = await tx.connection()
                if rights is not None:
                    await connection.exec_driver_sql(TELL, (rights.decode(),))
            except (OSError, DBAPIError) as error:
                raise Unavailable(UNREACHABLE) from error
            try:
                yield tx
                await tx.commit()
            except IntegrityError as error:
                raise self._refusal(error) from error
            except DBAPIError as error:
                if error.connection_invalidated:
                    raise Unavailable("The connection to the database was lost; try again.") from error
                if sqlstate(error) in RETRYABLE:
                    raise Unavailable("The database was busy with the same rows; try again.") from error
                if isinstance(_driver_error(error), ValueError):  # the driver could not write an argument
                    raise InvalidInput(f"A value cannot be stored: {ELSE_WRONG}.") from error
                found = failure(sqlstate(error) or "", use="stored", too_large=TOO_LARGE)
                if found is None:
                    raise
                raise found from error

    def _refusal(self, error: IntegrityError) -> DomainError:
        """Return the domain error of the constraint that a statement violated."""
        constraint = str(getattr(_driver_error(error), "constraint_name", None))
        unknown = ConstraintRefusal("CONSTRAINT_VIOLATED", f"The constraint {constraint} refused this.")
        return ConstraintViolated(constraint, self._refusals.get(constraint, unknown))


def open_engine(url: str, *, server_settings: Mapping[str, str] | None = None, **pool: Any) -> AsyncEngine:  # noqa: ANN401 -- SQLAlchemy's own options
    """Return an engine over connections that the driver opens by the address itself.

    So what the address says means the same as for reads: `sslmode=verify-full`, `sslrootcert` and so on.
    """
    options = dict(server_settings or {})

    async def opened() -> "asyncpg.Connection[asyncpg.Record]":
        return await asyncpg.connect(url, server_settings=options)

    return create_async_engine("postgresql+asyncpg://", async_creator=opened, hide_parameters=True, **pool)


def sqlstate(error: DBAPIError) -> str | None:
    """Return PostgreSQL's five-character code of an error, where it has one."""
    return getattr(_driver_error(error), "sqlstate", None)


def _driver_error(error: DBAPIError) -> Any:  # noqa: ANN401 -- the driver's own type
    """Return asyncpg's error beneath SQLAlchemy's."""
    return getattr(error.orig, "__cause__", None) or error.orig
