import gzip
from pathlib import Path

import asyncpg
import pytest

from services.core.engines import open_engine
from services.migrations.current import HEAD, REVISIONS
from services.migrations.errors import LAST_REPLACED, ReplacedRevision
from services.migrations.run import BASELINE, migrate
from services.migrations.sql import statements
from services.migrations.tables import REFUSALS, metadata

REPLACED = Path(__file__).with_name("replaced.sql.gz")
"""What the revisions that the baseline replaced ran on an empty database, 0001 to 0025, statement by statement."""

CATALOGUE = """
SELECT 'column', table_name::text, column_name::text, concat_ws(' ', data_type, is_nullable, column_default,
       character_maximum_length, identity_generation)
FROM information_schema.columns WHERE table_schema = 'public' AND table_name <> 'alembic_version'
UNION ALL
SELECT 'constraint', conrelid::regclass::text, conname::text, pg_get_constraintdef(oid)
FROM pg_constraint WHERE connamespace = 'public'::regnamespace AND conrelid::regclass::text <> 'alembic_version'
  AND contype <> 'n'
UNION ALL
SELECT 'index', tablename::text, indexname::text, indexdef
FROM pg_indexes WHERE schemaname = 'public' AND tablename <> 'alembic_version'
ORDER BY 1, 2, 3
"""
"""All but NOT NULL constraints, which PostgreSQL names from 18 on and which the columns show."""

PROGRAMS = """
SELECT 'function', oid::regprocedure::text, '', pg_get_functiondef(oid) FROM pg_proc
WHERE pronamespace = 'public'::regnamespace
  AND NOT EXISTS (SELECT FROM pg_depend WHERE objid = pg_proc.oid AND deptype = 'e')
UNION ALL
SELECT 'trigger', tgrelid::regclass::text, tgname::text, pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal
UNION ALL
SELECT 'sequence', sequencename::text, '', concat_ws(' ', data_type, start_value, increment_by, last_value)
FROM pg_sequences WHERE schemaname = 'public'
UNION ALL
SELECT 'key', name, '', length(key)::text FROM installation_key
ORDER BY 1, 2, 3
"""
"""What no model says: functions, triggers and sequences, and the row that the baseline writes."""

Described = list[tuple[str, str, str, str]]

OF_MIGRATIONS_ALONE = "TRIGGER"
"""How the definition of a constraint that is a trigger begins: models do not say it."""
ONLY_COUNTS = "TRIGGER DEFERRABLE INITIALLY DEFERRED"
"""How a trigger is defined that counts at the commit and refuses nothing."""


async def described(url: str, query: str = CATALOGUE) -> Described:
    """Return what a database's schema is made of."""
    connection = await asyncpg.connect(url)
    try:
        return [tuple(row) for row in await connection.fetch(query)]
    finally:
        await connection.close()


async def play_replaced(url: str, last: str) -> None:
    """Bring an empty database to one of the replaced revisions."""
    statements = gzip.decompress(REPLACED.read_bytes()).decode()
    reached = statements.index("\n", statements.index(f"SET version_num='{last}'"))
    connection = await asyncpg.connect(url)
    try:
        await connection.execute(statements[:reached])
    finally:
        await connection.close()


async def revision(url: str) -> str:
    """Return the revision that a database says it is at."""
    ((found, *_rest),) = await described(url, "SELECT version_num FROM alembic_version")
    return found


async def from_models(url: str) -> Described:
    """Return what the models alone make of an empty database."""
    engine = open_engine(url)
    async with engine.begin() as connection:
        await connection.exec_driver_sql("CREATE EXTENSION btree_gist")
        await connection.run_sync(metadata.create_all)
    await engine.dispose()
    return await described(url)


async def test_migrations_make_what_the_models_say(migrated_url: str, empty_database_url: str) -> None:
    migrated = [row for row in await described(migrated_url) if not row[3].startswith(OF_MIGRATIONS_ALONE)]
    assert migrated == await from_models(empty_database_url)


async def test_each_migration_goes_down_and_up(empty_database_url: str) -> None:
    empty = await described(empty_database_url)
    await migrate(empty_database_url)
    full = await described(empty_database_url)
    await migrate(empty_database_url, "base")
    assert await described(empty_database_url) == empty == []
    await migrate(empty_database_url)
    assert await described(empty_database_url) == full


async def test_migrations_written_down_make_the_same(empty_database_url: str, migrated_url: str) -> None:
    connection = await asyncpg.connect(empty_database_url)
    await connection.execute(statements("base", REVISIONS[5]))
    await connection.execute(statements(REVISIONS[5]))
    await connection.close()
    assert statements(HEAD) == ""
    assert await revision(empty_database_url) == HEAD
    assert await described(empty_database_url) == await described(migrated_url)


async def test_migrate_twice_changes_nothing(migrated_url: str) -> None:
    before = await described(migrated_url)
    await migrate(migrated_url)
    assert await described(migrated_url) == before


async def test_every_constraint_has_its_refusal(migrated_url: str) -> None:
    constraints = {
        name
        for kind, _table, name, definition in await described(migrated_url)
        if (kind == "constraint" and definition != ONLY_COUNTS)
        or (kind == "index" and definition.startswith("CREATE UNIQUE"))
    }
    assert set(REFUSALS) == constraints


async def test_a_database_at_the_last_replaced_revision_is_at_the_baseline(
    empty_database_url: str, migrated_url: str
) -> None:
    await play_replaced(empty_database_url, LAST_REPLACED)
    assert await revision(empty_database_url) == LAST_REPLACED
    await migrate(empty_database_url, BASELINE)
    assert await revision(empty_database_url) == BASELINE
    await migrate(empty_database_url)
    assert await revision(empty_database_url) == await revision(migrated_url)
    for query in (CATALOGUE, PROGRAMS):
        assert await described(empty_database_url, query) == await described(migrated_url, query)


@pytest.mark.parametrize("goal", ["head", "base", BASELINE])
async def test_a_database_at_an_earlier_replaced_revision_is_left_as_it_is(empty_database_url: str, goal: str) -> None:
    await play_replaced(empty_database_url, "0018")
    before = await described(empty_database_url)
    with pytest.raises(ReplacedRevision, match=r"at revision 0018, .* commit \w{7}, run `shangliang migrate` there"):
        await migrate(empty_database_url, goal)
    assert await revision(empty_database_url) == "0018"
    assert await described(empty_database_url) == before


async def test_times_of_old_commitments_are_those_of_their_versions(counties_url: str) -> None:
    """The demonstration's commitments have the times of their steps; their versions tell the same."""
    times = """SELECT id::text, recorded_at::text, coalesce(answered_at::text, ''), coalesce(completed_at::text, '')
      FROM (SELECT id, recorded_at, answered_at, completed_at FROM commitment
        UNION ALL SELECT id, recorded_at, answered_at, completed_at FROM commitment_history) AS version ORDER BY 1, 2"""
    before = await described(counties_url, times)
    assert sum(bool(row[2]) for row in before) > sum(bool(row[3]) for row in before) > 100
    await migrate(counties_url, "0012_lists")
    await migrate(counties_url)
    assert await described(counties_url, times) == before
