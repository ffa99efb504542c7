from datetime import timedelta

import asyncpg
from sqlalchemy.ext.asyncio import create_async_engine

from deploy.composition import REFUSALS
from services.core.bounds import END_OF_INSTANTS, FIRST_DAY, FIRST_INSTANT, LAST_DAY
from services.core.clock import SystemClock, china_day
from services.core.database import Database, driver_url
from services.migrations.run import migrate
from services.migrations.tables import metadata
from tests.world import CODES, build

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

Described = list[tuple[str, str, str, str]]

LAST_INSTANT = END_OF_INSTANTS - timedelta(microseconds=1)
OF_MIGRATIONS_ALONE = "TRIGGER"
"""How the definition of a constraint that is a trigger begins: models do not say it."""
ONLY_COUNTS = "TRIGGER DEFERRABLE INITIALLY DEFERRED"
"""How a trigger is defined that counts at the commit and refuses nothing."""


async def described(url: str) -> Described:
    """Return what a database's schema is made of."""
    connection = await asyncpg.connect(url)
    try:
        return [tuple(row) for row in await connection.fetch(CATALOGUE)]
    finally:
        await connection.close()


async def from_models(url: str) -> Described:
    """Return what the models alone make of an empty database."""
    engine = create_async_engine(driver_url(url))
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


async def test_nobody_is_told_of_what_was_due_before_there_were_deadlines(empty_database_url: str) -> None:
    await migrate(empty_database_url)
    db = await Database.open(empty_database_url, read_connections=1)
    world = await build(db, empty_database_url)
    await migrate(empty_database_url, "0005")
    topic = world.topics[0]
    await world.run(
        "INSERT INTO outcome (id, topic_id, division_number, agreement, reached_on) "
        f"VALUES (gen_random_uuid(), '{topic.id}', {topic.division_number}, '补植', '2026-05-01')"
    )
    today = china_day(SystemClock().now())
    for days in (-1000, -1, 0, 7, 8, None):
        due_on = "NULL" if days is None else f"'{today + timedelta(days=days)}'"
        await world.run(
            "INSERT INTO commitment (id, outcome_id, topic_id, department_id, division_number, task, due_on, status, "
            "assigned_at) SELECT gen_random_uuid(), outcome.id, topic_id, department.id, outcome.division_number, "
            f"'勘界', {due_on}, 'ASSIGNED', now() FROM outcome, department WHERE code = '{CODES[0]}'"
        )
    await migrate(empty_database_url)
    marked = "SELECT due_on - due_told, due_on - overdue_told, count(*) FROM commitment GROUP BY 1, 2 ORDER BY 1, 2"
    assert await world.rows(marked) == [(0, 0, 2), (0, None, 2), (None, None, 2)]
    await db.close()


async def test_work_of_released_departments_and_withdrawn_topics_is_taken_back(empty_database_url: str) -> None:
    await migrate(empty_database_url)
    db = await Database.open(empty_database_url, read_connections=1)
    world = await build(db, empty_database_url)
    await migrate(empty_database_url, "0018")
    first, second, _ = world.topics
    await world.run(f"UPDATE topic SET status = 'IMPLEMENTING' WHERE id = '{first.id}'")
    await world.run(f"UPDATE topic SET status = 'WITHDRAWN', withdrawn_at = now() WHERE id = '{second.id}'")
    parts = {CODES[0]: "now()", CODES[1]: "NULL"}
    for code, until in parts.items():
        await world.run(
            "INSERT INTO involvement (id, topic_id, department_id, role, since, until) SELECT gen_random_uuid(), "
            f"'{first.id}', id, 'SUPPORT', now(), {until} FROM department WHERE code = '{code}'"
        )
    for topic in (first, second):
        await world.run(
            "INSERT INTO outcome (id, topic_id, division_number, agreement, reached_on) "
            f"VALUES (gen_random_uuid(), '{topic.id}', {topic.division_number}, '补植', '2026-05-01')"
        )
    await world.run(
        "INSERT INTO commitment (id, outcome_id, topic_id, department_id, division_number, task, due_on, status, "
        "assigned_at) SELECT gen_random_uuid(), outcome.id, topic_id, department.id, outcome.division_number, '勘界', "
        "'2026-06-01', status, now() FROM outcome, department, unnest(ARRAY['IN_PROGRESS', 'DONE']) AS status"
    )
    found = (
        "SELECT topic.number, department.code, commitment.status FROM commitment JOIN topic ON topic.id = topic_id "
        "JOIN department ON department.id = department_id WHERE commitment.status <> 'DONE' ORDER BY 1, 2"
    )
    await migrate(empty_database_url)
    states = {CODES[0]: "WITHDRAWN", CODES[1]: "IN_PROGRESS", CODES[2]: "IN_PROGRESS"}
    assert await world.rows(found) == [
        *((first.number, code, state) for code, state in states.items()),
        *((second.number, code, "WITHDRAWN") for code in CODES),
    ]
    overdue = "SELECT sum(commitments) FROM due_tally WHERE unit = 'YEAR' AND division_number = 140000000000"
    assert await world.rows(overdue) == [(2,)]
    await migrate(empty_database_url, "0018")
    assert await world.rows("SELECT count(*) FROM commitment WHERE status = 'DECLINED'") == [(4,)]
    await db.close()


async def test_replies_of_a_source_each_are_one_by_id_where_sources_are_not_kept(empty_database_url: str) -> None:
    await migrate(empty_database_url)
    db = await Database.open(empty_database_url, read_connections=1)
    world = await build(db, empty_database_url)
    for second, source in ((1, "/b"), (2, "/a")):
        await world.run(
            "INSERT INTO inbox_message (department_id, source, message_id, received_at, digest) SELECT id, "
            f"'{source}', '1', '2026-05-01T00:00:0{second}Z', '\\x00' FROM department WHERE code = '{CODES[0]}'"
        )
    await migrate(empty_database_url, "0019")
    await migrate(empty_database_url)
    kept = "SELECT source, message_id, extract(second FROM received_at)::int, digest FROM inbox_message"
    assert await world.rows(kept) == [("", "1", 1, None)]
    await db.close()


async def test_what_lies_beyond_an_end_is_brought_to_it(empty_database_url: str) -> None:
    await migrate(empty_database_url)
    db = await Database.open(empty_database_url, read_connections=1)
    world = await build(db, empty_database_url)
    await migrate(empty_database_url, "0024")
    topic = world.topics[0]
    place = f"'{topic.platform_id}', {topic.division_number}"
    for at, held, headcount in (("-infinity", "NULL", "NULL"), ("infinity", "'infinity'", 2147483612)):
        await world.run(
            "INSERT INTO session (id, platform_id, division_number, status, scheduled_at, held_at, venue, form, "
            f"headcount, headcount_is_lower_bound) VALUES (gen_random_uuid(), {place}, "
            f"CASE WHEN {held} IS NULL THEN 'SCHEDULED' ELSE 'HELD' END, '{at}', {held}, E'厅\\n', 'ON_SITE', "
            f"{headcount}, false)"
        )
    await world.run(
        "INSERT INTO outcome (id, topic_id, division_number, agreement, reached_on) "
        f"VALUES (gen_random_uuid(), '{topic.id}', {topic.division_number}, U&'补\\0001植', '0001-01-01 BC')"
    )
    await world.run(
        "INSERT INTO commitment (id, outcome_id, topic_id, department_id, division_number, task, due_on, status, "
        "assigned_at) SELECT gen_random_uuid(), outcome.id, topic_id, department.id, outcome.division_number, "
        f"'勘界', 'infinity', 'ASSIGNED', now() FROM outcome, department WHERE code = '{CODES[0]}'"
    )
    await world.run(
        "INSERT INTO platform (id, code, name, tier, kind, division_number, parent_id) "
        "SELECT gen_random_uuid(), 'P140521-X', E'微\u0007平台', 'SUB', 'COUNTY', division_number, id FROM platform"
    )
    await world.run(f"UPDATE topic SET title = U&'\\200B', scheduled_at = '-infinity' WHERE id = '{topic.id}'")
    await migrate(empty_database_url)
    assert await world.rows("SELECT scheduled_at, held_at, venue, headcount FROM session ORDER BY 1") == [
        (FIRST_INSTANT, None, "厅 ", None),
        (LAST_INSTANT, LAST_INSTANT, "厅 ", 100_000),
    ]
    assert await world.rows("SELECT agreement, reached_on FROM outcome") == [("补植", FIRST_DAY)]
    assert await world.rows("SELECT due_on FROM commitment") == [(LAST_DAY,)]
    assert await world.rows(f"SELECT title, scheduled_at FROM topic WHERE id = '{topic.id}'") == [("—", FIRST_INSTANT)]
    platform = "SELECT name, opened_on, closed_on FROM platform WHERE code = 'P140521-X'"
    assert await world.rows(platform) == [("微平台", None, None)]
    attended = "SELECT sum(attendances) FROM tally WHERE unit = 'YEAR' AND division_number = 140000000000"
    assert await world.rows(attended) == [(100_000,)]
    await db.close()
