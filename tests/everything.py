"""All that a database holds, in a form in which two moments can be compared."""

import asyncpg
from asyncpg.pool import PoolConnectionProxy

Connection = asyncpg.Connection | PoolConnectionProxy
TABLES = "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1"
DIGEST = """SELECT '{table}' AS name, count(*) AS rows, md5(coalesce(string_agg(one, ',' ORDER BY one), '')) AS digest
FROM (SELECT one::text AS one FROM "{table}" AS one) AS every"""


async def everything(connection: Connection) -> dict[str, tuple[int, str]]:
    """Return how many rows each table has and their digest."""
    tables = [row["tablename"] for row in await connection.fetch(TABLES)]
    found = await connection.fetch(" UNION ALL ".join(DIGEST.format(table=table) for table in tables))
    return {row["name"]: (row["rows"], row["digest"]) for row in found}
