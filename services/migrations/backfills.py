"""Values of rows that were there before their column: filled after the migrations, a batch in a transaction of its own.

A migration that fills a large table itself holds its locks until all is filled. One that only adds the column is over
at once, and what is declared here is filled beside readers and writers.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from sqlalchemy import Connection, text
from sqlalchemy.pool import NullPool

from services.core.engines import open_engine
from services.migrations.run import PATIENCE, Patience, alone, patiently

ROWS = 1_000
"""Rows of a batch, which is how many a writer may find locked, for some tens of milliseconds."""


@dataclass(frozen=True, slots=True)
class Backfill:
    """What is filled in one table.

    All is the project's own SQL. Rows are taken in the order of the key, each once in a run.
    """

    table: str
    values: str
    """What an UPDATE sets, with the row as `told`: `told.days = told.until - told.since`."""
    lacking: str
    """The condition of a row that is to be filled, and of none that was: so a run goes on where another one ended."""
    key: str = "id"
    triggers: bool = True
    """Whether the table's triggers run. Without them a row's history has no version of the fill, and writers of the
    table wait for a batch."""

    def batch(self, *, first: bool) -> str:
        """Return the statement that fills the next rows after `:last`; it gives the last one's key and their number."""
        beyond = "" if first else f" AND {self.key} > :last"
        return f"""
        WITH next AS (
            SELECT {self.key} FROM {self.table} WHERE ({self.lacking}){beyond}
            ORDER BY {self.key} LIMIT :rows FOR NO KEY UPDATE
        ), filled AS (
            UPDATE {self.table} AS told SET {self.values} FROM next WHERE told.{self.key} = next.{self.key}
            RETURNING told.{self.key} AS key
        )
        SELECT (array_agg(key ORDER BY key DESC))[1], count(*) FROM filled
        """  # noqa: S608 -- the declaration's own


BACKFILLS: Sequence[Backfill] = ()
"""What this release fills. The next one, which reads the new alone, fills in a migration what came in meanwhile, adds
the constraint, and takes the declaration away."""


async def fill_all(
    url: str, backfills: Sequence[Backfill] = BACKFILLS, *, patience: Patience = PATIENCE
) -> Mapping[str, int]:
    """Fill what is lacking; return how many rows of each table were filled, of those where any was.

    Raises LocksNotGiven where a row was not let go in time: what was filled until then stays so.
    """
    filled: dict[str, int] = {}
    for backfill in backfills:
        if count := await fill(url, backfill, patience=patience):
            filled[backfill.table] = filled.get(backfill.table, 0) + count
    return filled


async def fill(
    url: str,
    backfill: Backfill,
    *,
    rows: int = ROWS,
    patience: Patience = PATIENCE,
    between: Callable[[], Awaitable[None]] | None = None,
) -> int:
    """Fill one table in batches of so many rows; return how many rows were filled.

    Each batch waits for locks with `patience`, as migrations do, and none runs beside another or a migration. `between`
    is awaited after each of them, when nothing is locked. Raises what `fill_all` raises.
    """
    engine = open_engine(url, poolclass=NullPool)
    last, count = None, 0
    try:
        while True:
            last, filled = await patiently(engine, partial(_filled, backfill, last, rows, patience.lock_s), patience)
            if not filled:
                return count
            count += filled
            if between is not None:
                await between()
    finally:
        await engine.dispose()


def _filled(backfill: Backfill, last: object, rows: int, lock_s: float, connection: Connection) -> tuple[object, int]:
    """Fill the rows after a key in the caller's transaction; return the last one's key, and how many there were."""
    alone(connection, lock_s)
    values = {"rows": rows} if last is None else {"rows": rows, "last": last}
    if not backfill.triggers:
        connection.execute(text(f"ALTER TABLE {backfill.table} DISABLE TRIGGER USER"))
    reached, filled = connection.execute(text(backfill.batch(first=last is None)), values).one()
    if not backfill.triggers:
        connection.execute(text(f"ALTER TABLE {backfill.table} ENABLE TRIGGER USER"))
    return reached, filled
