"""Handles to PostgreSQL. Reads and writes have types of their own, so that a read path is never handed a writer."""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Self

from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.ext.asyncio import AsyncEngine
from sqlalchemy.pool import QueuePool

from services.core.bell import Bell
from services.core.connecting import FAILED
from services.core.deadline import DEADLINE_S, LOCK_SHARE, end_of
from services.core.engines import open_engine
from services.core.errors import ConstraintRefusal, Unavailable
from services.core.failures import UNREACHABLE
from services.core.meanings import late, meaning
from services.core.positions import FOLLOWING
from services.core.readers import Readers, ReadTx
from services.core.relief import Holder, Relief
from services.core.replicas import Replicas
from services.core.rights import SERVICE, Signer, Teller, key_of
from services.core.rows import RowReads
from services.core.tracing import inner
from services.core.transaction import WriteTx
from services.core.words import Words
from services.core.writers import Driver

NO_CONNECTION = Words("All connections to the database are in use; try again.", "数据库连接已满，请重试。")
ANSWER_GRACE_S = 1.0
"""How much later than the server gives a statement up its answer is given up too."""

SETTINGS = {
    "timezone": "UTC",
    "jit": "off",  # compiling a statement costs more than any of ours runs
    "plan_cache_mode": "force_generic_plan",  # the plan depends on the shape of a statement, not on its values
}
READ_SETTINGS = {
    **SETTINGS,
    "default_transaction_read_only": "on",
    "max_parallel_workers_per_gather": "0",  # starting workers costs more too, and reads are parallel among themselves
}
UNSET = """
SELECT coalesce(string_agg(name, ', ' ORDER BY name), '')
FROM pg_settings JOIN unnest($1::text[], $2::text[]) AS wanted (name, value) USING (name)
WHERE lower(setting) <> lower(value)
"""


class Database:
    """The pools of one process. Built once at start and passed down."""

    def __init__(  # noqa: PLR0913 -- each is a part of its own
        self,
        engine: AsyncEngine,
        primary: Readers,
        replicas: Replicas | None,
        rows: RowReads,
        *,
        refusals: Mapping[str, ConstraintRefusal],
        bell: Bell,
        limit_s: float,
    ) -> None:
        self.engine = engine
        self._bell = bell
        self.limit_s = limit_s
        """How long what a caller waits for may take."""
        self.primary = primary
        """Reads of the server that is written to."""
        self.replicas = replicas
        """The same beside those of its replicas; None where it has none."""
        self.reads: ReadTx = replicas or primary
        """Where what is asked may be a moment old, unless it says what it has to see."""
        self.rows = rows
        self._refusals = refusals
        pool = engine.pool
        self.relief = Relief(lambda: isinstance(pool, QueuePool) and pool.checkedout() >= pool.size())

    @classmethod
    async def open(  # noqa: PLR0913 -- each is a setting of its own
        cls,
        url: str,
        *,
        read_url: str | None = None,
        replica_urls: Sequence[str] = (),
        listen_url: str | None = None,
        refusals: Mapping[str, ConstraintRefusal] | None = None,
        read_connections: int = 8,
        write_connections: int = 8,
        export_connections: int = 2,
        export_timeout_s: float = 900.0,
        statement_timeout_s: float = DEADLINE_S,
    ) -> Self:
        """Connect both pools. `refusals` maps a constraint's name to the refusal that it stands for.

        Replicas are connected to later, and again where they were lost. `listen_url` leads to those who listen, where
        the others lead to a pooler of connections.
        The database is told callers' rights where reads go by an address of their own: signed by the key that its
        password stands for.
        Raises OSError or asyncpg.PostgresError when the server cannot be reached.
        """
        key = None if read_url is None else key_of(read_url)
        signer, read_url = None if key is None else Signer(key), read_url or url
        statement_ms = int(statement_timeout_s * 1000)
        timeouts = {"statement_timeout": str(statement_ms), "lock_timeout": str(int(statement_ms * LOCK_SHARE))}
        settings = {**READ_SETTINGS, **timeouts}

        async def opens(server: str) -> Readers:
            return await Readers.open(server, settings, most=read_connections, signer=signer)

        primary = await opens(read_url)
        replicas = Replicas(primary, read_url, replica_urls, opens) if replica_urls else None
        rows = RowReads(read_url, settings, most=export_connections, limit_s=export_timeout_s, signer=signer)
        engine = open_engine(
            url,
            server_settings={**SETTINGS, **timeouts},
            connect_s=statement_timeout_s,
            answer_s=statement_timeout_s + ANSWER_GRACE_S,
            pool_size=write_connections,
            max_overflow=0,
            pipelined=True,
            pool_pre_ping=True,
            pool_timeout=statement_timeout_s,
        )
        return cls(
            engine,
            primary,
            replicas,
            rows,
            refusals=refusals or {},
            bell=Bell(listen_url or url),
            limit_s=statement_timeout_s,
        )

    async def unset(self) -> str:
        """Return which settings of a read's connection are not as they should be, as a pooler may have it."""
        wanted = self.primary.settings
        return (await self.primary.read_json(UNSET, (list(wanted), list(wanted.values())))).decode()

    async def close(self) -> None:
        """Close every connection."""
        await self._bell.close()
        await self.engine.dispose()
        await self.reads.close()

    @asynccontextmanager
    async def write(self, teller: Teller = SERVICE, *, within_s: float | None = None) -> AsyncIterator[WriteTx]:
        """Open a transaction with somebody's rights, commit it at the end, roll it back on any error.

        `within_s` is how long all of it may take, the wait for a connection and the commit included, and no longer
        than its request may; without it each statement is bounded alone. Raises the domain error that a violated
        constraint stands for, Unavailable for a failure that may pass, also where the time ran out: what the server
        executes is then cancelled. Raises Undecided where that came after the commit was sent.
        """
        signer = self.primary.signer
        rights = None if signer is None else signer.signed(teller)
        async with WriteTx(self.engine, expire_on_commit=False) as tx:
            tx.tells_position = FOLLOWING.get() is not None
            deadline = asyncio.timeout_at(None if within_s is None else end_of(within_s))
            holder = Holder(tx, deadline)
            try:
                async with deadline:
                    await self._begin(tx, rights)
                    if within_s is not None:
                        self.relief.hold(holder)
                    yield tx
                    await tx.commit()
                self._bell.ring(tx.rung)
            except TimeoutError as error:
                if not deadline.expired():
                    raise
                raise late(commits=tx.commits, gave_way=holder.gave_way) from error
            except DBAPIError as error:
                found = meaning(error, self._refusals, commits=tx.commits)
                if found is None:  # as it is, with the driver's as its cause
                    raise
                raise found from error
            finally:
                self.relief.leave(holder)

    async def _begin(self, tx: WriteTx, rights: bytes | None) -> None:
        """Give a transaction its connection, and tell the database whose rights it has. Raises Unavailable."""
        self.relief.wait(tx)
        try:
            with inner("wait for a connection"):
                await tx.begin_as(rights)
        except PoolTimeout as error:
            raise Unavailable(NO_CONNECTION) from error
        except (*FAILED, DBAPIError, Driver.Error) as error:
            raise Unavailable(UNREACHABLE) from error
        finally:
            self.relief.waited(tx)
