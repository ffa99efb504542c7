"""Handles to PostgreSQL. Reads and writes have types of their own, so that a read path is never handed a writer."""

import asyncio
from collections.abc import AsyncIterator, Coroutine, Mapping, Sequence
from contextlib import asynccontextmanager
from itertools import groupby
from typing import Any, Self, TypeVar, overload

import asyncpg
from sqlalchemy import Dialect, Insert, Table, bindparam, func, select
from sqlalchemy.exc import DBAPIError, NoResultFound
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession
from sqlalchemy.orm import class_mapper as mapper_of
from sqlalchemy.orm import make_transient_to_detached
from sqlalchemy.orm.attributes import instance_dict, instance_state
from sqlalchemy.orm.base import NO_VALUE
from sqlalchemy.pool import QueuePool
from sqlalchemy.util.concurrency import greenlet_spawn
from sqlmodel import SQLModel

from services.core.actor import ANONYMOUS
from services.core.bell import Bell
from services.core.deadline import DEADLINE_S, LOCK_SHARE, end_of
from services.core.direct import (
    Plan,
    Statement,
    change,
    columns_of,
    insertion,
    insertion_of_many,
    key_values,
    look_up,
    planned,
    row_type,
)
from services.core.engines import open_engine
from services.core.errors import ConstraintRefusal, Unavailable
from services.core.failures import UNREACHABLE
from services.core.flights import Sent
from services.core.flushing import Flushing, stand_for_one
from services.core.gathering import Work, gathered, landing
from services.core.meanings import late, meaning
from services.core.readers import ReadTx
from services.core.relief import Holder, Relief
from services.core.rights import SERVICE, TELL, Signer, Teller, key_of
from services.core.rows import RowReads
from services.core.tables import table_of, tables_in_order
from services.core.writers import Connection as PipelinedConnection
from services.core.writers import Driver

NO_CONNECTION = "All connections to the database are in use; try again."
NOTHING: Mapping[str, object] = {}
ANSWER_GRACE_S = 1.0
"""How much later than the server gives a statement up its answer is given up too."""
TAKE_TIME = select(func.set_config("statement_timeout", bindparam("timeout"), True))  # noqa: FBT003 -- for the transaction

READ_SETTINGS = {
    "default_transaction_read_only": "on",
    "jit": "off",  # compiling a statement costs more than any of ours runs
    "max_parallel_workers_per_gather": "0",  # starting workers does too, and reads are parallel among themselves
    "plan_cache_mode": "force_generic_plan",  # the plan depends on the shape of a query, not on its values
}


A = TypeVar("A")
B = TypeVar("B")
Row = TypeVar("Row", bound=SQLModel)


class WriteTx(AsyncSession):
    """One transaction that may write. Whoever opened it commits; nobody below does.

    What it is mostly asked for goes to the connection without SQLAlchemy's work for each execution: statements that
    were made once, rows by their keys, objects that are added or changed. All else is SQLAlchemy's own.
    """

    sync_session_class = Flushing
    commits = False
    """Whether the next flight is the last, or was."""
    rung: frozenset[str] = frozenset()
    """The channels that are notified once this transaction has committed."""
    _wire: PipelinedConnection
    _begun = False
    _gathering = False
    """Whether somebody else flies what a coroutine sends."""

    @property
    def waits_since(self) -> float | None:
        """Since when it waits for the server, in the loop's time; None where it does not."""
        return self._wire.pipelined.waits_since

    async def begin_as(self, rights: bytes | None) -> None:
        """Take a connection, and tell the database whose rights this transaction has."""
        connection = await greenlet_spawn(self.sync_session.connection)
        self._wire = connection.connection.dbapi_connection  # type: ignore[assignment]  # the engine makes no others
        self._wire.pipelined.answer_s = self._wire.pipelined.usual_s
        self._begun = True
        if rights is not None:
            self._wire.send(TELL, (rights.decode(),))

    async def __aexit__(self, *error: object) -> None:
        """Give the connection back; where nothing is left to undo, without waiting for it."""
        if self._begun and self._wire.is_idle:
            self.sync_session.close()
        else:
            await super().__aexit__(*error)

    async def insert(self, model: type[SQLModel], *rows: Mapping[str, object]) -> None:
        """Insert rows that this transaction does not look at as objects, after what was added before.

        Nothing waits for that: an error is told with a later statement, or by the commit.
        """
        await self.flush()
        for columns, alike in groupby(rows, key=tuple):
            plan = planned(insertion(model), columns, self._dialect)
            given = [plan.arguments(row) for row in alike]
            if len(given) == 1:
                self._send_text(plan.sql, given[0])
            else:
                many = insertion_of_many(model, plan.names, self._dialect)
                self._send_text(many, [list(column) for column in zip(*given, strict=True)])

    async def run(self, statement: Statement, values: Mapping[str, object] = NOTHING) -> list[Any]:
        """Execute a statement that was made once, after what was added before; return its rows, with named values.

        One that writes and gives nothing goes out with the next that is waited for.
        """
        await self.flush()
        plan = planned(statement, tuple(values) if isinstance(statement, Insert) else (), self._dialect)
        sent = self._send(plan, values)
        if not plan.waits:
            return []
        await self._arrive(plan.sql)
        columns = sent.columns.described if sent.columns is not None else []
        make = row_type(tuple(name for name, *_ in columns))
        return [make(row) for row in plan.rows(sent)]

    @overload
    async def gather(self, one: Coroutine[Any, Any, A], other: Coroutine[Any, Any, B], /) -> tuple[A, B]: ...
    @overload
    async def gather(self, *work: Work) -> tuple[Any, ...]: ...
    async def gather(self, *work: Work) -> tuple[Any, ...]:
        """Run coroutines of this transaction side by side, and return their results in order.

        Where all of them wait for the database, what they asked goes out in one flight, in their order. An error is
        that of the first of them that fails, and ends the transaction.
        """
        outside = self._gathering

        async def fly() -> None:
            self._gathering = outside
            await self._arrive("")
            self._gathering = True

        self._gathering = True
        try:
            return await gathered(work, fly)
        finally:
            self._gathering = outside

    async def defer(self, statement: Statement, values: Mapping[str, object]) -> None:
        """Let a statement that was made once, and of whose answer nobody waits, go out with the next."""
        await self.flush()
        self._send(planned(statement, (), self._dialect), values)

    async def commit_with_read(self) -> None:
        """Let the commit go out with the next read."""
        await self.flush()
        self.commits = True

    async def take_time(self, statement_timeout: str = "0") -> None:
        """Let statements of this transaction take as long, by default as long as they take."""
        self._wire.pipelined.answer_s = None
        await self.run(TAKE_TIME, {"timeout": statement_timeout})

    async def get(self, model: type[Row], key: Any, *, with_for_update: bool | None = None) -> Row | None:  # type: ignore[override]  # noqa: ANN401 -- as its base, of which nothing more is asked
        """Return the object of the row with a key, the same each time; None where there is no such row."""
        mapper = mapper_of(model)
        parts = key if isinstance(key, dict) else {str(one.key): key for one in mapper.primary_key}
        values = tuple(parts[str(one.key)] for one in mapper.primary_key)
        known: Row | None = self.sync_session.identity_map.get(mapper.identity_key_from_primary_key(values))
        if known is not None and instance_state(known).expired:
            await self.refresh(known)
        if known is not None and not with_for_update:
            return known
        found = await self.objects(
            model, look_up(model, lock=bool(with_for_update)), key_values(table_of(model), values)
        )
        return found[0] if found else None

    async def get_one(self, model: type[Row], key: Any, *, with_for_update: bool | None = None) -> Row:  # type: ignore[override]  # noqa: ANN401 -- as `get`
        """Return the same. Raises NoResultFound where there is no such row."""
        found = await self.get(model, key, with_for_update=with_for_update)
        if found is None:
            raise NoResultFound(f"{model.__name__} has no row {key}.")
        return found

    async def refresh(self, instance: Any, attribute_names: Any = None, with_for_update: Any = None) -> None:  # noqa: ANN401 -- as its base
        """Read an object's row anew; with `with_for_update`, lock it."""
        if attribute_names is not None:
            await super().refresh(instance, attribute_names, with_for_update)
            return
        await self.flush()
        model: type[SQLModel] = type(instance)
        state, content, mapper = instance_state(instance), instance_dict(instance), mapper_of(model)
        key = key_values(table_of(model), mapper.primary_key_from_instance(instance))
        (row,) = await self._rows(look_up(model, lock=bool(with_for_update)), key)
        content.update(zip(columns_of(model), row, strict=True))
        state._commit_all(content, self.sync_session.identity_map)  # noqa: SLF001 -- as for a row that was loaded

    async def objects(self, model: type[Row], statement: Statement, values: Mapping[str, object]) -> list[Row]:
        """Return the objects of rows, which a statement that was made once gives as `rows_of` does."""
        await self.flush()
        return [self._object(model, row) for row in await self._rows(statement, values)]

    async def _rows(self, statement: Statement, values: Mapping[str, object]) -> list[Sequence[Any]]:
        """Return the rows of a statement that was made once."""
        plan = planned(statement, (), self._dialect)
        sent = self._send(plan, values)
        await self._arrive(plan.sql)
        return plan.rows(sent)

    def _object(self, model: type[Row], values: Sequence[object]) -> Row:
        """Return the object of a row: the one that there is, as it is, or a new one."""
        mapper = mapper_of(model)
        content = dict(zip(columns_of(model), values, strict=True))
        key = mapper.identity_key_from_primary_key(tuple(content[str(one.key)] for one in mapper.primary_key))
        known: Row | None = self.sync_session.identity_map.get(key)
        if known is None:
            known = mapper.class_manager.new_instance()
            instance_dict(known).update(content)
            make_transient_to_detached(known)
            self.sync_session.add(known)
        return known

    async def flush(self, objects: Sequence[Any] | None = None) -> None:
        """Send what was added and changed since the last time."""
        session = self.sync_session
        if session._is_clean():  # noqa: SLF001 -- what `flush` asks first
            return
        if objects is not None or session.deleted:
            await super().flush(objects)
            return
        new, changed = list(session.new), list(session.dirty)
        for table in tables_in_order():
            self._send_changes(table, [one for one in changed if table_of(type(one)) is table])
            for one in new:
                if table_of(type(one)) is table:
                    self._send_addition(one)
        if stand_for_one(session, new):
            await self._arrive("")
        session._register_persistent({instance_state(one) for one in (*new, *changed)})  # noqa: SLF001 -- what a flush ends with

    def _send_addition(self, one: SQLModel) -> None:
        """Send the insertion of an object."""
        content = instance_dict(one)
        given = {
            name: content.get(name)
            for name, column in columns_of(type(one)).items()
            if content.get(name) is not None or (column.server_default is None and column.identity is None)
        }
        self._send(planned(insertion(type(one)), tuple(given), self._dialect), given)

    def _send_changes(self, table: Table, changed: Sequence[object]) -> None:
        """Send what of objects was changed, in the order of their keys."""
        mapper = mapper_of(type(changed[0])) if changed else None
        for one in sorted(changed, key=mapper.primary_key_from_instance) if mapper else ():
            state, content = instance_state(one), instance_dict(one)
            columns = tuple(
                name
                for name, before in state.committed_state.items()
                if name in table.columns and (before is NO_VALUE or before != content[name])
            )
            if columns:
                key = key_values(table, [content[column.key] for column in table.primary_key.columns])
                plan = planned(change(table, columns), (), self._dialect)
                self._send(plan, {**{name: content[name] for name in columns}, **key})

    async def commit(self) -> None:
        """Commit."""
        await self.flush()
        self.commits = True
        await self._arrive("COMMIT")

    async def notify(self, channel: str) -> None:
        """Notify those who listen on the channel once this transaction has committed, as `Bell` does."""
        self.rung |= {channel}

    async def read_json(self, sql: str, arguments: Sequence[object], _teller: Teller = ANONYMOUS) -> bytes:
        """Return the one text value of a compiled read, seeing this transaction's own writes, by its rights."""
        await self.flush()
        sent = self._send_text(sql, arguments)
        await self._arrive(sql)
        ((text,),) = sent.rows
        return str(text).encode()

    @property
    def _dialect(self) -> Dialect:
        return self.sync_session.get_bind().dialect

    def _send(self, plan: Plan, values: Mapping[str, object]) -> Sent:
        """Add a statement to the flight. Raises DBAPIError for a value that cannot be written."""
        return self._send_text(plan.sql, plan.arguments(values))

    def _send_text(self, sql: str, arguments: Sequence[object]) -> Sent:
        try:
            return self._wire.send(sql, arguments)
        except Driver.Error as error:
            raise self._meant(error, sql) from error

    async def _arrive(self, sql: str) -> None:
        """Wait for the flight. Raises DBAPIError."""
        if self._gathering:
            await landing()
            return
        try:
            await (self._wire.finish() if self.commits else self._wire.arrive())
        except Driver.Error as error:
            raise self._meant(error, sql) from error

    def _meant(self, error: Any, sql: str) -> BaseException:  # noqa: ANN401 -- the driver's own type
        """Return SQLAlchemy's error for the driver's."""
        lost = self._dialect.is_disconnect(error, None, None)
        meant: BaseException = DBAPIError.instance(
            sql, None, error, Driver.Error, hide_parameters=True, connection_invalidated=lost, dialect=self._dialect
        )
        return meant


class Database:
    """The pools of one process. Built once at start and passed down."""

    def __init__(  # noqa: PLR0913 -- each is a part of its own
        self,
        engine: AsyncEngine,
        reads: ReadTx,
        rows: RowReads,
        refusals: Mapping[str, ConstraintRefusal],
        bell: Bell,
        *,
        limit_s: float,
    ) -> None:
        self.engine = engine
        self._bell = bell
        self.limit_s = limit_s
        """How long what a caller waits for may take."""
        self.reads = reads
        self.rows = rows
        self._refusals = refusals
        pool = engine.pool
        self._relief = Relief(lambda: isinstance(pool, QueuePool) and pool.checkedout() >= pool.size())

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
        statement_timeout_s: float = DEADLINE_S,
    ) -> Self:
        """Connect both pools. `refusals` maps a constraint's name to the refusal that it stands for.

        The database is told callers' rights where reads go by an address of their own: signed by the key that its
        password stands for.
        Raises OSError or asyncpg.PostgresError when the server cannot be reached.
        """
        key = None if read_url is None else key_of(read_url)
        signer, read_url = None if key is None else Signer(key), read_url or url
        statement_ms = int(statement_timeout_s * 1000)
        timeouts = {"statement_timeout": str(statement_ms), "lock_timeout": str(int(statement_ms * LOCK_SHARE))}
        timeouts |= {"timezone": "UTC"}
        settings = {**READ_SETTINGS, **timeouts}
        reads = await ReadTx.open(read_url, settings, most=read_connections, signer=signer)
        rows = RowReads(read_url, settings, most=export_connections, limit_s=export_timeout_s, signer=signer)
        engine = open_engine(
            url,
            server_settings=timeouts,
            connect_s=statement_timeout_s,
            answer_s=statement_timeout_s + ANSWER_GRACE_S,
            pool_size=write_connections,
            max_overflow=0,
            pipelined=True,
            pool_pre_ping=True,
            pool_timeout=statement_timeout_s,
        )
        return cls(engine, reads, rows, refusals or {}, Bell(url), limit_s=statement_timeout_s)

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
        signer = self.reads.signer
        rights = None if signer is None else signer.signed(teller)
        async with WriteTx(self.engine, expire_on_commit=False) as tx:
            deadline = asyncio.timeout_at(None if within_s is None else end_of(within_s))
            holder = Holder(tx, deadline)
            try:
                async with deadline:
                    await self._begin(tx, rights)
                    if within_s is not None:
                        self._relief.hold(holder)
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
                self._relief.leave(holder)

    async def _begin(self, tx: WriteTx, rights: bytes | None) -> None:
        """Give a transaction its connection, and tell the database whose rights it has. Raises Unavailable."""
        self._relief.wait(tx)
        try:
            await tx.begin_as(rights)
        except PoolTimeout as error:
            raise Unavailable(NO_CONNECTION) from error
        except (OSError, DBAPIError, Driver.Error, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
            raise Unavailable(UNREACHABLE) from error
        finally:
            self._relief.waited(tx)
