"""Statements of a transaction that go out together, over a real server."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, date, datetime
from decimal import Decimal
from uuid import UUID

import pytest
from sqlalchemy import Column, Integer, MetaData, String, Table, bindparam, delete, insert, select, text, update
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from services.core.engines import open_engine, sqlstate
from services.core.flights import PipelinedWriter
from services.core.wire import KEPT_CHARACTERS, STATEMENTS

THING = Table(
    "thing",
    MetaData(),
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("name", String, unique=True),
    Column("facts", JSONB),
)
TYPES: list[tuple[str, object]] = [
    ("true", True),
    ("false", False),
    ("(-32768)::smallint", -32768),
    ("2147483647", 2147483647),
    ("-9223372036854775808", -(2**63)),
    ("1.5::float8", 1.5),
    ("12345.6700::numeric", Decimal("12345.6700")),
    ("'有事\"来\\商量'::text", '有事"来\\商量'),
    ("''::text", ""),
    ("'\\x00ff'::bytea", b"\x00\xff"),
    ("'2024-02-29'::date", date(2024, 2, 29)),
    ("'2024-05-01 09:00:00.12+08'::timestamptz", datetime(2024, 5, 1, 1, 0, 0, 120_000, UTC)),
    ("'infinity'::timestamptz", datetime.max.replace(tzinfo=UTC)),
    ("'-infinity'::timestamptz", datetime.min.replace(tzinfo=UTC)),
    ("'00000000-0000-7000-8000-000000000001'::uuid", UUID("00000000-0000-7000-8000-000000000001")),
    ("'{\"a\": [1, null]}'::jsonb", {"a": [1, None]}),
    ('\'{a,"b,\\"c\\\\",NULL,"NULL",""}\'::text[]', ["a", 'b,"c\\', None, "NULL", ""]),
    ("'{1,NULL,-2}'::int[]", [1, None, -2]),
    ("NULL::int", None),
]

MANY = text("SELECT * FROM generate_series(1, 2500)").execution_options(yield_per=1000)


@pytest.fixture
async def engine(empty_database_url: str) -> AsyncIterator[AsyncEngine]:
    """An engine of one pipelined connection to a database with one table."""
    opened = open_engine(
        empty_database_url,
        server_settings={"timezone": "UTC"},
        pipelined=True,
        pool_size=1,
        max_overflow=0,
        pool_pre_ping=True,
    )
    async with opened.begin() as connection:
        await connection.run_sync(THING.metadata.create_all)
    yield opened
    await opened.dispose()


@pytest.fixture
def flights(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """The statements of each flight."""
    sent: list[list[str]] = []
    wait = PipelinedWriter.wait

    async def noted(connection: PipelinedWriter) -> None:
        sent.append([one.sql for one in connection._flight])  # noqa: SLF001 -- what goes out
        await wait(connection)

    monkeypatch.setattr(PipelinedWriter, "wait", noted)
    return sent


async def names(connection: AsyncConnection) -> list[str]:
    return list(await connection.scalars(select(THING.c.name).order_by(THING.c.id)))


@pytest.mark.parametrize(("sql", "value"), TYPES, ids=[sql for sql, _ in TYPES])
async def test_values_are_read_by_their_types(engine: AsyncEngine, sql: str, value: object) -> None:
    async with engine.connect() as connection:
        found = (await connection.exec_driver_sql(f"SELECT {sql}, 'after'")).one()
    assert tuple(found) == (value, "after")
    assert type(found[0]) is type(value)


async def test_what_has_no_answer_goes_out_with_what_has_one(engine: AsyncEngine, flights: list[list[str]]) -> None:
    async with engine.begin() as connection:
        await connection.execute(insert(THING).values(id=1, name="井盖", facts={"a": 1}))
        await connection.execute(insert(THING), [{"id": 2, "name": "路灯"}, {"id": 3, "name": "漏水"}])
        await connection.execute(update(THING).values(name="井盖丢了").where(THING.c.id == 1))
        assert flights == []
        assert await names(connection) == ["井盖丢了", "路灯", "漏水"]
        await connection.execute(delete(THING).where(THING.c.id == 3))
    assert [len(flight) for flight in flights] == [6, 2]
    assert (flights[0][0], flights[1][-1]) == ("BEGIN", "COMMIT")
    async with engine.connect() as connection:
        assert await names(connection) == ["井盖丢了", "路灯"]


async def test_counts_are_told_where_they_are_asked_for(engine: AsyncEngine) -> None:
    async with engine.begin() as connection:
        await connection.execute(insert(THING), [{"id": number, "name": str(number)} for number in range(5)])
        counted = delete(THING).where(THING.c.id < 3).execution_options(preserve_rowcount=True)
        assert (await connection.execute(counted)).rowcount == 3


async def test_an_error_is_told_by_the_commit_at_the_latest_and_undoes_all(engine: AsyncEngine) -> None:
    async with engine.connect() as connection:
        await connection.execute(insert(THING).values(id=1, name="a"))
        await connection.execute(insert(THING).values(id=1, name="b"))
        await connection.execute(insert(THING).values(id=2, name="c"))
        with pytest.raises(IntegrityError) as refused:
            await connection.commit()
    assert sqlstate(refused.value) == "23505"
    async with engine.begin() as connection:
        assert await names(connection) == []
        await connection.execute(insert(THING).values(id=2, name="c"))
        assert await names(connection) == ["c"]


async def test_an_error_is_that_of_the_first_that_failed(engine: AsyncEngine) -> None:
    async with engine.connect() as connection:
        await connection.execute(insert(THING).values(id=1, name="a"))
        await connection.execute(insert(THING).values(id=1, name="b"))
        with pytest.raises(IntegrityError):
            await connection.exec_driver_sql("SELECT 1 / 0")
        await connection.rollback()
        assert await names(connection) == []


async def test_statements_that_an_error_kept_from_being_prepared_are_prepared_again(engine: AsyncEngine) -> None:
    async with engine.connect() as connection:
        for _ in range(2):
            await connection.execute(insert(THING).values(id=1, name="a"))
            await connection.execute(insert(THING).values(id=1, name="b"))
            with pytest.raises(IntegrityError):
                await connection.exec_driver_sql("SELECT 'skipped'")
            await connection.rollback()
        assert (await connection.exec_driver_sql("SELECT 'skipped'")).scalar_one() == "skipped"


async def test_a_plan_that_became_stale_is_made_again(engine: AsyncEngine) -> None:
    every = text("SELECT * FROM thing")
    async with engine.connect() as connection:
        assert (await connection.execute(every)).all() == []
        await connection.exec_driver_sql("ALTER TABLE thing ADD COLUMN more int")
        await connection.commit()
        with pytest.raises(DBAPIError) as refused:
            await connection.execute(every)
        assert sqlstate(refused.value) == "0A000"
        await connection.rollback()
        assert "more" in (await connection.execute(every)).keys()  # noqa: SIM118 -- a result has keys, it is no mapping


async def test_many_statements_and_long_ones_leave_few_behind(engine: AsyncEngine) -> None:
    kept = "SELECT count(*), sum(length(statement)) FROM pg_prepared_statements"
    long = f"SELECT 1 AS one -- {'x' * KEPT_CHARACTERS}"
    async with engine.connect() as connection:
        for number in range(2 * STATEMENTS + 200):
            assert (await connection.exec_driver_sql(f"SELECT {number}")).scalar_one() == number
        for _ in range(2):
            assert (await connection.exec_driver_sql(long)).mappings().one() == {"one": 1}
            await connection.exec_driver_sql(f"SET LOCAL work_mem = '4MB' -- {'x' * KEPT_CHARACTERS}")
        statements, characters = tuple((await connection.exec_driver_sql(kept)).one())
        pipelined: PipelinedWriter = (await connection.get_raw_connection()).driver_connection  # type: ignore[assignment]
    assert statements <= STATEMENTS
    assert characters < KEPT_CHARACTERS
    assert len(pipelined._columns) <= 2 * STATEMENTS  # noqa: SLF001 -- what would grow


async def test_nothing_is_sent_of_what_is_undone_before(engine: AsyncEngine, flights: list[list[str]]) -> None:
    async with engine.connect() as connection:
        await connection.execute(insert(THING).values(id=1, name="a"))
        await connection.rollback()
        assert flights == []
        assert await names(connection) == []


async def test_a_value_that_cannot_be_written_leaves_the_connection_as_it_was(engine: AsyncEngine) -> None:
    async with engine.connect() as connection:
        for value in ("\ud800", object()):
            with pytest.raises(DBAPIError):
                await connection.exec_driver_sql("SELECT $1::text", (value,))
        assert (await connection.exec_driver_sql("SELECT $1::text", ("a",))).scalar_one() == "a"


async def test_rows_are_streamed(engine: AsyncEngine, flights: list[list[str]]) -> None:
    async with engine.connect() as connection:
        for _ in range(2):
            numbers = await connection.stream(MANY)
            assert [row[0] async for row in numbers] == list(range(1, 2501))
    assert len(flights) >= 6


async def test_a_connection_that_the_server_ended_is_replaced_without_a_failure(
    engine: AsyncEngine, empty_database_url: str
) -> None:
    other = open_engine(empty_database_url, pool_size=1)
    async with engine.connect() as connection:
        pid = (await connection.exec_driver_sql("SELECT pg_backend_pid()")).scalar_one()
    async with other.begin() as connection:
        await connection.exec_driver_sql(f"SELECT pg_terminate_backend({pid}, 5000)")
    await other.dispose()
    async with engine.begin() as connection:
        assert (await connection.exec_driver_sql("SELECT pg_backend_pid()")).scalar_one() != pid


async def test_a_statement_that_nobody_waits_for_is_cancelled_at_the_server(
    engine: AsyncEngine, empty_database_url: str
) -> None:
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.3), engine.connect() as connection:
            await connection.exec_driver_sql("SELECT pg_sleep(60)")
    other = open_engine(empty_database_url, pool_size=1)
    sleeping = text(
        "SELECT count(*) FROM pg_stat_activity WHERE query LIKE :query AND pid <> pg_backend_pid() AND state = 'active'"
    ).bindparams(bindparam("query", "SELECT pg_sleep(60)"))
    async with asyncio.timeout(10), other.connect() as watching:
        while (await watching.execute(sleeping)).scalar_one():
            await watching.exec_driver_sql("SELECT pg_sleep(0.05)")
    await other.dispose()
    async with engine.connect() as connection:
        assert (await connection.exec_driver_sql("SELECT 1")).scalar_one() == 1
