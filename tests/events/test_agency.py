import asyncio
from contextlib import aclosing

import pytest

from events.agency import Received, listen, readers
from events.broker import BROKER_FAULTS
from events.names import inbox
from tests.events.tools import PATIENCE_S, account, delete_queue, depth, relay, take_messages, until
from tests.servers import BrokerAddress
from tests.world import World

COURT = "qinshui-court"


async def hear(amqp_url: str, count: int) -> list[Received]:
    """Return the next events of the court, all but the last acknowledged."""
    heard = []
    async with aclosing(listen(amqp_url, COURT)) as events, asyncio.timeout(PATIENCE_S):  # type: ignore[type-var]
        async for event in events:
            heard.append(event)
            if len(heard) == count:
                break
    return heard


async def test_listener_takes_an_event_when_it_asks_for_the_next(world: World, declared: BrokerAddress) -> None:
    sent = [await world.announce(COURT) for _ in range(5)]
    url = await account(declared, COURT)
    async with relay(world.db, world.url, declared.url):
        first = await hear(url, 3)
        second = await hear(url, 3)
    assert [(event.body["id"], event.redelivered) for event in first] == [(id_, False) for id_ in sent[:3]]
    assert [(event.body["id"], event.redelivered) for event in second] == list(
        zip(sent[2:], (True, False, False), strict=True)
    )
    assert {event.routing_key for event in first} == {"qinshui-court.topic.listed"}
    (last,) = await take_messages(declared.url, inbox(COURT), 1)
    assert last.headers["x-delivery-count"] == 1


async def test_listener_ends_with_an_error_when_its_queue_goes(declared: BrokerAddress) -> None:
    url = await account(declared, COURT)
    hearing = asyncio.create_task(hear(url, 1))
    await asyncio.sleep(1)
    await delete_queue(declared.url, inbox(COURT))
    with pytest.raises(ConnectionError):
        await asyncio.wait_for(hearing, 10)


async def test_listener_without_a_queue_ends_with_an_error(amqp: BrokerAddress) -> None:
    with pytest.raises(BROKER_FAULTS):
        await hear(amqp.url, 1)


async def test_cancelled_listener_gives_back_what_it_has(world: World, declared: BrokerAddress) -> None:
    sent = [await world.announce(COURT) for _ in range(3)]
    heard: list[str] = []

    async def follow() -> None:
        async for event in listen(declared.url, COURT):
            heard.append(event.body["id"])
            await asyncio.sleep(60)

    async with relay(world.db, world.url, declared.url):
        following = asyncio.create_task(follow())
        await until(lambda: all_queued(declared, heard))
        following.cancel()
        with pytest.raises(asyncio.CancelledError):
            await following
    again = await hear(declared.url, 3)
    assert heard == sent[:1]
    assert [event.body["id"] for event in again] == sent


async def all_queued(amqp: BrokerAddress, heard: list[str]) -> bool:
    return bool(heard) and await depth(amqp.url, inbox(COURT)) == 2


async def test_second_reader_is_told_that_there_is_one_and_hears_nothing_until_it_ends(
    world: World, declared: BrokerAddress
) -> None:
    assert await readers(declared.url, COURT) == 0
    first = asyncio.create_task(hear(declared.url, 2))
    await until(lambda: is_read(declared))
    second = asyncio.create_task(hear(declared.url, 1))
    async with relay(world.db, world.url, declared.url):
        sent = [await world.announce(COURT) for _ in range(2)]
        assert [event.body["id"] for event in await first] == sent
    assert [event.body["id"] for event in await asyncio.wait_for(second, PATIENCE_S)] == sent[1:]


async def is_read(amqp: BrokerAddress) -> bool:
    return await readers(amqp.url, COURT) == 1
