"""Two counties out of the demonstration province, for tests that change what they read: copied in a moment."""

import asyncpg

from services.seeds.scaffold import without_scaffold
from tests.everything import TABLES

YINGZE, QINSHUI = 140106, 140521
HERE = " OR ".join(f"division_number BETWEEN {code}000000 AND {code}999999" for code in (YINGZE, QINSHUI))
"""Of a division within the two counties."""
ELSEWHERE = f"division_number % 100000000 > 0 AND NOT ({HERE})"
"""Of a division within another county; the province and its cities are of all counties."""

DIVISIONS = f"""
DELETE FROM division WHERE level IN ('TOWNSHIP', 'VILLAGE') AND number / 1000000 NOT IN ({YINGZE}, {QINSHUI})
"""
PLACED = """
SELECT table_name FROM information_schema.columns
WHERE table_schema = 'public' AND column_name = 'division_number' AND table_name NOT IN ('brand', 'department')
ORDER BY 1
"""
"""The tables whose rows are of a division. A county's brand may be used beyond it; foreign departments are refused."""
ORPHANS = """
SELECT format('DELETE FROM %1$s AS one WHERE %2$I IS NOT NULL AND NOT EXISTS '
              '(SELECT FROM %3$s AS other WHERE other.%4$I = one.%2$I)',
              conrelid::regclass, source.attname, confrelid::regclass, target.attname)
FROM pg_constraint
JOIN pg_attribute AS source ON source.attrelid = conrelid AND source.attnum = conkey[1]
JOIN pg_attribute AS target ON target.attrelid = confrelid AND target.attnum = confkey[1]
WHERE contype = 'f' AND cardinality(conkey) = 1
"""
"""Statements that remove the rows whose reference leads nowhere, one for each foreign key."""


async def keep_counties(url: str) -> None:
    """Leave of the whole province what is of the two counties or of no county, and no division beneath the others."""
    connection = await asyncpg.connect(url)
    try:
        async with connection.transaction():
            orphans = [statement for (statement,) in await connection.fetch(ORPHANS)]
            async with without_scaffold(connection):
                for (table,) in await connection.fetch(PLACED):
                    await connection.execute(f"DELETE FROM {table} WHERE {ELSEWHERE}")
                await connection.execute(DIVISIONS)
                while any([await connection.execute(statement) != "DELETE 0" for statement in orphans]):
                    pass
        for (table,) in await connection.fetch(TABLES):
            await connection.execute(f"VACUUM (FULL) {table}")
        await connection.execute("VACUUM (ANALYZE)")
    finally:
        await connection.close()
