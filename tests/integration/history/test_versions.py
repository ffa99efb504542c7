from datetime import UTC, datetime

import pytest

from tests.servers import as_owner
from tests.world import World

INSTANT = "set_config('shangliang.recording_instant', '{}', true)"
FORMER = "SELECT status, version, recorded_at, replaced_at FROM topic_history ORDER BY recorded_at"
TABLES = ("topic", "platform", "matter", "annual_plan", "plan_item", "session", "commitment", "conversion")


def day(number: int) -> datetime:
    return datetime(2030, 1, number, tzinfo=UTC)


async def change(world: World, at: datetime, *statements: str) -> None:
    """Run statements in one transaction whose changes are of an instant."""
    async with as_owner(world.url) as tx:
        connection = await tx.connection()
        await connection.exec_driver_sql(f"SELECT {INSTANT.format(at.isoformat())}")
        for statement in statements:
            await connection.exec_driver_sql(statement)


def update(world: World, values: str) -> str:
    return f"UPDATE topic SET {values} WHERE id = '{world.topics[0].id}'"


async def begun(world: World) -> datetime:
    ((recorded_at,),) = await world.rows(f"SELECT recorded_at FROM topic WHERE id = '{world.topics[0].id}'")
    assert isinstance(recorded_at, datetime)
    return recorded_at


async def test_every_change_leaves_what_was_before(world: World) -> None:
    first = await begun(world)
    await change(world, day(1), update(world, "status = 'SCHEDULED', version = 2"))
    await change(world, day(2), update(world, "status = 'DELIBERATED', version = 3"))
    assert await world.rows(FORMER) == [("LISTED", 1, first, day(1)), ("SCHEDULED", 2, day(1), day(2))]
    assert await begun(world) == day(2)


async def test_changes_of_one_transaction_are_one(world: World) -> None:
    first = await begun(world)
    values = ("version = 2", "version = 3", "title = '草'")
    await change(world, day(1), *(update(world, each) for each in values))
    assert await world.rows(FORMER) == [("LISTED", 1, first, day(1))]


async def test_change_of_nothing_leaves_no_version(world: World) -> None:
    first = await begun(world)
    await change(world, day(1), update(world, "title = title"))
    assert (await world.rows(FORMER), await begun(world)) == ([], first)


async def test_deleted_row_stays_in_the_history(world: World) -> None:
    first = await begun(world)
    await change(world, day(1), f"DELETE FROM topic WHERE id = '{world.topics[0].id}'")
    assert await world.rows(FORMER) == [("LISTED", 1, first, day(1))]
    count = "SELECT count(*) FROM topic_as_of('{}')"
    assert await world.rows(count.format("2029-12-31T00:00:00Z")) == [(3,)]
    assert await world.rows(count.format(day(1).isoformat())) == [(2,)]


async def test_clock_that_was_put_back_makes_no_two_versions_of_one_instant(world: World) -> None:
    first = await begun(world)
    await change(world, day(2), update(world, "version = 2"))
    await change(world, day(1), update(world, "version = 3"))
    assert await world.rows(FORMER) == [("LISTED", 1, first, day(2))]
    assert await begun(world) == day(2)


async def test_one_transaction_has_one_instant_over_all_tables(world: World) -> None:
    platform = "UPDATE platform SET name = name || '一'"
    async with as_owner(world.url) as tx:
        connection = await tx.connection()
        await connection.exec_driver_sql(platform)
        await connection.exec_driver_sql("SELECT pg_sleep(0.01)")
        await connection.exec_driver_sql(update(world, "version = 2"))
    instants = "SELECT DISTINCT replaced_at FROM platform_history UNION SELECT replaced_at FROM topic_history"
    ((instant,),) = await world.rows(instants)
    await world.run(platform)
    assert await world.rows(f"SELECT count(*) FROM platform_history WHERE replaced_at > '{instant}'") == [(1,)]


async def test_what_a_department_was_told_makes_no_version(world: World) -> None:
    topic = world.topics[0]
    await world.run(
        "INSERT INTO outcome (id, topic_id, division_number, agreement, reached_on) "
        f"VALUES (gen_random_uuid(), '{topic.id}', {topic.division_number}, '补植', '2026-05-01')"
    )
    await world.run(
        "INSERT INTO commitment (id, outcome_id, topic_id, department_id, division_number, task, due_on, status, "
        "assigned_at) SELECT gen_random_uuid(), outcome.id, topic_id, department.id, outcome.division_number, '补植', "
        "'2026-06-01', 'ASSIGNED', now() FROM outcome, department WHERE code = 'qinshui-court'"
    )
    count = "SELECT count(*) FROM commitment_history"
    await world.run("UPDATE commitment SET due_told = due_on, overdue_told = due_on")
    assert await world.rows(count) == [(0,)]
    await world.run("UPDATE commitment SET status = 'ACCEPTED'")
    assert await world.rows(count) == [(1,)]


@pytest.mark.parametrize("table", TABLES)
async def test_column_added_to_a_table_and_its_history_is_read_once_it_is_defined(world: World, table: str) -> None:
    for place in (table, f"{table}_history"):
        await world.run(f"ALTER TABLE {place} ADD COLUMN remark TEXT")
    await world.run(f"SELECT define_as_of('{table}')")
    assert await world.rows(f"SELECT remark FROM {table}_as_of('2000-01-01T00:00:00Z')") == []
