import asyncio
from collections.abc import Sequence
from uuid import uuid4

import pytest

from services.core.act import Act
from services.core.clock import SystemClock
from services.core.errors import NotFound
from services.core.scope import EVERYWHERE
from services.notices.commands import send_test_notice
from services.notices.errors import SubscriberTooSlow
from services.notices.feed import PAGE, Change, Everything, TopicsWithin, assign_positions, changes, position_of
from services.notices.hub import Hub
from tests.live.place import Places
from tests.world import ACTOR, World


async def read(world: World, after: int) -> list[Change]:
    return await changes(world.db.reads, TopicsWithin(EVERYWHERE), after)


async def test_readers_at_work_while_commits_overtake_each_other_see_all_in_one_order(world: World) -> None:
    place = await Places(world).new("140521001")
    seen: list[list[Change]] = [[], [], []]
    done = asyncio.Event()

    async def reader(mine: list[Change]) -> None:
        last = False
        while not last:
            last = done.is_set()
            async with world.db.write() as tx:
                await assign_positions(tx)
            mine += await read(world, mine[-1].position if mine else 0)
            await asyncio.sleep(0)

    readers = [asyncio.create_task(reader(mine)) for mine in seen]
    await place.stir(60)
    done.set()
    await asyncio.gather(*readers)
    assert seen[0] == seen[1] == seen[2]
    assert len({change.key for change in seen[0]}) == len(seen[0]) == 180
    made = [change.key for change in seen[0]]
    assert made != sorted(made), "no commit overtook another: the test showed nothing"
    rows = await world.rows("SELECT topic_id, type FROM event ORDER BY position")
    course: dict[object, list[object]] = {}
    for topic, kind in rows:
        course.setdefault(topic, []).append(kind)
    assert list(course.values()) == [["topic.proposed", "topic.listed", "topic.withdrawn"]] * 60


async def test_notice_that_changes_moves_to_the_end_and_no_place_is_given_twice(world: World) -> None:
    event = await world.announce("qinshui-power")
    positions = []
    for _ in range(3):
        async with world.db.write() as tx:
            await assign_positions(tx)
        ((position,),) = await world.rows(f"SELECT position FROM delivery WHERE event_id = '{event}'")
        positions.append(position)
        await world.run(f"UPDATE delivery SET attempts = attempts + 1 WHERE event_id = '{event}'")
    ((of_event,),) = await world.rows(f"SELECT position FROM event WHERE id = '{event}'")
    assert [of_event, *positions] == sorted({of_event, *positions})  # type: ignore[type-var]
    assert await world.rows(f"SELECT position FROM delivery WHERE event_id = '{event}'") == [(None,)]


async def test_a_notice_in_a_relays_hands_holds_nobody_up(world: World) -> None:
    event = await world.announce("qinshui-court")
    async with world.db.write() as relay:
        connection = await relay.connection()
        await connection.exec_driver_sql(f"SELECT FROM delivery WHERE event_id = '{event}' FOR NO KEY UPDATE")
        async with asyncio.timeout(5), world.db.write() as tx:
            await assign_positions(tx)
        assert await world.rows(
            "SELECT event.position IS NULL, delivery.position IS NULL FROM event "
            f"JOIN delivery ON delivery.event_id = event.id WHERE event.id = '{event}'"
        ) == [(False, True)]


async def test_test_notice_is_a_change_of_its_notice_and_of_no_topic(world: World) -> None:
    async with world.db.write() as tx:
        notice = await send_test_notice(Act(tx, ACTOR, SystemClock()), department="qinshui-court")
    async with world.db.write() as tx:
        await assign_positions(tx)
    assert await read(world, 0) == []
    everything = await changes(world.db.reads, Everything(), 0)
    assert [(change.key, change.department) for change in everything] == [(notice, "qinshui-court")]


async def test_unknown_event_is_not_found(world: World) -> None:
    with pytest.raises(NotFound):
        await position_of(world.db.reads, uuid4())


async def test_changes_of_one_commit_are_looked_through_page_by_page(world: World) -> None:
    place = await Places(world).new("140521001")
    hub = Hub(world.db, backlog=5)
    await hub.start()
    looked_through: list[int] = []

    async def visible(changes: Sequence[Change]) -> Sequence[Change]:
        looked_through.append(len(changes))
        return [change for change in changes if str(change.key) == listed]

    following = hub.follow(TopicsWithin(EVERYWHERE), None, visible)
    waiting = asyncio.ensure_future(anext(following))
    await asyncio.sleep(0)
    topic = await place.propose_many(PAGE + 10, "未立项")
    await place.list_(topic)
    ((listed,),) = await world.rows("SELECT id::text FROM event WHERE type = 'topic.listed'")
    await hub.advance()
    assert str((await waiting).key) == listed
    assert looked_through == [PAGE, 11]
    await following.aclose()


async def test_hub_cuts_off_for_visible_changes_alone(world: World) -> None:
    place = await Places(world).new("140521001")
    hub = Hub(world.db, backlog=5)
    await hub.start()
    following = hub.follow(TopicsWithin(EVERYWHERE), None)
    waiting = asyncio.ensure_future(anext(following))
    await asyncio.sleep(0)
    await place.propose_many(6, "未立项")
    await hub.advance()
    with pytest.raises(SubscriberTooSlow):
        await waiting


async def test_hub_lets_go_of_subscribers_that_left(world: World) -> None:
    hub = Hub(world.db, backlog=5)
    await hub.start()
    following = hub.follow(Everything(), None)
    waiting = asyncio.ensure_future(anext(following))
    await asyncio.sleep(0)
    assert hub.subscribers == 1
    waiting.cancel()
    await asyncio.gather(waiting, return_exceptions=True)
    await following.aclose()
    assert hub.subscribers == 0
