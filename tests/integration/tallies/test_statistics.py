import json
from collections.abc import AsyncIterator, Mapping
from datetime import UTC, date, datetime
from random import Random
from typing import Any

import asyncpg
import pytest

from graph.operations import Operations
from graph.schema import build_schema
from services.core.actor import ANONYMOUS, Actor, Grant, Role
from services.core.clock import china_day
from services.core.database import READ_SETTINGS
from services.core.limits import Limits
from services.core.readers import Readers
from services.core.scope import subtree
from services.reads.parameters import Request
from services.reads.visibility import Sight
from tests.integration.tallies.naive import Period, Row, rows_of, statistics

NOW = datetime(2024, 6, 1, 16, 30, tzinfo=UTC)
"""Already the next day in China."""

FIELDS = """platforms { total general sub micro }
  topics { total key micro byStatus { status count } byCategory { category count } }
  sessionsHeld attendances attendancesAreLowerBound outcomes
  commitments { total done verified overdue } resolutionRate medianDaysToResolve
  conversions { kind count } satisfaction"""
OF_DIVISION = f"""query ($key: DivisionCode!, $period: Period) {{
  place: division(code: $key) {{ statistics(period: $period) {{ {FIELDS} }} }} }}"""
OF_PLATFORM = f"""query ($key: String!, $period: Period) {{
  place: platform(by: {{code: $key}}) {{ statistics(period: $period) {{ {FIELDS} }} }} }}"""

PERIODS = {
    "none": Period(),
    "whole years": Period(date(2022, 1, 1), date(2024, 1, 1)),
    "one whole year": Period(date(2023, 1, 1), date(2024, 1, 1)),
    "within a year": Period(date(2022, 3, 5), date(2022, 9, 1)),
    "a year's first half": Period(date(2023, 1, 1), date(2023, 7, 1)),
    "across one new year": Period(date(2022, 10, 1), date(2023, 3, 1)),
    "across years": Period(date(2021, 6, 15), date(2024, 2, 10)),
    "whole months": Period(date(2022, 11, 1), date(2023, 2, 1)),
    "one whole month": Period(date(2023, 4, 1), date(2023, 5, 1)),
    "within a month": Period(date(2023, 4, 4), date(2023, 4, 28)),
    "across one new month": Period(date(2023, 4, 20), date(2023, 5, 15)),
    "from December": Period(date(2022, 12, 20), date(2023, 3, 15)),
    "one day": Period(date(2023, 5, 8), date(2023, 5, 9)),
    "empty": Period(date(2023, 5, 8), date(2023, 5, 8)),
    "inverted": Period(date(2024, 1, 1), date(2022, 1, 1)),
    "inverted within years": Period(date(2023, 8, 1), date(2022, 3, 1)),
    "inverted within a year": Period(date(2023, 8, 1), date(2023, 3, 1)),
    "inverted within months": Period(date(2023, 8, 20), date(2023, 3, 10)),
    "inverted within a month": Period(date(2023, 5, 20), date(2023, 5, 10)),
    "since a new year": Period(since=date(2023, 1, 1)),
    "since a day": Period(since=date(2023, 2, 3)),
    "until a new year": Period(until=date(2023, 1, 1)),
    "until a day": Period(until=date(2023, 2, 3)),
    "before all": Period(until=date(1, 1, 2)),
    "after all": Period(since=date(9999, 12, 2)),
}
ACTORS = {
    "anonymous": ANONYMOUS,
    "secretariat": Actor("somebody", (Grant(Role.SECRETARIAT, within="140521"),)),
}


@pytest.fixture(scope="session")
def operations() -> Operations:
    return Operations(build_schema().core, Limits())


@pytest.fixture(scope="session")
async def reads(seeded_url: str) -> AsyncIterator[Readers]:
    opened = await Readers.open(seeded_url, {**READ_SETTINGS, "timezone": "UTC"}, most=1)
    yield opened
    await opened.close()


@pytest.fixture(scope="session")
async def tables(seeded_url: str) -> Mapping[str, list[Row]]:
    connection = await asyncpg.connect(seeded_url)
    try:
        return await rows_of(connection)
    finally:
        await connection.close()


@pytest.fixture(scope="session")
async def divisions(seeded_url: str, tables: Mapping[str, list[Row]]) -> dict[str, dict[str, list[Row]]]:
    """The rows within the province, two cities and, of each level below, a few with topics and any."""
    connection = await asyncpg.connect(seeded_url)
    try:
        codes = [row["code"] for row in await connection.fetch("SELECT code FROM division ORDER BY code")]
    finally:
        await connection.close()
    busy = {str(topic["division_number"]) for topic in tables["topic"]}
    chance = Random(1)  # noqa: S311 -- a choice that is the same every time
    chosen = ["14", "1401", "1405", "140521", "140521201"]
    for length in (6, 9, 12):
        of_level = [code for code in codes if len(code) == length]
        with_topics = sorted({number[:length] for number in busy} & set(of_level))
        chosen += chance.sample(with_topics, 3) + chance.sample(of_level, 1)
    return {code: within(code, tables) for code in chosen}


def within(code: str, tables: Mapping[str, list[Row]]) -> dict[str, list[Row]]:
    """Return the rows of a division's subtree."""
    inside = subtree(code)
    return {table: [row for row in rows if row["division_number"] in inside] for table, rows in tables.items()}


def rounded(found: dict[str, Any]) -> dict[str, Any]:
    means = {name: found[name] for name in ("medianDaysToResolve", "satisfaction")}
    return {**found, **{name: None if value is None else round(value, 9) for name, value in means.items()}}


async def rolled_up(
    operations: Operations, reads: Readers, query: str, key: str, period: Period, actor: Actor
) -> dict[str, Any]:
    """Return a place's statistics as the API gives them."""
    ends = {name: day.isoformat() for name, day in (("from", period.since), ("until", period.until)) if day}
    operation = operations.get(query, None)
    variables = operation.coerce({"key": key, "period": ends or None})
    compiled = operation.statement(variables, Sight.of(actor))
    arguments = compiled.arguments(Request(variables, actor, NOW, b"key"))
    data = json.loads(await reads.read_json(compiled.sql, arguments))
    return rounded(data["data"]["place"]["statistics"])


@pytest.mark.parametrize("period", PERIODS.values(), ids=PERIODS)
@pytest.mark.parametrize("actor", ACTORS.values(), ids=ACTORS)
async def test_divisions_roll_up_what_their_rows_add_up_to(
    operations: Operations,
    reads: Readers,
    divisions: Mapping[str, Mapping[str, list[Row]]],
    actor: Actor,
    period: Period,
) -> None:
    for code, rows in divisions.items():
        expected = statistics(rows, period, china_day(NOW), lambda topic: sees(actor, topic))
        assert await rolled_up(operations, reads, OF_DIVISION, code, period, actor) == expected, code


@pytest.mark.parametrize("period", PERIODS.values(), ids=PERIODS)
@pytest.mark.parametrize("actor", ACTORS.values(), ids=ACTORS)
async def test_platforms_roll_up_what_their_rows_add_up_to(
    operations: Operations, reads: Readers, tables: Mapping[str, list[Row]], actor: Actor, period: Period
) -> None:
    chance = Random(2)  # noqa: S311 -- a choice that is the same every time
    for tier in ("GENERAL", "SUB", "MICRO"):
        of_tier = [platform for platform in tables["platform"] if platform["tier"] == tier]
        in_qinshui = [platform for platform in of_tier if platform["division_number"] // 10**6 == 140521]
        for platform in [*chance.sample(of_tier, 2), chance.choice(in_qinshui)]:
            expected = statistics(beneath(platform, tables), period, china_day(NOW), lambda topic: sees(actor, topic))
            found = await rolled_up(operations, reads, OF_PLATFORM, platform["code"], period, actor)
            assert found == expected, platform["code"]


def sees(actor: Actor, topic: Row) -> bool:
    """Tell whether an actor sees a topic that is not published."""
    return any(topic["division_number"] in grant.scope for grant in actor.grants)


def beneath(platform: Row, tables: Mapping[str, list[Row]]) -> dict[str, list[Row]]:
    """Return the rows of a platform and of all beneath it."""
    ids, size = {platform["id"]}, 0
    while len(ids) > size:
        size = len(ids)
        ids |= {one["id"] for one in tables["platform"] if one["parent_id"] in ids}
    topics = [one for one in tables["topic"] if one["platform_id"] in ids]
    topic_ids = {one["id"] for one in topics}
    return {
        "platform": [one for one in tables["platform"] if one["id"] in ids],
        "topic": topics,
        "session": [one for one in tables["session"] if one["platform_id"] in ids],
        "outcome": [one for one in tables["outcome"] if one["topic_id"] in topic_ids],
        "commitment": [one for one in tables["commitment"] if one["topic_id"] in topic_ids],
        "conversion": [one for one in tables["conversion"] if one["platform_id"] in ids],
        "follow_up": [one for one in tables["follow_up"] if one["topic_id"] in topic_ids],
    }
