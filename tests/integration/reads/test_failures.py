"""What PostgreSQL or its driver refuses where no rule did: the caller is told, and the server's words are not."""

from collections.abc import Awaitable, Callable

import pytest

from services.core.database import Database
from services.core.errors import DomainError, InvalidInput, Unavailable
from tests.world import World

FAIL = """CREATE FUNCTION fail(code text) RETURNS text LANGUAGE plpgsql AS
$$BEGIN RAISE EXCEPTION 'words of the server' USING ERRCODE = code; END$$"""
WRONG = ("22003", "22008", "22021", "22P05", "22P02", "22012", "22001", "54000", "54001", "54011")
BUSY = ("53000", "53100", "53200", "53300", "53400", "57P01", "57P02", "57P03", "57P05", "08000", "58030")
HELD = ("40001", "40P01", "55P03")


async def read(db: Database, sql: str, argument: object) -> None:
    await db.reads.read_json(sql, [argument])


async def rows(db: Database, sql: str, argument: object) -> None:
    async for _ in db.rows.batches(sql, [argument]):
        pass


async def write(db: Database, sql: str, argument: object) -> None:
    async with db.write() as tx:
        await (await tx.connection()).exec_driver_sql(sql, (argument,))


WAYS: tuple[Callable[[Database, str, object], Awaitable[None]], ...] = (read, rows, write)


@pytest.mark.parametrize("way", WAYS)
async def test_each_class_of_failure_is_a_refusal_and_a_bug_is_none(
    world: World, way: Callable[[Database, str, object], Awaitable[None]]
) -> None:
    await world.run(FAIL)
    kinds: dict[str, type[DomainError]] = dict.fromkeys(WRONG, InvalidInput)
    kinds |= dict.fromkeys((*BUSY, *HELD), Unavailable)
    for code, kind in kinds.items():
        with pytest.raises(kind) as refused:
            await way(world.db, "SELECT fail($1)", code)
        assert "words of the server" not in refused.value.message
        if isinstance(refused.value, Unavailable):
            assert refused.value.retry_after_s == (1 if code in HELD else 10)
    with pytest.raises(Exception, match="words of the server") as bug:
        await way(world.db, "SELECT fail($1)", "XX000")
    assert not isinstance(bug.value, DomainError)


async def test_a_server_that_takes_no_writes_is_unavailable_to_a_mutation(world: World) -> None:
    await world.run(FAIL)
    with pytest.raises(Unavailable):
        await write(world.db, "SELECT fail($1)", "25006")


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize(("sql", "argument"), [("SELECT $1::text", "\ud800"), ("SELECT $1::int::text", "x")])
async def test_what_the_driver_cannot_write_is_a_refusal(
    world: World, way: Callable[[Database, str, object], Awaitable[None]], sql: str, argument: object
) -> None:
    with pytest.raises(InvalidInput, match="A value cannot be"):
        await way(world.db, sql, argument)
