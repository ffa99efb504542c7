"""The small province as it stood: a schema of tables for each instant, in which the same statements read."""

import asyncio
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, TypeAlias

import asyncpg

from tests.graph.oracle.templates import quoted

Connection: TypeAlias = "asyncpg.Connection[asyncpg.Record]"

VERSIONED = "SELECT left(tablename, -length('_history')) AS name FROM pg_tables WHERE tablename LIKE '%\\_history'"
"""Tables whose former versions are kept."""
CAME = {
    **dict.fromkeys(("attendance", "brand", "committee", "liaison_group", "member", "department"), "id"),
    **dict.fromkeys(("practice_center", "activity", "duty_record"), "id"),
    "session_topic": "session_id",
    "activity_member": "activity_id",
    "trace_chain": "id",
}
"""Tables whose rows come and stay, and the id that tells when."""
AT = """SELECT table_name AS name FROM information_schema.columns AS one WHERE column_name = 'at'
AND table_schema = 'public' AND NOT EXISTS (SELECT FROM pg_tables WHERE tablename IN (one.table_name || '_history'))
AND table_name NOT LIKE '%\\_history'"""
"""Tables whose rows come at an instant of that name and stay."""
DATED = {
    "event": "occurred_at",
    "involvement": "since",
    "duty_scheme": "published_at",
    "duty_assessment": "assessed_at",
}


@dataclass
class Past:
    """An instant: the schema of its tables, a connection that finds them first, and what was read of them."""

    schema: str
    connection: Connection
    known: dict[Any, Any] = field(default_factory=dict)


class Pasts:
    """The pasts that were asked for; each is made once."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._made: dict[datetime, Past] = {}
        self._turn = asyncio.Lock()

    async def at(self, instant: datetime) -> Past:
        """Return the past of an instant."""
        async with self._turn:
            if instant not in self._made:
                self._made[instant] = await self._make(instant, f"past_{len(self._made)}")
            return self._made[instant]

    async def close(self) -> None:
        """Close the connections."""
        for past in self._made.values():
            await past.connection.close()

    async def _make(self, instant: datetime, schema: str) -> Past:
        settings = {"timezone": "UTC", "jit": "off", "search_path": f"{schema}, public"}
        connection = await asyncpg.connect(self._url, server_settings=settings)
        moment = f"{quoted(instant.astimezone(UTC))}::timestamptz" if instant.year > 1 else "'-infinity'::timestamptz"
        await connection.execute(f"CREATE SCHEMA {schema}")
        rows = {
            **{
                row["name"]: await versions(connection, row["name"], moment)
                for row in await connection.fetch(VERSIONED)
            },
            **{table: came(table, key, moment) for table, key in CAME.items()},
            **{
                table: f"SELECT * FROM public.{table} WHERE {at} <= {moment}"
                for table, at in {**{row["name"]: "at" for row in await connection.fetch(AT)}, **DATED}.items()
            },
            "delivery": "SELECT delivery.* FROM public.delivery JOIN public.event ON event.id = event_id "
            f"WHERE occurred_at <= {moment}",
        }
        for table, query in rows.items():
            await connection.execute(f"CREATE TABLE {schema}.{table} (LIKE public.{table} INCLUDING INDEXES)")
            columns = ", ".join(await columns_of(connection, table))
            await connection.execute(
                f"INSERT INTO {schema}.{table} ({columns}) SELECT {columns} FROM ({query}) AS past"
            )
        for table, ended in (("involvement", "until"), ("duty_assessment", "superseded_at")):
            await connection.execute(f"UPDATE {schema}.{table} SET {ended} = NULL WHERE {ended} > {moment}")
        await connection.execute("ANALYZE")
        return Past(schema, connection)


async def versions(connection: Connection, table: str, moment: str) -> str:
    """Return the query of the last version of each row that had begun, if it had not ended."""
    columns = ", ".join(await columns_of(connection, table))
    every = (
        f"SELECT {columns}, 'infinity'::timestamptz AS replaced_at FROM public.{table} "
        f"UNION ALL SELECT {columns}, replaced_at FROM public.{table}_history"
    )
    last = (
        f"SELECT DISTINCT ON (id) * FROM ({every}) AS every WHERE recorded_at <= {moment} ORDER BY id, recorded_at DESC"
    )
    return f"SELECT {columns} FROM ({last}) AS last WHERE replaced_at > {moment}"


async def columns_of(connection: Connection, table: str) -> list[str]:
    """Return the names of a table's columns."""
    found = "SELECT column_name FROM information_schema.columns WHERE table_schema = 'public' AND table_name = $1"
    return [record[0] for record in await connection.fetch(found, table)]


def came(table: str, key: str, moment: str) -> str:
    """Return the query of the rows that had come, by the milliseconds with which an id begins."""
    milliseconds = f"('x' || left(replace({key}::text, '-', ''), 12))::bit(48)::bigint"
    return f"SELECT * FROM public.{table} WHERE {milliseconds} <= floor(extract(epoch FROM {moment}) * 1000)"
