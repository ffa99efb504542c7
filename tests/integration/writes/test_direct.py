"""What a transaction runs past SQLAlchemy comes to the same as by SQLAlchemy."""

from typing import Any

import pytest
from sqlalchemy import bindparam, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import SQLModel, col

from services.core.direct import MOST, columns_of, planned
from services.core.errors import ConstraintViolated, InvalidInput
from services.core.ids import new_id
from services.divisions.models import Division
from services.topics.models import Topic
from tests.world import World

TITLES = select(col(Topic.title)).where(col(Topic.id) == bindparam("topic"))


def content(one: SQLModel) -> dict[str, Any]:
    """Return what an object's columns hold."""
    return {name: getattr(one, name) for name in columns_of(type(one))}


async def test_a_row_is_the_object_that_sqlalchemy_makes_of_it(world: World) -> None:
    key = world.topics[0].id
    async with world.db.write() as tx:
        own = await tx.get(Topic, key)
        assert own is await tx.get(Topic, key, with_for_update=True) is await tx.scalar(select(Topic))
    async with world.db.write() as tx:
        theirs = await AsyncSession.get(tx, Topic, key)
    assert own is not None
    assert theirs is not None
    assert content(own) == content(theirs)
    assert own.status is theirs.status


async def test_a_key_that_is_not_there_has_no_row(world: World) -> None:
    async with world.db.write() as tx:
        assert await tx.get(Topic, new_id()) is None
        assert await tx.get(Division, {"number": 140521 * 10**6}) is not None


async def test_changes_go_out_with_the_next_answer_and_stand_for_sqlalchemy_too(
    world: World, flights: list[list[str]]
) -> None:
    key = world.topics[0].id
    async with world.db.write() as tx:
        topic = await tx.get_one(Topic, key)
        topic.title = "路灯"
        assert [row.title for row in await tx.run(TITLES, {"topic": key})] == ["路灯"]
        assert flights[-1] == ["UPDATE", "SELECT"]
        topic.title = "台阶"
        assert await tx.scalar(select(col(Topic.title)).where(col(Topic.id) == key)) == "台阶"
        flights.clear()
    assert flights == [["COMMIT"]]
    async with world.db.write() as tx:
        assert (await tx.get_one(Topic, key)).title == "台阶"


async def test_refresh_reads_what_another_transaction_wrote(world: World) -> None:
    key = world.topics[0].id
    async with world.db.write() as tx:
        topic = await tx.get_one(Topic, key)
        async with world.db.write() as other:
            (await other.get_one(Topic, key)).title = "井盖"
        await tx.refresh(topic, with_for_update=True)
        assert topic.title == "井盖"
        assert not tx.dirty


async def test_two_objects_for_one_row_are_refused_by_the_server(world: World) -> None:
    topic = world.topics[0]

    async def twice() -> None:
        async with world.db.write() as tx:
            await tx.get(Topic, topic.id)
            tx.add(Topic(**content(topic)))

    with pytest.raises(ConstraintViolated):
        await twice()


@pytest.mark.parametrize("text", ["\ud800", "\0"])
async def test_a_text_that_no_database_holds_is_refused_in_a_read_too(world: World, text: str) -> None:
    async def read() -> None:
        async with world.db.write() as tx:
            await tx.read_json("SELECT $1::text", [text])

    with pytest.raises(InvalidInput):
        await read()


async def test_a_statement_that_misses_a_parameter_is_not_run(world: World) -> None:
    async with world.db.write() as tx:
        with pytest.raises(KeyError, match="topic"):
            await tx.run(TITLES)


async def test_a_statement_whose_text_depends_on_values_is_not_run(world: World) -> None:
    async with world.db.write() as tx:
        with pytest.raises(TypeError, match="other values"):
            await tx.run(select(col(Topic.id)).where(col(Topic.id).in_([new_id()])))


def test_plans_are_kept_within_bounds() -> None:
    assert planned.cache_parameters()["maxsize"] == MOST
