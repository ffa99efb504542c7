"""Foreign keys, secondary indexes, triggers and row policies come off while rows pour in and go on again at the end.

Checking, indexing and counting all rows at once takes a third of the time that it takes row by row. PostgreSQL takes
no COPY into a table whose policies are forced upon its owner.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from services.seeds.load import COLUMNS, Connection

FOREIGN_KEYS = """
    SELECT format('ALTER TABLE %s DROP CONSTRAINT %I', conrelid::regclass, conname) AS remove,
           format('ALTER TABLE %s ADD CONSTRAINT %I %s', conrelid::regclass, conname, pg_get_constraintdef(oid))
               AS restore
    FROM pg_constraint
    WHERE contype = 'f' AND conrelid = ANY ($1::text[]::regclass[])
    ORDER BY conrelid::regclass::text, conname
"""

INDEXES = """
    SELECT format('DROP INDEX %s', indexrelid::regclass) AS remove, pg_get_indexdef(indexrelid) AS restore
    FROM pg_index
    WHERE indrelid = ANY ($1::text[]::regclass[])
      AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = indexrelid AND contype IN ('p', 'u', 'x'))
    ORDER BY indexrelid::regclass::text
"""

FORCED = """
    SELECT format('ALTER TABLE %s NO FORCE ROW LEVEL SECURITY', oid::regclass) AS remove,
           format('ALTER TABLE %s FORCE ROW LEVEL SECURITY', oid::regclass) AS restore
    FROM pg_class
    WHERE oid = ANY ($1::text[]::regclass[]) AND relforcerowsecurity
    ORDER BY relname
"""


@asynccontextmanager
async def without_scaffold(connection: Connection) -> AsyncIterator[None]:
    """Take foreign keys, indexes, triggers and policies off the tables, in the caller's transaction, and restore them.

    Restoring checks every row. Raises asyncpg.IntegrityConstraintViolationError where one offends.
    """
    tables = list(COLUMNS)
    for table in tables:
        await connection.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
    parts = [part for question in (FORCED, FOREIGN_KEYS, INDEXES) for part in await connection.fetch(question, tables)]
    for part in parts:
        await connection.execute(part["remove"])
    yield
    await connection.execute("SET LOCAL maintenance_work_mem = '256MB'")
    for part in reversed(parts):
        await connection.execute(part["restore"])
    for table in tables:
        await connection.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
    await connection.execute("SELECT recount_tallies()")
