"""A transaction that writes."""

from collections.abc import Coroutine, Mapping, Sequence
from itertools import groupby
from typing import Any, TypeVar, overload

from opentelemetry.trace import SpanKind
from sqlalchemy import Dialect, Insert, Table, bindparam, func, select
from sqlalchemy.exc import DBAPIError, NoResultFound
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import class_mapper as mapper_of
from sqlalchemy.orm import make_transient_to_detached
from sqlalchemy.orm.attributes import instance_dict, instance_state
from sqlalchemy.orm.base import NO_VALUE
from sqlalchemy.util.concurrency import greenlet_spawn
from sqlmodel import SQLModel

from services.core.actor import ANONYMOUS
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
from services.core.flights import Sent
from services.core.flushing import Flushing, stand_for_one
from services.core.gathering import Work, gathered, landing
from services.core.positions import COMMITTED, position_of
from services.core.rights import TELL, Teller
from services.core.tables import table_of, tables_in_order
from services.core.tracing import POSTGRESQL, inner
from services.core.writers import Connection as PipelinedConnection
from services.core.writers import Driver

NOTHING: Mapping[str, object] = {}
TAKE_TIME = select(func.set_config("statement_timeout", bindparam("timeout"), True))  # noqa: FBT003 -- for the transaction
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
    tells_position = False
    """Whether it is asked where it stands in the log of transactions."""
    position: int | None = None
    """Where that is, once it has committed."""
    rung: frozenset[str] = frozenset()
    """The channels that are notified once this transaction has committed."""
    _wire: PipelinedConnection
    _dialect: Dialect
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
        self._dialect = connection.dialect
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
        for table in sorted({table_of(type(one)) for one in (*new, *changed)}, key=tables_in_order().index):
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
            with inner("COMMIT" if self.commits else "statements", SpanKind.CLIENT, POSTGRESQL):
                if self.commits:
                    await self._finish()
                else:
                    await self._wire.arrive()
        except Driver.Error as error:
            raise self._meant(error, sql) from error

    async def _finish(self) -> None:
        """Commit; the position is asked in the same flight."""
        told = await self._wire.finish(COMMITTED if self.tells_position else None)
        if told is not None:
            ((text,),) = told.rows
            self.position = position_of(text)

    def _meant(self, error: Any, sql: str) -> BaseException:  # noqa: ANN401 -- the driver's own type
        """Return SQLAlchemy's error for the driver's."""
        lost = self._dialect.is_disconnect(error, None, None)
        meant: BaseException = DBAPIError.instance(
            sql, None, error, Driver.Error, hide_parameters=True, connection_invalidated=lost, dialect=self._dialect
        )
        return meant
