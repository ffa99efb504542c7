import hashlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any

import asyncpg
import pytest

from services.core.errors import InvalidInput
from services.seeds.errors import DatabaseNotEmpty
from services.seeds.load import COLUMNS, Connection
from services.seeds.seed import EDITION, last_day, seed
from tests.servers import UNTIL

ROWS = {
    "division": 23_380,
    "brand": 7,
    "committee": 129,
    "liaison_group": 1_341,
    "member": 11_962,
    "department": 1_751,
    "department_channel": 1_751,
    "practice_center": 1,
    "activity": 2_695,
    "activity_member": 10_092,
    "platform": 2_197,
    "topic": 9_079,
    "topic_history": 44_554,
    "matter": 13_860,
    "matter_history": 28_268,
    "involvement": 17_872,
    "session": 11_136,
    "session_history": 11_595,
    "session_topic": 11_797,
    "attendance": 38_456,
    "outcome": 6_581,
    "commitment": 8_128,
    "commitment_history": 29_350,
    "progress": 19_439,
    "evidence": 12_436,
    "opinion": 6_134,
    "verdict": 5_713,
    "conversion": 981,
    "follow_up": 3_291,
    "trace_chain": 1_076,
    "trace_entry": 7_629,
    "annual_plan": 346,
    "annual_plan_history": 761,
    "plan_item": 1_850,
    "topic_number": 359,
    "duty_scheme": 2,
    "duty_rule": 10,
    "duty_grade": 8,
    "duty_assessment": 507,
    "duty_record": 792,
    "search_document": 31_717,
}

DIGEST = (13, "63a95af9295989f588442344febd7edd94b2ec55a2c797d371006887df1ae6e1")
"""The edition and the digest of its rows at scale 1. Rows that change make a new edition, but for new columns that a
migration fills in the same way."""


@asynccontextmanager
async def connected(url: str) -> AsyncIterator[Connection]:
    connection = await asyncpg.connect(url, server_settings={"timezone": "UTC"})
    try:
        yield connection
    finally:
        await connection.close()


async def count_rows(url: str) -> dict[str, int]:
    async with connected(url) as connection:
        return {table: await connection.fetchval(f"SELECT count(*) FROM {table}") for table in COLUMNS}


async def digest_rows(url: str) -> str:
    """Return a digest of every table's rows in the order of their keys, in a form that no server setting alters."""
    digest = hashlib.sha256()
    async with connected(url) as connection, connection.transaction():
        for table, columns in COLUMNS.items():
            values, key = ", ".join(columns), ", ".join(columns[:2])
            question = f"SELECT json_build_array({values})::text FROM {table} ORDER BY {key}"
            async for row in connection.cursor(question, prefetch=5_000):
                digest.update(row[0].encode() + b"\n")
    return digest.hexdigest()


def say_nothing(_line: str) -> None:
    """Take a line of progress."""


async def test_seed_counts_what_it_wrote(seeding: dict[str, Any], seeded_url: str) -> None:
    assert seeding["rows"] == ROWS == await count_rows(seeded_url)
    assert not seeding["already_there"]
    assert seeding["lines"] == [
        "23380 divisions, 2197 platforms",
        *(f"{topics} topics" for topics in (2_000, 4_000, 6_000, 8_000, 9_079)),
        "31717 documents for search",
        "checking foreign keys and building indexes",
        "gathering statistics",
    ]


async def test_seed_gives_the_same_rows_everywhere(seeded_url: str) -> None:
    assert (EDITION, await digest_rows(seeded_url)) == DIGEST


async def test_seed_again_changes_nothing(writable_seeded_url: str) -> None:
    before = await digest_rows(writable_seeded_url)

    lines: list[str] = []
    report = await seed(writable_seeded_url, until=last_day(datetime.now(UTC)), progress=lines.append)

    assert (report.rows, report.already_there) == ({}, True)
    assert lines == ["already there, as it had come up to 2024-06-30"]
    assert report.duration_s < 1
    assert await digest_rows(writable_seeded_url) == before


async def test_seed_of_another_scale_is_refused(writable_seeded_url: str) -> None:
    with pytest.raises(DatabaseNotEmpty) as refusal:
        await seed(writable_seeded_url, until=UNTIL, scale=2, progress=say_nothing)

    assert refusal.value.tables == tuple(COLUMNS)
    assert await count_rows(writable_seeded_url) == ROWS


async def test_seed_into_other_data_is_refused(migrated_url: str) -> None:
    async with connected(migrated_url) as connection:
        await connection.execute(
            "INSERT INTO division (number, upper, code, name, level) "
            "VALUES (140000000000, 150000000000, '14', '山西省', 'PROVINCE')"
        )

    with pytest.raises(DatabaseNotEmpty) as refusal:
        await seed(migrated_url, until=UNTIL, progress=say_nothing)

    assert refusal.value.tables == ("division",)
    assert await count_rows(migrated_url) == {**dict.fromkeys(COLUMNS, 0), "division": 1}


async def test_seed_that_fails_midway_leaves_nothing(migrated_url: str) -> None:
    def fail(line: str) -> None:
        if line == "4000 topics":
            raise RuntimeError(line)

    with pytest.raises(RuntimeError, match="4000 topics"):
        await seed(migrated_url, until=UNTIL, progress=fail)

    assert await count_rows(migrated_url) == dict.fromkeys(COLUMNS, 0)
    async with connected(migrated_url) as connection:
        assert await connection.fetchval("SELECT count(*) FROM pg_constraint WHERE contype = 'f'") > len(COLUMNS)


async def test_scale_below_one_is_refused(migrated_url: str) -> None:
    with pytest.raises(InvalidInput):
        await seed(migrated_url, until=UNTIL, scale=0, progress=say_nothing)

    assert await count_rows(migrated_url) == dict.fromkeys(COLUMNS, 0)


TIERS_BY_COUNTY = """
    SELECT left(division_number::text, 6) AS county, count(*) AS platforms,
           count(*) FILTER (WHERE tier = 'MICRO') AS micro
    FROM platform GROUP BY 1 ORDER BY 1
"""
YINGZE = """
    SELECT count(*) FILTER (WHERE kind = 'KEY'), count(*) FILTER (WHERE kind = 'MICRO'),
           (SELECT count(*) FROM session
            WHERE division_number BETWEEN 140106000000 AND 140106999999 AND scheduled_at < '2023-12-01Z'),
           (SELECT sum(headcount) FROM session
            WHERE division_number BETWEEN 140106000000 AND 140106999999 AND scheduled_at < '2023-12-01Z')
    FROM topic WHERE division_number BETWEEN 140106000000 AND 140106999999 AND proposed_at < '2023-12-01Z'
"""
STANDING = ("division", "brand", "committee", "liaison_group", "member", "department", "department_channel")


async def test_scale_two_doubles_platforms_and_topics(migrated_url: str, seeded_url: str) -> None:
    report = await seed(migrated_url, until=UNTIL, scale=2, progress=say_nothing)

    assert {table: report.rows[table] for table in STANDING} == {table: ROWS[table] for table in STANDING}
    assert report.rows["platform"] == 2 * 2_197
    assert report.rows["topic"] == pytest.approx(2 * ROWS["topic"], rel=0.02)
    async with connected(migrated_url) as large, connected(seeded_url) as small:
        expected = [
            (row["county"], 2 * row["platforms"], row["micro"] + row["platforms"])
            for row in await small.fetch(TIERS_BY_COUNTY)
        ]
        assert [tuple(row) for row in await large.fetch(TIERS_BY_COUNTY)] == expected
        assert tuple(await large.fetchrow(YINGZE) or ()) == (2 * 51, 2 * 188, 2 * 238, 2 * 2_316)
        assert [
            tuple(row)
            for row in await large.fetch(
                "SELECT code, name FROM platform WHERE NOT name ~ '第[0-9]+(微平台|委员工作室)$' AND code ~ '^P140106' "
                "AND division_number IN (140106000000, 140106005000, 140106005010)"
            )
        ] == [
            ("P140106", "太原市迎泽区有事来商量·欢迎来协商总平台"),
            ("P140106-05", "迎泽区桥东街道分平台"),
            ("P140106-05-06", "桥东街道并州东街四社区微平台"),
        ]
