"""All rows of a database, as values in memory, and how they are written back."""

from collections import defaultdict
from collections.abc import Iterator
from typing import Any, TypeAlias

import asyncpg

from services.search.reindex import fill

Row: TypeAlias = dict[str, Any]
Connection: TypeAlias = "asyncpg.Connection[asyncpg.Record]"

TABLES = """
SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' ORDER BY 1
"""
KEPT = frozenset({"alembic_version", "installation_key", "rights_key", "search_document"})
"""Tables that are not looked at: what is searched is made anew of the rows, as the commands make it."""
REFERENCES = """
SELECT conrelid::regclass::text AS source, one.attname AS source_column, confrelid::regclass::text AS target,
       other.attname AS target_column
FROM pg_constraint
JOIN pg_attribute AS one ON one.attrelid = conrelid AND one.attnum = conkey[1]
JOIN pg_attribute AS other ON other.attrelid = confrelid AND other.attnum = confkey[1]
WHERE contype = 'f' AND cardinality(conkey) = 1
"""
LOST = """
SELECT format('SELECT count(*) FROM %s AS one WHERE %I IS NOT NULL AND NOT EXISTS '
              '(SELECT FROM %s AS other WHERE other.%I = one.%2$I)', $1::text, $2::text, $3::text, $4::text)
"""


class World:
    """The rows of a database by their tables. Who changes one says in which table."""

    def __init__(self, rows: dict[str, list[Row]], references: list[tuple[str, str, str, str]]) -> None:
        self.rows = rows
        self.references = references
        """Foreign keys: table and column, and the table and column that they refer to."""
        self.changed: set[str] = set()
        self._by: dict[tuple[str, str], dict[Any, list[Row]]] = {}

    def copied(self) -> "World":
        """Return a copy, whose rows may be changed."""
        return World({table: [dict(row) for row in rows] for table, rows in self.rows.items()}, self.references)

    @classmethod
    async def read(cls, url: str) -> "World":
        """Return the rows of a database."""
        connection = await asyncpg.connect(url)
        try:
            names = [name for (name,) in await connection.fetch(TABLES) if name not in KEPT]
            rows = {
                name: [dict(row) for row in await connection.fetch(f"SELECT * FROM {name} ORDER BY 1, 2")]
                for name in names
            }
            return cls(rows, [tuple(row) for row in await connection.fetch(REFERENCES)])
        finally:
            await connection.close()

    def of(self, table: str, column: str, value: Any) -> list[Row]:
        """Return the rows of a table that have a value, as they stood when first asked for by the column."""
        index = self._by.get((table, column))
        if index is None:
            index = defaultdict(list)
            for row in self.rows[table]:
                index[row[column]].append(row)
            self._by[table, column] = index
        return index.get(value, [])

    def one(self, table: str, key: Any, column: str = "id") -> Row:
        """Return the row of a table with a key."""
        (row,) = self.of(table, column, key)
        return row

    def versions(self, table: str, key: Any) -> Iterator[Row]:
        """Yield what a row is and was; what it is has no `replaced_at`."""
        yield from self.of(table, "id", key)
        yield from self.of(f"{table}_history", "id", key)

    def overlapping(self, table: str, key: Any, version: Row) -> Iterator[Row]:
        """Yield what a row was while another one's version stood."""
        for found in self.versions(table, key):
            begins_before = "replaced_at" not in version or found["recorded_at"] < version["replaced_at"]
            ends_after = "replaced_at" not in found or found["replaced_at"] > version["recorded_at"]
            if begins_before and ends_after:
                yield found

    async def write(self, url: str) -> None:
        """Write the changed tables into a copy of the database that was read; what refers to rows finds them."""
        connection = await asyncpg.connect(url)
        try:
            async with connection.transaction():
                await connection.execute("SET LOCAL session_replication_role = replica")
                for table in sorted(self.changed):
                    await connection.execute(f"DELETE FROM {table}")
                    if rows := self.rows[table]:
                        columns = list(rows[0])
                        records = [tuple(row[column] for column in columns) for row in rows]
                        await connection.copy_records_to_table(table, records=records, columns=columns)
                await connection.execute("DELETE FROM search_document")
                await fill(connection)
                await connection.execute("SELECT recount_tallies()")
                for reference in self.references:
                    question = await connection.fetchval(LOST, *reference)
                    if await connection.fetchval(question):
                        raise AssertionError(f"rows of the second world refer to what is not there: {reference}")
            await connection.execute("VACUUM (ANALYZE)")
        finally:
            await connection.close()
