"""The nation's largest tables that tell their division, partitioned by province: an experiment on a copy.

Keys gain the division's number, as PostgreSQL wants of a partitioned table; foreign keys to them go.
"""

import asyncio
import time
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import asyncpg
import orjson
from sqlalchemy.engine import make_url

from deploy.local import login_url
from services.core.rights import key_of
from services.migrations.grants import Login
from services.migrations.run import migrate
from services.seeds.load import Connection
from tests.benchmarks.database import Prepared, Say
from tests.benchmarks.report import number
from tests.benchmarks.scale.nation import PLACE, PROVINCES, copied
from tests.tables import table

PARTED = ("topic", "session", "search_document")
TIMES = 2_000

INBOUND = """
SELECT conrelid::regclass::text AS place, conname AS name
FROM pg_constraint WHERE contype = 'f' AND confrelid = $1::text::regclass
"""
OUTBOUND = """
SELECT conname AS name, pg_get_constraintdef(oid) AS made
FROM pg_constraint WHERE contype = 'f' AND conrelid = $1::text::regclass
"""
KEYS = """
SELECT conname AS name, replace(pg_get_constraintdef(oid), ')', ', division_number)') AS made
FROM pg_constraint WHERE contype IN ('p', 'u') AND conrelid = $1::text::regclass
"""
INDEXES = """
SELECT pg_get_indexdef(indexrelid) AS made FROM pg_index WHERE indrelid = $1::text::regclass
    AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = indexrelid)
"""
TRIGGERS = (
    "SELECT pg_get_triggerdef(oid) AS made FROM pg_trigger WHERE tgrelid = $1::text::regclass AND NOT tgisinternal"
)
OWN = """
SELECT string_agg(attname, ', ' ORDER BY attnum) FROM pg_attribute
WHERE attrelid = $1::text::regclass AND attnum > 0 AND NOT attisdropped AND attgenerated = ''
"""

STATEMENTS = {
    "a topic by its id": "SELECT title FROM topic WHERE id = $1::uuid",
    "a topic by its number": "SELECT title FROM topic WHERE number = $2::text",
    "topics of a city, counted": (
        "SELECT count(*) FROM topic WHERE division_number >= $3::bigint AND division_number < $3::bigint + 100000000"
    ),
    "topics of 20 platforms of a county": (
        "SELECT count(topic.title) FROM (SELECT id FROM platform WHERE division_number >= $4::bigint"
        " AND division_number < $4::bigint + 1000000 ORDER BY id LIMIT 20) AS one JOIN topic ON platform_id = one.id"
    ),
}
GIVEN = """
SELECT id, number, division_number / 100000000 * 100000000, division_number / 1000000 * 1000000
FROM topic WHERE number LIKE 'T140106-%' ORDER BY number LIMIT 1
"""


async def part(connection: Connection, name: str) -> None:
    """A table is partitioned by province."""
    keys, indexes, triggers, outbound = [
        await connection.fetch(question, name) for question in (KEYS, INDEXES, TRIGGERS, OUTBOUND)
    ]
    for one in await connection.fetch(INBOUND, name):
        await connection.execute(f"ALTER TABLE {one['place']} DROP CONSTRAINT {one['name']}")
    own = await connection.fetchval(OWN, name)
    await connection.execute(f"""
        ALTER TABLE {name} RENAME TO {name}_whole;
        CREATE TABLE {name} (LIKE {name}_whole INCLUDING DEFAULTS INCLUDING CONSTRAINTS INCLUDING GENERATED)
            PARTITION BY RANGE (division_number);
    """)
    for province in PROVINCES:
        ends = f"FROM ({province * PLACE}) TO ({(province + 1) * PLACE})"
        await connection.execute(f"CREATE TABLE {name}_{province} PARTITION OF {name} FOR VALUES {ends}")
    await connection.execute(f"INSERT INTO {name} ({own}) SELECT {own} FROM {name}_whole")
    await connection.execute(f"DROP TABLE {name}_whole CASCADE")
    for one in (*keys, *outbound):
        await connection.execute(f"ALTER TABLE {name} ADD CONSTRAINT {one['name']} {one['made']}")
    for one in (*indexes, *triggers):
        await connection.execute(one["made"])


async def _parted(url: str) -> None:
    connection = await asyncpg.connect(url, server_settings={"statement_timeout": "0"}, command_timeout=7200)
    try:
        async with connection.transaction():
            for name in PARTED:
                await part(connection, name)
    finally:
        await connection.close()
    logins = {login: make_url(login_url(url, login)).password for login in Login}
    await migrate(url, passwords=logins, key=key_of(login_url(url, Login.READ)))
    connection = await asyncpg.connect(url, command_timeout=7200)
    try:
        await connection.execute(f"VACUUM (ANALYZE) {', '.join(PARTED)}")
    finally:
        await connection.close()


def parted(nation: Prepared, say: Say) -> Prepared:
    """Return the nation with partitioned tables, beside it; made where it is not there."""
    source = make_url(nation.url)
    name = f"{source.database}_parted"
    url = asyncio.run(copied(nation.url, name))
    if url is not None:
        say(f"partitioning {', '.join(PARTED)}")
        asyncio.run(_parted(url))
    return replace(nation, url=source.set(database=name).render_as_string(hide_password=False))


def _scans(plan: dict[str, Any]) -> int:
    """Return how many scans of a plan were begun."""
    own = "Relation Name" in plan and plan["Actual Loops"] > 0
    return int(own) + sum(map(_scans, plan.get("Plans", ())))


async def _seen(url: str) -> dict[str, tuple[int, float, float]]:
    """Return for each statement its scans, ms of planning, and µs of running it once it is prepared."""
    connection = await asyncpg.connect(url)
    try:
        given = tuple(await connection.fetchrow(GIVEN) or ())
        found = {}
        for title, text in STATEMENTS.items():
            used = {position: given[position - 1] for position in range(1, 5) if f"${position}" in text}
            for index, position in enumerate(used, 1):
                text = text.replace(f"${position}", f"${index}")  # noqa: PLW2901 -- numbered anew
            plans = [
                orjson.loads(await connection.fetchval(f"EXPLAIN (ANALYZE, FORMAT JSON) {text}", *used.values()))[0]
                for _ in range(5)
            ]
            prepared = await connection.prepare(text)
            for _ in range(20):
                await prepared.fetch(*used.values())
            began = time.perf_counter()
            for _ in range(TIMES):
                await prepared.fetch(*used.values())
            took = 1e6 * (time.perf_counter() - began) / TIMES
            found[title] = _scans(plans[-1]["Plan"]), min(one["Planning Time"] for one in plans), took
        return found
    finally:
        await connection.close()


def statements(urls: Sequence[str]) -> str:
    """Return the table of some statements on the plain nation and on the partitioned one."""
    plain, partitioned = [asyncio.run(_seen(url)) for url in urls]
    rows = []
    for title in STATEMENTS:
        one, other = plain[title], partitioned[title]
        pairs = [f"{one[0]} / {other[0]}", *(f"{number(one[i])} / {number(other[i])}" for i in (1, 2))]
        rows.append([title, *pairs, number(other[2] / one[2])])
    head = ["plain / partitioned", "scans", "planning, ms", "prepared, µs with the round trip", "times"]
    return table(head, rows)
