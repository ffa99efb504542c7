"""Coroutines of one transaction ask side by side, in one flight."""

import asyncio
from contextlib import suppress
from uuid import UUID

import pytest
from sqlalchemy import bindparam, select
from sqlmodel import col

from services.core.errors import ConstraintViolated, DomainError, NotFound
from services.core.ids import new_id
from services.core.transaction import WriteTx
from services.topics.models import Topic
from services.topics.records import lock_topic, lock_topics
from tests.world import World

TITLE = select(col(Topic.title)).where(col(Topic.id) == bindparam("topic"))


async def title(tx: WriteTx, key: UUID) -> str:
    (row,) = await tx.run(TITLE, {"topic": key})
    return str(row.title)


async def renamed(tx: WriteTx, key: UUID, name: str) -> str:
    topic = await lock_topic(tx, key)
    topic.title = name
    return await title(tx, key)


async def test_each_step_of_all_goes_out_in_one_flight(world: World, flights: list[list[str]]) -> None:
    one, other, third = world.topics
    async with world.db.write() as tx:
        flights.clear()
        first = await tx.gather(renamed(tx, one.id, "路灯"), title(tx, other.id), renamed(tx, third.id, "台阶"))
        assert first == ("路灯", other.title, "台阶")
        assert [[word for word in each if word != "BEGIN"] for each in flights] == [
            ["SELECT", "SELECT", "SELECT", "SELECT"],  # the first tells whose rights they are
            ["UPDATE", "SELECT", "UPDATE", "SELECT"],
        ]


async def test_gathered_coroutines_gather_in_their_turn(world: World, flights: list[list[str]]) -> None:
    one, other, third = [topic.id for topic in world.topics]
    async with world.db.write() as tx:
        await title(tx, one)
        flights.clear()
        titles = await tx.gather(tx.gather(title(tx, one), title(tx, other)), title(tx, third))
    assert titles == ((world.topics[0].title, world.topics[1].title), world.topics[2].title)
    assert flights == [["SELECT"] * 3, ["COMMIT"]]


async def test_what_waits_for_something_else_goes_on(world: World) -> None:
    key = world.topics[0].id

    async def waits(tx: WriteTx) -> object:
        await asyncio.sleep(0)
        with suppress(TimeoutError):
            await asyncio.wait_for(asyncio.Event().wait(), 0.01)
        return await tx.scalar(select(col(Topic.title)).where(col(Topic.id) == key))

    async with world.db.write() as tx:
        assert await tx.gather(title(tx, key), waits(tx)) == (world.topics[0].title,) * 2


async def failing(error: Exception) -> None:
    raise error


async def test_the_first_error_in_order_is_raised(world: World) -> None:
    sooner, missing = NotFound("topic", "sooner", path=("topic",)), new_id()
    with pytest.raises(NotFound) as caught:
        async with world.db.write() as tx:
            await tx.gather(lock_topics(tx, [missing]), failing(sooner))
    assert caught.value is not sooner
    with pytest.raises(NotFound) as caught:
        async with world.db.write() as tx:
            await tx.gather(title(tx, world.topics[0].id), failing(sooner), lock_topics(tx, [missing]))
    assert caught.value is sooner


async def test_an_error_undoes_what_all_of_them_did(world: World) -> None:
    one, other = world.topics[:2]
    with pytest.raises(DomainError):
        async with world.db.write() as tx:
            await tx.gather(renamed(tx, one.id, "路灯"), failing(NotFound("topic", "none", path=("topic",))))
    with pytest.raises(ConstraintViolated):
        async with world.db.write() as tx:
            await tx.gather(renamed(tx, one.id, "路灯"), renumbered(tx, other.id, one.number))
    async with world.db.write() as tx:
        assert await tx.gather(title(tx, one.id), title(tx, other.id)) == (one.title, other.title)


async def renumbered(tx: WriteTx, key: UUID, number: str) -> None:
    topic = await lock_topic(tx, key)
    topic.number = number
    await title(tx, key)


async def test_a_cancelled_wait_ends_the_transaction(world: World) -> None:
    key = world.topics[0].id
    async with world.db.write() as holder:
        await lock_topic(holder, key)
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.3), world.db.write() as tx:
                await tx.gather(title(tx, key), renamed(tx, key, "路灯"))
    async with world.db.write() as tx:
        assert await title(tx, key) == world.topics[0].title
