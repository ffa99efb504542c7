"""What verbs wrote, in a form in which two contenders' rows can be compared."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, TypeAlias

import asyncpg
import orjson

from tests.benchmarks.writes.preparing import PREPARED

Rows: TypeAlias = Mapping[str, Sequence[str]]
"""By table: each row that is new or has changed, as JSON."""

TABLES = """
SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' ORDER BY relname
"""
# Transactions' ids are compared by their age: they wrap around.
CHANGED = 'SELECT to_jsonb(one)::text FROM "{table}" AS one WHERE age(xmin) < age($1::text::xid)'
COUNT = 'SELECT count(*) FROM "{table}"'

OWN = frozenset({
    ("event", "arrival"), ("event", "position"), ("delivery", "position"), ("delivery", "lane_id"), ("lane", "id"),
    ("idempotency_key", "fingerprint"),
})  # fmt: skip
"""Columns that no two runs have alike: places in the feed, numbers that the database draws, digests of a form of one's
own."""
KEY = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
INSTANT = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:\.\d+)?(?:\+00:00|Z)")
BYTES = re.compile(r"\\x(?:[0-9a-f]{2})+")
AHEAD = timedelta(minutes=1)


class RowsDiffer(Exception):
    """Two contenders wrote different rows for the same requests."""


@dataclass(frozen=True, slots=True)
class Before:
    """How a database was before the verbs."""

    transaction: str
    at: datetime
    counts: Mapping[str, int]


def now() -> datetime:
    """Return the present instant."""
    return datetime.now(UTC)


async def before(connection: "asyncpg.Connection[asyncpg.Record]", at: datetime) -> Before:
    """Return how a database is now; nothing that was prepared is older than an instant."""
    tables = [row[0] for row in await connection.fetch(TABLES)]
    counts = {table: await connection.fetchval(COUNT.format(table=table)) for table in tables}
    transaction = await connection.fetchval("SELECT pg_current_xact_id()::xid::text")
    return Before(transaction, at, counts)


async def written(connection: "asyncpg.Connection[asyncpg.Record]", since: Before) -> Rows:
    """Return the rows that are new or have changed since, comparable. Raises RowsDiffer where some were removed."""
    found: dict[str, list[dict[str, Any]]] = {}
    for table, count in since.counts.items():
        if await connection.fetchval(COUNT.format(table=table)) < count:
            raise RowsDiffer(f"{table} has lost rows")
        rows = await connection.fetch(CHANGED.format(table=table), since.transaction)
        if rows:
            found[table] = [orjson.loads(row[0]) for row in rows]
    keys = [(str(row["id"]), table) for table, rows in found.items() for row in rows if "id" in row]
    known = {key: f"<{table}>" for key, table in keys if not key.startswith(PREPARED)}
    form = _Form(known, since.at)
    return {table: sorted(form.row(table, row) for row in rows) for table, rows in found.items()}


@dataclass(frozen=True, slots=True)
class _Form:
    """Writes rows without what no two runs have alike."""

    known: Mapping[str, str]
    """Ids of new rows, and what stands for each; others are of what was there before."""
    since: datetime

    def row(self, table: str, row: Mapping[str, Any]) -> str:
        kept = {column: value for column, value in row.items() if (table, column) not in OWN}
        return orjson.dumps(self._value(kept), option=orjson.OPT_SORT_KEYS).decode()

    def _value(self, value: Any) -> Any:
        if isinstance(value, dict):
            return {name: self._value(one) for name, one in value.items()}
        if isinstance(value, list):
            return [self._value(one) for one in value]
        if not isinstance(value, str):
            return value
        if BYTES.fullmatch(value):
            return "<bytes>"
        return INSTANT.sub(self._instant, KEY.sub(lambda found: self.known.get(found[0], found[0]), value))

    def _instant(self, found: re.Match[str]) -> str:
        instant = datetime.fromisoformat(found[0])
        return "<now>" if self.since <= instant <= now() + AHEAD else instant.isoformat()


def compare(one: str, expected: Rows, other: str, rows: Rows) -> None:
    """Require that two contenders wrote the same. Raises RowsDiffer with the first difference."""
    for table in sorted(expected.keys() | rows.keys()):
        left, right = list(expected.get(table, ())), list(rows.get(table, ()))
        if left == right:
            continue
        for row in list(left):
            if row in right:
                left.remove(row)
                right.remove(row)
        said = [f"{name}: {found[0] if found else 'no other'}" for name, found in ((one, left), (other, right))]
        raise RowsDiffer(f"{table}: {len(left)} rows of {one}, {len(right)} of {other} differ.\n" + "\n".join(said))
