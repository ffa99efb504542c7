import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any
from uuid import UUID

import orjson
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.core.database import READ_SETTINGS
from services.core.readers import Readers
from services.core.wire import text

BATCH = 30
BIGINT = st.integers(-(2**63), 2**63 - 1)
TEXT = st.text(st.characters(exclude_characters="\x00", exclude_categories=["Cs"]))
ZONES = st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))
INSTANTS = st.datetimes(datetime(2, 1, 1), datetime(9998, 12, 31), timezones=ZONES)  # noqa: DTZ001 -- the strategy adds the zone
ONE_BY_ONE = settings(
    max_examples=25, deadline=None, database=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@pytest.fixture(scope="session")
async def reads(seeded_url: str) -> AsyncIterator[Readers]:
    opened = await Readers.open(seeded_url, {**READ_SETTINGS, "timezone": "UTC"}, most=1)
    yield opened
    await opened.close()


async def returned(reads: Readers, sql: str, values: list[Any]) -> list[Any]:
    """Return what the server made of values, each bound to a read of its own, all in flight together."""
    return [orjson.loads(answer) for answer in await asyncio.gather(*(reads.read_json(sql, [one]) for one in values))]


def batches(values: "st.SearchStrategy[Any]") -> "st.SearchStrategy[list[Any]]":
    return st.lists(values, min_size=1, max_size=BATCH)


@ONE_BY_ONE
@given(values=batches(st.lists(st.none() | TEXT)))
async def test_lists_of_text_arrive_as_they_are(reads: Readers, values: list[Any]) -> None:
    assert await returned(reads, "SELECT to_json($1::text[])::text", values) == values


@ONE_BY_ONE
@given(values=batches(TEXT))
async def test_text_arrives_as_it_is(reads: Readers, values: list[Any]) -> None:
    assert await returned(reads, "SELECT to_json($1::text)::text", values) == values


@ONE_BY_ONE
@given(values=batches(st.dates()))
async def test_days_arrive_as_they_are(reads: Readers, values: list[date]) -> None:
    sql = "SELECT to_json(to_char($1::date, 'YYYY-MM-DD'))::text"
    assert await returned(reads, sql, values) == [day.isoformat() for day in values]


@ONE_BY_ONE
@given(values=batches(INSTANTS))
async def test_instants_arrive_as_they_are(reads: Readers, values: list[datetime]) -> None:
    answers = await returned(reads, "SELECT to_json($1::timestamptz)::text", values)
    assert [datetime.fromisoformat(answer) for answer in answers] == values
    assert {datetime.fromisoformat(answer).utcoffset() for answer in answers} == {UTC.utcoffset(None)}


@ONE_BY_ONE
@given(values=batches(st.uuids()))
async def test_ids_arrive_as_they_are(reads: Readers, values: list[UUID]) -> None:
    assert await returned(reads, "SELECT to_json($1::uuid)::text", values) == [str(one) for one in values]


@ONE_BY_ONE
@given(values=batches(st.lists(st.none() | st.uuids())))
async def test_lists_of_ids_arrive_as_they_are(reads: Readers, values: list[Any]) -> None:
    expected = [[one and str(one) for one in ids] for ids in values]
    assert await returned(reads, "SELECT to_json($1::uuid[])::text", values) == expected


@ONE_BY_ONE
@given(values=batches(st.binary(max_size=200)))
async def test_bytes_arrive_as_they_are(reads: Readers, values: list[bytes]) -> None:
    sql = "SELECT to_json(encode($1::bytea, 'hex'))::text"
    assert await returned(reads, sql, values) == [one.hex() for one in values]


@ONE_BY_ONE
@given(values=batches(BIGINT))
async def test_whole_numbers_arrive_as_they_are(reads: Readers, values: list[int]) -> None:
    assert await returned(reads, "SELECT to_json($1::bigint::text)::text", values) == [str(one) for one in values]


@ONE_BY_ONE
@given(values=batches(st.floats(allow_nan=False, allow_infinity=False)))
async def test_floating_numbers_arrive_as_they_are(reads: Readers, values: list[float]) -> None:
    assert await returned(reads, "SELECT to_json($1::float8)::text", values) == values


@ONE_BY_ONE
@given(values=batches(st.lists(BIGINT, unique=True, min_size=2, max_size=8).map(sorted)))
async def test_multiranges_hold_what_they_say(reads: Readers, values: list[list[int]]) -> None:
    pairs = [list(zip(ends[::2], ends[1::2], strict=False)) for ends in values]
    written = ["{" + ",".join(f"[{lower},{upper})" for lower, upper in of) + "}" for of in pairs]
    sql = """SELECT json_agg(ARRAY[lower(part)::text, upper(part)::text])::text
        FROM unnest($1::text::int8multirange) AS part"""
    answers = await returned(reads, sql, written)
    assert [_points(ranges) for ranges in answers] == [_points([[str(low), str(up)] for low, up in of]) for of in pairs]


def _points(ranges: list[list[str]]) -> list[list[str]]:
    """Return ranges with neighbours joined, as a multirange holds them."""
    joined: list[list[str]] = []
    for low, up in ranges:
        if joined and joined[-1][1] == low:
            joined[-1][1] = up
        else:
            joined.append([low, up])
    return joined


@pytest.mark.parametrize(("value", "written"), [(True, b"True"), (None, None), ((), b"{}"), ([""], b'{""}')])
def test_values_have_one_text(value: object, written: bytes | None) -> None:
    assert text(value) == written


def test_a_kind_never_bound_is_refused() -> None:
    with pytest.raises(TypeError, match="a dict is never bound"):
        text({})
