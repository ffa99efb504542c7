"""Many reads of some callers beside few of others."""

import asyncio
from collections.abc import AsyncIterator

import asyncpg
import pytest

from services.core.database import READ_SETTINGS
from services.core.durations import Durations
from services.core.errors import StatementTimeout, Unavailable
from services.core.pipeline import PipelinedConnection, Read, ReadFailed
from services.core.readers import Readers
from services.core.security import watched
from services.core.turns import Turns
from tests.security import Kept

LONG, SHORT = "SELECT 'long'::text FROM pg_sleep($1::float8)", "SELECT 'short'::text"
HELD = "SELECT count(*)::text FROM held"
LONG_S, VERY_LONG_S = 0.4, 6.0


def begin(
    reads: Readers, sql: str, *arguments: object, subject: str | None = None, address: str = "192.0.2.1"
) -> "asyncio.Task[bytes]":
    """Begin a read as somebody."""

    async def read() -> bytes:
        with watched(Kept().about(subject, address)):
            return await reads.read_json(sql, arguments)

    return asyncio.create_task(read())


async def ended(many: "list[asyncio.Task[bytes]]") -> None:
    """Cancel reads, and return when they have ended."""
    for one in many:
        one.cancel()
    await asyncio.gather(*many, return_exceptions=True)


@pytest.fixture
async def reads(empty_database_url: str) -> AsyncIterator[Readers]:
    """Four connections, of which one takes long reads; what is short and what is long is known."""
    reads = await Readers.open(empty_database_url, READ_SETTINGS, most=4)
    await reads.read_json(LONG, [LONG_S])
    for _ in range(3):
        await reads.read_json(SHORT, [])
    yield reads
    await reads.close()


def read(name: str) -> Read:
    return Read(name, (), asyncio.get_running_loop().create_future())


async def test_callers_come_in_turn_and_who_has_signed_in_every_other_time() -> None:
    turns = Turns()
    for subject, address, names in (
        (None, "192.0.2.1", "abc"),
        (None, "192.0.2.2", "d"),
        ("one", "192.0.2.1", "12"),
        ("two", "192.0.2.1", "3"),
    ):
        with watched(Kept().about(subject, address)):
            for name in names:
                turns.put(read(name))
    turns.put(read("0"))
    assert len(turns) == 8
    assert [one.sql for one in turns.empty()] == ["1", "a", "3", "d", "0", "b", "2", "c"]
    assert not turns
    with pytest.raises(IndexError):
        turns.take()


async def test_what_waits_too_long_or_for_nobody_is_taken_out() -> None:
    turns = Turns()
    late, left, kept = read("late"), read("left"), read("kept")
    late.deadline = 1.0
    for one in (late, left, kept):
        turns.put(one)
    left.future.cancel()
    turns.sift(2.0)
    assert isinstance(late.future.exception(), ReadFailed)
    assert [one.sql for one in turns.empty()] == ["kept"]


async def test_short_reads_do_not_wait_behind_many_long_ones(reads: Readers) -> None:
    many = [begin(reads, LONG, VERY_LONG_S, address=f"192.0.2.{n}") for n in range(20)]
    await asyncio.sleep(0.05)
    assert await begin(reads, SHORT, address="192.0.2.250") == b"short"
    assert not any(one.done() for one in many)
    await ended(many)


async def test_many_of_one_caller_leave_others_their_turn(reads: Readers) -> None:
    many = [begin(reads, LONG, LONG_S, address="192.0.2.1") for _ in range(20)]
    await asyncio.sleep(0.05)
    beside = begin(reads, LONG, LONG_S, address="192.0.2.2")
    signed_in = begin(reads, LONG, LONG_S, subject="one", address="192.0.2.1")
    assert [*await asyncio.gather(beside, signed_in)] == [b"long", b"long"]
    assert sum(one.done() for one in many) <= 3
    await ended(many)


@pytest.mark.parametrize("shapes", [1, 50])
async def test_what_is_not_known_is_tried_for_a_moment_and_then_waits_among_long_ones(
    empty_database_url: str, shapes: int
) -> None:
    reads = await Readers.open(empty_database_url, {**READ_SETTINGS, "statement_timeout": "60000"}, most=4)
    many = [begin(reads, f"{LONG} -- {n % shapes}", 50.0) for n in range(50)]
    await asyncio.sleep(0.05)
    short = [begin(reads, f"{SHORT} -- {n}") for n in range(10)]
    assert await asyncio.gather(*short) == [b"short"] * 10
    assert not any(one.done() for one in many)
    await ended(many)
    await reads.close()


async def test_a_short_read_that_stands_gives_its_connection_to_others_and_is_answered_later(
    empty_database_url: str,
) -> None:
    holder = await asyncpg.connect(empty_database_url)
    await holder.execute("CREATE TABLE held (n int)")
    reads = await Readers.open(empty_database_url, {**READ_SETTINGS, "statement_timeout": "60000"}, most=2)
    for _ in range(3):
        for sql in (HELD, SHORT):
            await reads.read_json(sql, [])
    async with holder.transaction():
        await holder.execute("LOCK TABLE held IN ACCESS EXCLUSIVE MODE")
        standing = [begin(reads, HELD) for _ in range(5)]
        assert await asyncio.gather(*(begin(reads, SHORT) for _ in range(20))) == [b"short"] * 20
        assert not any(one.done() for one in standing)
    assert await asyncio.gather(*standing) == [b"0"] * 5
    await holder.close()
    await reads.close()


async def test_what_is_not_known_counts_as_long(reads: Readers) -> None:
    many = [begin(reads, f"{LONG} -- {n}", VERY_LONG_S) for n in range(8)]
    await asyncio.sleep(0.05)
    assert await begin(reads, SHORT) == b"short"
    assert not any(one.done() for one in many)
    await ended(many)


async def test_a_read_that_waited_too_long_is_never_sent(
    empty_database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    reads = await Readers.open(empty_database_url, {**READ_SETTINGS, "statement_timeout": "1000"}, most=4)
    sent: list[str] = []
    send = PipelinedConnection.execute

    def note(connection: PipelinedConnection, read: Read) -> None:
        sent.append(read.sql)
        send(connection, read)

    await reads.read_json(LONG, [0.2])
    monkeypatch.setattr(PipelinedConnection, "execute", note)
    many = [begin(reads, LONG, 0.7) for _ in range(5)]
    ends = await asyncio.gather(*many, return_exceptions=True)
    assert ends[0] == b"long"
    assert [type(one) for one in ends[2:]] == [StatementTimeout] * 3
    assert len(sent) == 2
    await reads.close()


async def test_reads_that_wait_are_unavailable_once_the_connections_are_closed(reads: Readers) -> None:
    many = [begin(reads, LONG, LONG_S) for _ in range(5)]
    await asyncio.sleep(0.05)
    await reads.close()
    ends = await asyncio.gather(*many, begin(reads, SHORT), return_exceptions=True)
    assert [type(one) for one in ends] == [Unavailable] * 6


def test_one_read_that_the_event_loop_kept_waiting_makes_no_statement_a_long_one() -> None:
    durations = Durations()
    durations.learn(SHORT, 0.001)
    durations.learn(SHORT, 30.0)
    durations.learn(SHORT, 30.0, planned=True)
    assert durations.expected_s(SHORT) < 0.02
    for _ in range(8):
        durations.learn(SHORT, 30.0)
    assert durations.expected_s(SHORT) > 0.1


def test_what_was_planned_first_is_known_better_by_the_next() -> None:
    durations = Durations()
    durations.learn(SHORT, 0.5, planned=True)
    assert durations.expected_s(SHORT) == 0.5
    durations.learn(SHORT, 0.001)
    assert durations.expected_s(SHORT) == 0.001
