import asyncio
import gc
import re
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from time import monotonic
from typing import Any

import asyncpg
import pytest

from services.core.database import READ_SETTINGS
from services.core.durations import Durations
from services.core.errors import InvalidInput, StatementTimeout, Unavailable
from services.core.pipeline import (
    RIGHTS,
    TRIAL,
    PipelinedConnection,
    Read,
    ReadFailed,
)
from services.core.readers import Readers
from services.core.wire import KEPT_CHARACTERS, STATEMENTS, STATEMENTS_CHARACTERS
from tests import servers

OTHERS = "FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
OWN = f"('{RIGHTS.decode()}', '{TRIAL.decode()}')"
PREPARED = f"SELECT count(*)::text FROM pg_prepared_statements WHERE name NOT IN {OWN}"
PRIVATE = re.compile(r"^Private_\w+: +(\d+) kB$", re.MULTILINE)

Open = Callable[..., Awaitable[Readers]]


@pytest.fixture
async def open_reads(empty_database_url: str) -> AsyncIterator[Open]:
    """Opens read connections to an empty database."""
    opened: list[Readers] = []

    async def open_(*, most: int = 1, **settings: str) -> Readers:
        opened.append(await Readers.open(empty_database_url, {**READ_SETTINGS, **settings}, most=most))
        return opened[-1]

    yield open_
    for reads in opened:
        await reads.close()


@asynccontextmanager
async def administrator(url: str) -> AsyncIterator["asyncpg.Connection[asyncpg.Record]"]:
    connection = await asyncpg.connect(url)
    try:
        yield connection
    finally:
        await connection.close()


async def until(condition: Callable[[], Awaitable[Any]]) -> None:
    async with asyncio.timeout(10):
        while not await condition():  # noqa: ASYNC110 -- what is waited for is the server's
            await asyncio.sleep(0.01)


async def end_active_read(connection: "asyncpg.Connection[asyncpg.Record]") -> None:
    """Terminate the backend that executes a read, once there is one, and wait until it is gone."""
    ended = f"SELECT count(pg_terminate_backend(pid, 10000)) {OTHERS} AND state = 'active'"
    await until(lambda: connection.fetchval(ended))


async def outcome(read: Awaitable[bytes]) -> object:
    try:
        return await read
    except (ReadFailed, InvalidInput, Unavailable) as error:
        return getattr(error, "code", None)


async def test_many_reads_in_flight_keep_their_own_answers(open_reads: Open) -> None:
    reads = await open_reads(most=2)
    asked = [(f"SELECT ($1::int * {index % 7})::text", [index]) for index in range(500)]
    answers = await asyncio.gather(*(reads.read_json(sql, arguments) for sql, arguments in asked))
    assert answers == [str(index * (index % 7)).encode() for index in range(500)]
    assert reads.waiting == 0


async def test_an_error_within_a_pipeline_fails_its_own_read_alone(open_reads: Open) -> None:
    reads = await open_reads()
    await reads.read_json("SELECT (10 / $1::int)::text", [1])
    outcomes = await asyncio.gather(
        *(outcome(reads.read_json("SELECT (10 / $1::int)::text", [divisor])) for divisor in (1, 0, 2, 0, 5))
    )
    assert outcomes == [b"10", "INVALID_INPUT", b"5", "INVALID_INPUT", b"2"]


async def test_a_statement_that_cannot_be_prepared_fails_all_that_share_it_and_no_other(open_reads: Open) -> None:
    reads = await open_reads()
    bad, good = "SELECT nothing_such::text", "SELECT 'good'::text"
    outcomes = await asyncio.gather(*(outcome(reads.read_json(sql, [])) for sql in (bad, bad, good, bad, good)))
    assert outcomes == ["42703", "42703", b"good", "42703", b"good"]
    assert await reads.read_json(PREPARED, []) == b"2"


async def test_reads_behind_a_failed_preparation_prepare_what_is_right_by_then(
    open_reads: Open, empty_database_url: str
) -> None:
    reads = await open_reads()
    sql = "SELECT name FROM later"
    assert await outcome(reads.read_json(sql, [])) == "42P01"
    async with administrator(empty_database_url) as connection:
        await connection.execute("CREATE TABLE later AS SELECT 'here'::text AS name")
    assert await asyncio.gather(*(reads.read_json(sql, []) for _ in range(3))) == [b"here"] * 3


async def test_a_statement_whose_first_arguments_fail_is_prepared_once(open_reads: Open) -> None:
    reads = await open_reads()
    sql = "SELECT (10 / $1::int)::text"
    for _ in range(5):
        assert await outcome(reads.read_json(sql, [0])) == "INVALID_INPUT"
        assert await outcome(reads.read_json(sql, ["ten"])) == "INVALID_INPUT"
    assert await reads.read_json(sql, [5]) == b"2"
    assert await reads.read_json(PREPARED, []) == b"2"


@pytest.mark.parametrize("size", [0, 1, 65_536, 5_000_000])
async def test_answers_of_any_size_arrive_whole(open_reads: Open, size: int) -> None:
    reads = await open_reads()
    before, answer, after = await asyncio.gather(
        reads.read_json("SELECT 'before'::text", []),
        reads.read_json("SELECT repeat('商', $1::int)", [size]),
        reads.read_json("SELECT 'after'::text", []),
    )
    assert (before, after) == (b"before", b"after")
    assert answer == "商".encode() * size


async def test_null_is_an_empty_answer(open_reads: Open) -> None:
    reads = await open_reads()
    null = reads.read_json("SELECT $1::text", [None])
    answers = await asyncio.gather(null, reads.read_json("SELECT $1::text", ["next"]))
    assert list(answers) == [b"", b"next"]


async def test_a_read_whose_backend_is_terminated_is_sent_once_more(open_reads: Open, empty_database_url: str) -> None:
    reads = await open_reads()
    async with administrator(empty_database_url) as connection:
        running = asyncio.create_task(reads.read_json("SELECT 'done'::text FROM pg_sleep(0.5)", []))
        await end_active_read(connection)
        assert await running == b"done"
    assert reads.waiting == 0


async def test_a_read_whose_backend_is_terminated_twice_is_unavailable(
    open_reads: Open, empty_database_url: str
) -> None:
    reads = await open_reads()
    async with administrator(empty_database_url) as connection:
        running = asyncio.create_task(reads.read_json("SELECT 'done'::text FROM pg_sleep(20)", []))
        await end_active_read(connection)
        await end_active_read(connection)
        with pytest.raises(Unavailable):
            await running
    assert await reads.read_json("SELECT 'well'::text", []) == b"well"


async def test_reads_are_unavailable_while_the_database_takes_no_connection(
    open_reads: Open, empty_database_url: str
) -> None:
    reads = await open_reads()
    name = empty_database_url.rpartition("/")[2].partition("?")[0]
    await servers.execute(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS false')
    await servers.execute(f"SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity WHERE datname = '{name}'")
    outcomes = await asyncio.gather(*(outcome(reads.read_json("SELECT ''", [])) for _ in range(5)))
    assert outcomes == ["UNAVAILABLE"] * 5
    assert await reads.replies() is False
    await servers.execute(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS true')
    assert await reads.replies() is True


async def test_least_used_statements_are_forgotten_and_prepared_again(open_reads: Open) -> None:
    reads = await open_reads()
    often = "SELECT 'often'::text"
    statements = [f"SELECT '{index}'::text" for index in range(STATEMENTS + 50)]
    for index, sql in enumerate(statements):
        assert await reads.read_json(sql, []) == str(index).encode()
        assert await reads.read_json(often, []) == b"often"
    assert await reads.read_json(PREPARED, []) == str(STATEMENTS).encode()
    kept = await reads.read_json(
        "SELECT count(*)::text FROM pg_prepared_statements WHERE statement = $1::text", [often]
    )
    assert kept == b"1"
    answers = await asyncio.gather(*(reads.read_json(sql, []) for sql in statements))
    assert answers == [str(index).encode() for index in range(len(statements))]


@pytest.mark.parametrize("known", [True, False])
async def test_a_short_read_does_not_wait_behind_a_long_one(open_reads: Open, *, known: bool) -> None:
    reads = await open_reads(most=2)
    long, short = "SELECT 'long'::text FROM pg_sleep($1::float8)", "SELECT 'short'::text"
    if known:
        await reads.read_json(long, [0.3])
    for _ in range(3):  # planned first, hence no good measure
        await reads.read_json(short, [])
    running = asyncio.create_task(reads.read_json(long, [3.0]))
    await asyncio.sleep(0 if known else 0.1)
    assert await reads.read_json(short, []) == b"short"
    assert not running.done()
    assert await running == b"long"


async def test_short_reads_share_a_connection(open_reads: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    reads = await open_reads(most=4)
    used: set[PipelinedConnection] = set()
    send = PipelinedConnection.execute

    def note(connection: PipelinedConnection, read: Read) -> None:
        used.add(connection)
        send(connection, read)

    monkeypatch.setattr(PipelinedConnection, "execute", note)
    for _ in range(50):
        await reads.read_json("SELECT 'short'::text", [])
    assert len(used) == 1


async def test_a_read_that_takes_too_long_is_unavailable(open_reads: Open) -> None:
    reads = await open_reads(statement_timeout="200")
    slow, quick = await asyncio.gather(
        outcome(reads.read_json("SELECT ''::text FROM pg_sleep(10)", [])), reads.read_json("SELECT 'quick'::text", [])
    )
    assert (slow, quick) == ("UNAVAILABLE", b"quick")


@pytest.mark.parametrize("sql", ["CREATE TABLE written (id int)", "SELECT nextval('numbers')::text"])
async def test_reads_cannot_write(open_reads: Open, empty_database_url: str, sql: str) -> None:
    async with administrator(empty_database_url) as connection:
        await connection.execute("CREATE SEQUENCE numbers")
    reads = await open_reads()
    assert await outcome(reads.read_json(sql, [])) == "25006"


async def test_a_read_that_nobody_waits_for_leaves_the_others_alone(open_reads: Open) -> None:
    reads = await open_reads()
    left = asyncio.create_task(reads.read_json("SELECT 'left'::text FROM pg_sleep(0.2)", []))
    kept = asyncio.create_task(reads.read_json("SELECT 'kept'::text", []))
    await asyncio.sleep(0.05)
    left.cancel()
    assert await kept == b"kept"
    with pytest.raises(asyncio.CancelledError):
        await left


async def test_a_plan_that_cannot_be_had_is_unavailable(open_reads: Open, empty_database_url: str) -> None:
    hurried, lost = await open_reads(statement_timeout="200"), await open_reads()
    sql = "SELECT count(*)::text FROM held WHERE $1::int = 1"
    async with administrator(empty_database_url) as connection:
        await connection.execute("CREATE TABLE held (id int)")
        async with connection.transaction():
            await connection.execute("LOCK TABLE held")
            assert await outcome(hurried.explain(sql, 1)) == "UNAVAILABLE"
            explained = asyncio.create_task(outcome(lost.explain(sql, 1)))
            async with administrator(empty_database_url) as another:
                await end_active_read(another)
            assert await explained == "UNAVAILABLE"
    assert b"$1" in await lost.explain(sql, 1)
    assert await lost.read_json(sql, [1]) == b"0"


async def test_reads_on_their_way_are_unavailable_once_the_connections_are_closed(
    open_reads: Open, empty_database_url: str
) -> None:
    reads = await open_reads(most=2)
    running = asyncio.create_task(outcome(reads.read_json("SELECT ''::text FROM pg_sleep(20)", [])))
    async with administrator(empty_database_url) as connection:
        await until(lambda: connection.fetchval(f"SELECT count(*) = 1 {OTHERS} AND state = 'active'"))
        await reads.close()
        assert await running == "UNAVAILABLE"
        await connection.fetchval(f"SELECT count(pg_terminate_backend(pid, 10000)) {OTHERS} AND state = 'active'")
        assert await connection.fetchval(f"SELECT count(*) {OTHERS}") == 0


async def test_statements_are_forgotten_by_their_length_too(open_reads: Open) -> None:
    reads = await open_reads()
    for index in range(50):
        text = "x" * (KEPT_CHARACTERS - 200)
        assert await reads.read_json(f"SELECT '{index}' /* {text} */", []) == str(index).encode()
    kept = int(await reads.read_json(PREPARED, []))
    assert kept == STATEMENTS_CHARACTERS // KEPT_CHARACTERS + 1  # the one that counts them


async def test_a_long_statement_is_not_kept(open_reads: Open) -> None:
    reads = await open_reads()
    long = f"SELECT $1::text /* {'x' * KEPT_CHARACTERS} */"
    before = await reads.read_json(PREPARED, [])
    both = await asyncio.gather(*(reads.read_json(long, [str(index)]) for index in range(5)))
    assert both == [str(index).encode() for index in range(5)]
    assert await reads.read_json(PREPARED, []) == before
    with pytest.raises(ReadFailed):
        await reads.read_json(f"SELECT nothing /* {'x' * KEPT_CHARACTERS} */", [])
    assert await reads.read_json(long, ["again"]) == b"again"


SLEEP = "SELECT 'slept'::text FROM pg_sleep($1::float8)"


async def test_a_read_that_nobody_waits_for_is_cancelled_at_the_server(
    open_reads: Open, empty_database_url: str
) -> None:
    reads = await open_reads(statement_timeout="60000")
    long = asyncio.create_task(reads.read_json(SLEEP, [50]))
    active = f"SELECT count(*) {OTHERS} AND state = 'active' AND query LIKE '%pg_sleep%'"
    async with administrator(empty_database_url) as connection:
        await until(lambda: connection.fetchval(active))
        long.cancel()
        behind = [asyncio.create_task(reads.read_json(SLEEP, [0.01])) for _ in range(20)]
        began = monotonic()
        assert await asyncio.gather(*behind) == [b"slept"] * 20
        assert monotonic() - began < 10
        assert not await connection.fetchval(active)


async def test_reads_that_others_wait_for_survive_cancel_requests(open_reads: Open) -> None:
    reads = await open_reads(statement_timeout="60000")
    for turn in range(15):
        long = asyncio.create_task(reads.read_json(SLEEP, [0.09 + 0.01 * turn]))
        behind = [asyncio.create_task(reads.read_json(SLEEP, [0.005 * (turn % 4)])) for _ in range(10)]
        await asyncio.sleep(0.01)
        long.cancel()
        assert await asyncio.gather(*behind) == [b"slept"] * 10


async def test_a_cancel_request_that_meets_another_read_does_not_end_it(empty_database_url: str) -> None:
    connection = await PipelinedConnection.open(empty_database_url, READ_SETTINGS, Durations(), timeout_s=10)
    executed = 0

    def note(read: Read) -> None:
        nonlocal executed
        executed += 1
        PipelinedConnection.execute(connection, read)

    connection.execute = note  # type: ignore[method-assign]
    waited_for = connection.read(SLEEP, [b"0.5"])
    await asyncio.sleep(0.1)
    connection.cancel()  # as if the read before had just ended by itself
    assert await waited_for == b"slept"
    assert executed == 2
    connection.close()


async def test_waiting_for_others_counts(open_reads: Open) -> None:
    reads = await open_reads(statement_timeout="1000")
    began = monotonic()
    first = asyncio.create_task(reads.read_json(SLEEP, [0.8]))
    second = asyncio.create_task(reads.read_json(SLEEP, [0.8]))
    assert await first == b"slept"
    with pytest.raises(StatementTimeout):
        await second
    assert monotonic() - began < 1.5
    assert await reads.read_json("SELECT 'next'", []) == b"next"


def private_mb(processes: Sequence[int]) -> float:
    """Return how much memory processes have for themselves together."""
    rollups = [Path(f"/proc/{process}/smaps_rollup").read_text() for process in processes]
    return sum(int(kilobytes) for rollup in rollups for kilobytes in PRIVATE.findall(rollup)) / 1024


async def test_sixty_long_statements_leave_postgresql_its_memory(open_reads: Open, empty_database_url: str) -> None:
    """Each of 2.8 MB, half of it predicates, whose plan takes several times as much."""
    reads = await open_reads(most=2)
    predicates = " OR ".join(f"(n = {number} AND n < {number + 1})" for number in range(8_000))
    padding = "x" * (2_800_000 - len(predicates))

    async def ask(number: int) -> None:
        sql = (
            f"SELECT count(*)::text FROM generate_series(1, 3) AS n WHERE n > {number} OR {predicates} /* {padding} */"
        )
        assert await reads.read_json(sql, []) == b"3"

    async with administrator(empty_database_url) as connection:
        await asyncio.gather(ask(100), ask(101))
        processes = [row["pid"] for row in await connection.fetch(f"SELECT pid {OTHERS}")]
        try:
            before = private_mb(processes)
        except FileNotFoundError:
            pytest.skip("the server's processes are on another machine")
        for number in range(0, 60, 2):
            await asyncio.gather(ask(number), ask(number + 1))
        assert [row["pid"] for row in await connection.fetch(f"SELECT pid {OTHERS}")] == processes
        assert private_mb(processes) - before < 128


async def test_opening_that_is_given_up_leaves_no_connection_behind(empty_database_url: str) -> None:
    """Whatever it was doing: a connection that is left open would be told of as garbage, which fails the test."""
    for turn in range(60):
        opening = asyncio.create_task(
            PipelinedConnection.open(empty_database_url, READ_SETTINGS, Durations(), timeout_s=10)
        )
        await asyncio.sleep(0.001 * turn)
        opening.cancel()
        with suppress(asyncio.CancelledError):
            (await opening).close()
    gc.collect()


async def test_connection_that_was_opened_long_ago_takes_its_first_read(open_reads: Open) -> None:
    reads = await open_reads(statement_timeout="200")
    await asyncio.sleep(0.5)
    assert await reads.read_json("SELECT '1'", ()) == b"1"
