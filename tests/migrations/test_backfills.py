"""Backfills: rows are filled in batches, a run goes on where another one ended, and nobody is held up for long."""

from collections.abc import AsyncIterator
from dataclasses import replace
from itertools import count

import asyncpg
import pytest

from services.migrations.backfills import BACKFILLS, Backfill, fill, fill_all
from services.migrations.errors import LocksNotGiven
from services.migrations.run import Patience

ROWS, BATCH = 1_000, 100
TABLE = f"""
CREATE TABLE visit (id UUID PRIMARY KEY, since DATE NOT NULL, until DATE, days INTEGER);
INSERT INTO visit SELECT gen_random_uuid(), '2024-01-01', '2024-01-01'::date + number, NULL
FROM generate_series(1, {ROWS}) AS number;
CREATE TABLE touched (id UUID);
CREATE FUNCTION touch() RETURNS TRIGGER LANGUAGE plpgsql AS $$
BEGIN INSERT INTO touched VALUES (NEW.id); RETURN NEW; END $$;
CREATE TRIGGER touch BEFORE UPDATE ON visit FOR EACH ROW EXECUTE FUNCTION touch();
"""
DAYS = Backfill("visit", "days = told.until - told.since", "days IS NULL AND until IS NOT NULL")
IMPATIENT = Patience(lock_s=0.2, tries=1)
LEFT = "SELECT count(*) FROM visit WHERE days IS NULL"
WRONG = "SELECT count(*) FROM visit WHERE days IS DISTINCT FROM until - since"
TRANSACTIONS = "SELECT count(DISTINCT xmin::text) FROM visit WHERE days IS NOT NULL"
NTH = "SELECT id FROM visit ORDER BY id OFFSET $1 LIMIT 1"


class Ended(Exception):
    """What a run ends by in the middle."""


@pytest.fixture
async def visits(empty_database_url: str) -> AsyncIterator["asyncpg.Connection[asyncpg.Record]"]:
    """A connection to a database with rows that have no days yet."""
    connection = await asyncpg.connect(empty_database_url)
    await connection.execute(TABLE)
    yield connection
    await connection.close()


async def test_rows_are_filled_in_batches_of_a_transaction_each(
    visits: "asyncpg.Connection[asyncpg.Record]", empty_database_url: str
) -> None:
    await visits.execute("UPDATE visit SET until = NULL WHERE id = (SELECT id FROM visit ORDER BY id LIMIT 1)")
    assert await fill(empty_database_url, DAYS, rows=BATCH) == ROWS - 1
    assert await visits.fetchval(WRONG) == 0
    assert await visits.fetchval(TRANSACTIONS) == ROWS / BATCH
    assert await fill_all(empty_database_url, [DAYS, DAYS]) == {}


async def test_a_run_goes_on_where_another_one_was_ended(
    visits: "asyncpg.Connection[asyncpg.Record]", empty_database_url: str
) -> None:
    batches = count(1)

    async def end_after_three() -> None:
        if next(batches) == 3:
            raise Ended

    with pytest.raises(Ended):
        await fill(empty_database_url, DAYS, rows=BATCH, between=end_after_three)
    assert await visits.fetchval(LEFT) == ROWS - 3 * BATCH
    filled = await visits.fetch("SELECT id, xmin::text FROM visit WHERE days IS NOT NULL ORDER BY id")
    assert await fill_all(empty_database_url, [DAYS]) == {"visit": ROWS - 3 * BATCH}
    assert await visits.fetchval(WRONG) == 0
    again = "SELECT id, xmin::text FROM visit WHERE id = ANY($1) ORDER BY id"
    assert await visits.fetch(again, [row["id"] for row in filled]) == filled


async def test_nothing_is_locked_between_batches(
    visits: "asyncpg.Connection[asyncpg.Record]", empty_database_url: str
) -> None:
    taken = count()

    async def take_everything() -> None:
        async with visits.transaction():
            await visits.execute("LOCK TABLE visit IN ACCESS EXCLUSIVE MODE NOWAIT")
            next(taken)

    await fill(empty_database_url, DAYS, rows=BATCH, between=take_everything)
    assert next(taken) == ROWS / BATCH


async def test_a_batch_gives_way_to_who_holds_a_row(
    visits: "asyncpg.Connection[asyncpg.Record]", empty_database_url: str
) -> None:
    """A row of the third batch is held: the first two stay filled, the third is not waited for, and is filled later."""
    writer = await asyncpg.connect(empty_database_url)
    async with visits.transaction():
        await visits.execute("SELECT FROM visit WHERE id = $1 FOR UPDATE", await visits.fetchval(NTH, 2 * BATCH + 7))
        with pytest.raises(LocksNotGiven, match=r"within 0\.2 s, in 1 tries"):
            await fill(empty_database_url, DAYS, rows=BATCH, patience=IMPATIENT)
        assert await writer.fetchval(LEFT) == ROWS - 2 * BATCH
        await writer.execute("SET lock_timeout = '1s'")
        for place in (BATCH, 2 * BATCH, ROWS - 1):
            await writer.execute("UPDATE visit SET since = since WHERE id = $1", await writer.fetchval(NTH, place))
    await writer.close()
    assert await fill(empty_database_url, DAYS, rows=BATCH, patience=IMPATIENT) == ROWS - 2 * BATCH
    assert await visits.fetchval(WRONG) == 0


@pytest.mark.parametrize("triggers", [True, False])
async def test_triggers_run_where_they_are_wanted(
    visits: "asyncpg.Connection[asyncpg.Record]", empty_database_url: str, *, triggers: bool
) -> None:
    await fill(empty_database_url, replace(DAYS, triggers=triggers), rows=BATCH)
    assert await visits.fetchval("SELECT count(*) FROM touched") == (ROWS if triggers else 0)
    await visits.execute("UPDATE visit SET since = since WHERE id = (SELECT id FROM visit LIMIT 1)")
    assert await visits.fetchval("SELECT count(*) FROM touched") == (ROWS if triggers else 0) + 1


async def test_what_this_release_declares_runs_on_its_schema(migrated_url: str) -> None:
    assert await fill_all(migrated_url, BACKFILLS) == {}
