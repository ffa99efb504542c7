"""Subscribers who get the same of a change share one read of it."""

import asyncio
from collections.abc import Hashable

import pytest

from graph.engine import Engine
from graph.schema import build_schema
from graph.subscriptions import Reading, Subscriptions
from services.core.actor import ANONYMOUS
from services.core.clock import SystemClock
from services.notices.hub import Hub
from tests.live.place import Places

NOW = "SELECT clock_timestamp()::text || pg_sleep(0.2)::text"
"""What no two reads get the same of."""


@pytest.fixture(scope="module")
def subscriptions(places: Places) -> Subscriptions:
    db = places.world.db
    return Subscriptions(Engine(build_schema(), db, SystemClock(), cursor_key=bytes(32)), Hub(db, backlog=10), db)


def reading(identity: Hashable, sql: str = NOW) -> Reading:
    return Reading(identity, sql, [], ANONYMOUS)


async def test_same_read_at_one_time_is_one_statement(subscriptions: Subscriptions) -> None:
    many = await asyncio.gather(*(subscriptions._read(reading("a")) for _ in range(500)))  # noqa: SLF001
    assert len(set(many)) == 1
    one, other = await asyncio.gather(*(subscriptions._read(reading(each)) for each in "ab"))  # noqa: SLF001
    assert len({one, other, many[0]}) == 3


async def test_subscriber_who_leaves_ends_no_read_of_others(subscriptions: Subscriptions) -> None:
    waiting = [asyncio.ensure_future(subscriptions._read(reading("a"))) for _ in range(3)]  # noqa: SLF001
    await asyncio.sleep(0)
    waiting[0].cancel()
    left, *stayed = await asyncio.gather(*waiting, return_exceptions=True)
    assert isinstance(left, asyncio.CancelledError)
    assert len(set(map(str, stayed))) == 1


async def test_failure_of_a_shared_read_is_everybodys(subscriptions: Subscriptions) -> None:
    failing = [subscriptions._read(reading("c", "SELECT (1 / length(''))::text")) for _ in range(3)]  # noqa: SLF001
    failures = await asyncio.gather(*failing, return_exceptions=True)
    assert len({type(failure) for failure in failures}) == 1
    assert all(isinstance(failure, Exception) for failure in failures)
    assert subscriptions._under_way == {}  # noqa: SLF001
