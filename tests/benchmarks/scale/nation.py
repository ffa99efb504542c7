"""A nation's database: the seeded province, copied under the codes of others, and what its tables take."""

import asyncio
from collections.abc import Iterable, Mapping
from dataclasses import replace

import asyncpg
from sqlalchemy.engine import make_url

from services.seeds.load import COLUMNS, Connection
from services.seeds.scaffold import without_scaffold
from tests.benchmarks.database import SETTINGS as USUAL
from tests.benchmarks.database import Prepared, Say
from tests.tables import table

SETTINGS = {**USUAL, "shared_buffers": "2GB", "effective_cache_size": "6GB"}
SEEDED = 14
PROVINCES = (
    *(11, 12, 13, 14, 15, 21, 22, 23, 31, 32, 33, 34, 35, 36, 37, 41, 42, 43, 44, 45, 46),
    *(50, 51, 52, 53, 54, 61, 62, 63, 64, 65),
)
"""The mainland's, by the first two digits of their divisions' codes."""
PLACE = 10_000_000_000
"""By how much a division's number rises from one province's code to the next."""

MOVED = """
CREATE OR REPLACE FUNCTION moved(id uuid, province integer) RETURNS uuid LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN encode(set_byte(uuid_send(id), 15, get_byte(uuid_send(id), 15) # province), 'hex')::uuid
"""
"""The seeds' ids of one table differ in more than the last byte."""
COLUMNS_OF = """
SELECT attname AS name, format_type(atttypid, NULL) AS type FROM pg_attribute
WHERE attrelid = $1::text::regclass AND attnum > 0 AND NOT attisdropped AND attgenerated = '' ORDER BY attnum
"""
CODES: Mapping[tuple[str, str], str] = {
    ("division", "code"): "province || substr(code, 3)",
    ("topic_number", "county_code"): "province || substr(county_code, 3)",
    ("department", "code"): "'d' || province || '-' || code",
    **{(name, "number"): "'T' || province || substr(number, 4)" for name in ("topic", "topic_history")},
    **{(name, "code"): "'P' || province || substr(code, 4)" for name in ("platform", "platform_history")},
}
NUMBERS = {"division_number", "parent_number", "number", "upper"}

TABLES = """
SELECT relname AS name, n_live_tup AS rows, pg_table_size(relid) AS heap, pg_indexes_size(relid) AS indexes
FROM pg_stat_user_tables WHERE schemaname = 'public' AND n_live_tup > 0 ORDER BY pg_total_relation_size(relid) DESC
"""


def moved(name: str, column: str, type_: str) -> str:
    """Return what stands in a column of a province's copy of a row."""
    if (name, column) in CODES:
        return CODES[name, column]
    if type_ == "uuid":
        return f"moved({column}, province)"
    if column in NUMBERS and type_ == "bigint":
        return f"{column} + (province - {SEEDED}) * {PLACE}"
    return column


async def _statement(connection: Connection, name: str) -> str:
    columns = await connection.fetch(COLUMNS_OF, name)
    names = ", ".join(one["name"] for one in columns)
    values = ", ".join(moved(name, one["name"], one["type"]) for one in columns)
    return f"INSERT INTO {name} ({names}) SELECT {values} FROM {name} CROSS JOIN unnest($1::integer[]) AS province"


def beside(url: str, database: str) -> str:
    """Return the address of another database of the server."""
    return make_url(url).set(database=database).render_as_string(hide_password=False)


async def copied(url: str, name: str) -> str | None:
    """Return the address of a copy of a database; None where there is one already."""
    connection = await asyncpg.connect(beside(url, "postgres"))
    try:
        if await connection.fetchval("SELECT EXISTS (SELECT FROM pg_database WHERE datname = $1)", name):
            return None
        source = make_url(url).database
        await connection.execute(f'CREATE DATABASE "{name}" TEMPLATE "{source}" STRATEGY file_copy', timeout=3600)
    finally:
        await connection.close()
    return beside(url, name)


async def _fill(url: str, others: Iterable[int], say: Say) -> None:
    connection = await asyncpg.connect(url, server_settings={"statement_timeout": "0"}, command_timeout=7200)
    try:
        async with connection.transaction():
            await connection.execute(MOVED)
            async with without_scaffold(connection):
                for name in COLUMNS:
                    await connection.execute(await _statement(connection, name), list(others))
                say("checking foreign keys and building indexes")
        await connection.execute("VACUUM (ANALYZE)")
    finally:
        await connection.close()


def nation(province: Prepared, provinces: int, say: Say) -> Prepared:
    """Return the database of so many provinces, beside that of the seeded one; made where it is not there."""
    name = f"nation_{provinces}"
    others = [code for code in PROVINCES if code != SEEDED][: provinces - 1]
    url = asyncio.run(copied(province.url, name))
    if url is not None:
        say(f"copying the province {provinces} times")
        asyncio.run(_fill(url, others, say))
    return replace(province, url=beside(province.url, name))


async def sizes(url: str) -> tuple[str, float]:
    """Return the table of a database's tables by size, and their gigabytes."""
    connection = await asyncpg.connect(url)
    try:
        await connection.execute("ANALYZE")
        found = [dict(one) for one in await connection.fetch(TABLES)]
    finally:
        await connection.close()
    rows = [
        [
            one["name"],
            f"{one['rows']:,}",
            f"{one['heap'] / 1e6:,.1f}",
            f"{one['indexes'] / 1e6:,.1f}",
            f"{(one['heap'] + one['indexes']) / one['rows']:,.0f}",
        ]
        for one in found
    ]
    whole = sum(one["heap"] + one["indexes"] for one in found)
    head = ["table", "rows", "rows' MB", "indexes' MB", "bytes a row, with indexes"]
    return table(head, rows), whole / 1e9
