"""The partner kit against a running broker, with a relay and an intake on the other side."""

import ast
import asyncio
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, closing, suppress
from pathlib import Path
from urllib.parse import quote

import aio_pika
import httpx
import pytest
from sqlalchemy.engine import make_url

import shangliang_kit
from events.names import EVENTS, dead, inbox
from shangliang_kit import BadEvent, Consumer, Event, Handler, Replies, Store, event_of, replying
from tests.events.tools import account, consumers, declare, delete_queue, depth, intake, relay, take_messages, until
from tests.servers import BrokerAddress
from tests.world import World

COURT = "qinshui-court"
RECEIPTS = "SELECT receipt, receipt_note, receipt_evidence_url FROM delivery ORDER BY event_id"
AGAIN = "UPDATE delivery SET status = 'PENDING', confirmed_at = NULL"
Failing = Callable[[Event], bool]


class Heard:
    """A handler that keeps what it is given, and fails where it is told to."""

    def __init__(self, failing: Failing = lambda _event: False) -> None:
        self.events: list[Event] = []
        self.attempts: list[str] = []
        self._failing = failing

    async def __call__(self, event: Event, _replies: Replies) -> None:
        self.attempts.append(event.id)
        if self._failing(event):
            raise RuntimeError("not now")
        self.events.append(event)

    @property
    def ids(self) -> list[str]:
        return [event.id for event in self.events]

    async def until(self, count: int) -> None:
        async def enough() -> bool:
            return len(self.events) >= count

        await until(enough)


@asynccontextmanager
async def consuming(amqp_url: str, handler: Handler, path: Path, *, renew_s: float = 300.0) -> AsyncIterator[None]:
    """Run a consumer until the block ends."""
    store = Store(path)
    running = asyncio.create_task(Consumer(amqp_url, handler, store, first_wait_s=0.05, renew_s=renew_s).run())
    try:
        yield
    finally:
        running.cancel()
        with suppress(asyncio.CancelledError):
            await running
        store.close()


def emptied(amqp: BrokerAddress) -> Callable[[], Awaitable[bool]]:
    async def empty() -> bool:
        return await depth(amqp.url, inbox(COURT)) == 0

    return empty


async def end_connection(amqp: BrokerAddress, code: str = COURT) -> None:
    """End a department's connection by the management API, which knows of it after a while."""
    async with httpx.AsyncClient(base_url=amqp.api_url) as client:

        async def ended() -> bool:
            found = (await client.get(f"/api/vhosts/{make_url(amqp.url).database}/connections")).json()
            names = [one["name"] for one in found if one.get("user") == code]
            for name in names:
                await client.delete(f"/api/connections/{quote(name, safe='')}")
            return bool(names)

        await until(ended)


async def test_events_come_in_order_with_their_place(world: World, declared: BrokerAddress, tmp_path: Path) -> None:
    sent = [await world.announce(COURT, topic=number % 2) for number in range(6)]
    skip = "UPDATE delivery SET status = 'SKIPPED', skipped_at = now(), skipped_by = 'operator', skip_reason = 'wrong'"
    await world.run(f"{skip} WHERE event_id = '{sent[2]}'")
    url, heard = await account(declared, COURT), Heard()
    async with relay(world.db, world.url, declared.url), consuming(url, heard, tmp_path / "store"):
        await heard.until(5)
    lanes = [[event for event in heard.events if event.id in sent[first::2]] for first in (0, 1)]
    assert [[(event.id, event.sequence, event.missing, event.late) for event in lane] for lane in lanes] == [
        [(sent[0], 1, 0, False), (sent[4], 3, 1, False)],
        [(sent[1], 1, 0, False), (sent[3], 2, 0, False), (sent[5], 3, 0, False)],
    ]


async def test_repeated_event_is_dropped_also_by_the_next_process_and_a_replayed_one_is_not(
    world: World, declared: BrokerAddress, tmp_path: Path
) -> None:
    sent = [await world.announce(COURT) for _ in range(2)]
    url, first, second = await account(declared, COURT), Heard(), Heard()
    async with relay(world.db, world.url, declared.url):
        async with consuming(url, first, tmp_path / "store"):
            await first.until(2)
        await world.run(AGAIN)
        last = await world.announce(COURT)
        async with consuming(url, second, tmp_path / "store"):
            await second.until(1)
            await world.run(f"{AGAIN}, replays = 1, replayed_at = now()")
            await second.until(4)
    assert first.ids == sent
    assert [(event.id, event.replay, event.late) for event in second.events] == [
        (last, 0, False),
        *((id_, 1, True) for id_ in (*sent, last)),
    ]
    assert await depth(declared.url, inbox(COURT)) == 0


async def test_event_whose_handler_fails_comes_again_before_all_others(
    world: World, declared: BrokerAddress, tmp_path: Path
) -> None:
    sent = [await world.announce(COURT) for _ in range(3)]
    url = await account(declared, COURT)
    heard = Heard(lambda event: event.id == sent[1] and heard.attempts.count(sent[1]) < 3)
    async with relay(world.db, world.url, declared.url), consuming(url, heard, tmp_path / "store"):
        await heard.until(3)
        await until(emptied(declared))
    assert heard.attempts == [sent[0], sent[1], sent[1], sent[1], sent[2]]
    assert heard.ids == sent


async def test_message_that_is_no_event_is_set_aside_at_once(
    world: World, declared: BrokerAddress, tmp_path: Path
) -> None:
    connection = await aio_pika.connect(declared.url)
    async with connection:
        exchange = await (await connection.channel()).get_exchange(EVENTS, ensure=False)
        await exchange.publish(aio_pika.Message(b"not JSON"), f"{COURT}.topic.listed")
    sent = await world.announce(COURT)
    url, heard = await account(declared, COURT), Heard()
    async with relay(world.db, world.url, declared.url), consuming(url, heard, tmp_path / "store"):
        await heard.until(1)
    (aside,) = await take_messages(declared.url, dead(COURT), 1)
    assert (aside.body, heard.ids) == (b"not JSON", [sent])


async def test_consumer_comes_back_after_its_connection_ended_and_after_its_queue_went(
    world: World, declared: BrokerAddress, tmp_path: Path
) -> None:
    url, heard = await account(declared, COURT), Heard()

    async def listening() -> bool:
        return await consumers(declared.url, inbox(COURT)) == 1

    async with relay(world.db, world.url, declared.url), consuming(url, heard, tmp_path / "store"):
        sent = [await world.announce(COURT)]
        await heard.until(1)
        await end_connection(declared)
        sent.append(await world.announce(COURT))
        await heard.until(2)
        await delete_queue(declared.url, inbox(COURT))
        await asyncio.sleep(0.5)
        await declare(world.db, declared)
        await until(listening)
        sent.append(await world.announce(COURT))
        await heard.until(3)
    assert heard.ids == sent


async def test_consumer_that_may_not_be_told_of_its_queues_end_goes_on(
    world: World, declared: BrokerAddress, tmp_path: Path
) -> None:
    url, heard = await account(declared, COURT), Heard()

    async def listening() -> bool:
        return await consumers(declared.url, inbox(COURT)) == 1

    async with relay(world.db, world.url, declared.url), consuming(url, heard, tmp_path / "store", renew_s=2):
        await until(listening)
        await delete_queue(declared.url, inbox(COURT))
        await declare(world.db, declared)
        sent = [await world.announce(COURT)]
        await heard.until(1)
    assert heard.ids == sent


async def test_event_in_hand_when_its_connection_ends_is_handled_once(
    world: World, declared: BrokerAddress, tmp_path: Path
) -> None:
    url, heard = await account(declared, COURT), Heard()

    async def handle(event: Event, replies: Replies) -> None:
        await heard(event, replies)
        if len(heard.events) == 1:
            await end_connection(declared)
            await asyncio.sleep(0.5)

    sent = [await world.announce(COURT) for _ in range(2)]
    async with relay(world.db, world.url, declared.url), consuming(url, handle, tmp_path / "store"):
        await heard.until(2)
        await until(emptied(declared))
    assert heard.ids == sent


async def test_replies_of_a_handler_and_later_ones_become_the_receipt(
    world: World, declared: BrokerAddress, tmp_path: Path
) -> None:
    taken, refused, read = [await world.announce(COURT) for _ in range(3)]
    url = await account(declared, COURT)

    async def handle(event: Event, replies: Replies) -> None:
        if event.id == taken:
            await replies.accepted(event.id)
            await replies.accepted(event.id)
            await replies.progress(event.id, note="勘界")
        if event.id == refused:
            await replies.declined(event.id, note="属林业部门")

    async def receipts() -> list[tuple[object, ...]]:
        return await world.rows(RECEIPTS)

    async def answered() -> bool:
        return [row[0] for row in await receipts()] == ["IN_PROGRESS", "DECLINED", "RECEIVED"]

    async def completed() -> bool:
        return (await receipts())[0][0] == "COMPLETED"

    async with relay(world.db, world.url, declared.url), intake(world.db, declared.url):
        async with consuming(url, handle, tmp_path / "store"):
            await until(answered)
        async with replying(url) as replies:
            await replies.completed(taken, note="已办结", evidence_url="https://court.example.org/1")
        await until(completed)
    assert await receipts() == [
        ("COMPLETED", "已办结", "https://court.example.org/1"),
        ("DECLINED", "属林业部门", None),
        ("RECEIVED", None, None),
    ]
    assert await depth(declared.url, "shangliang.rejected.inbox") == 0
    assert read in [str(row[0]) for row in await world.rows("SELECT id FROM event")]


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"[]", "not an event"),
        (b"{}", "'specversion' is missing"),
        (b'{"specversion": "0.3"}', "specversion is '0.3'"),
        (b'{"specversion": "1.0", "id": 7}', "'id' is no text"),
        (b'{"specversion": "1.0", "id": "a", "type": "t", "partitionkey": "p", "sequence": "x"}', "not an event"),
        (b'{"specversion": "1.0", "id": "a", "type": "t", "partitionkey": "p", "sequence": "1"}', "'data' is missing"),
    ],
)
def test_what_is_no_event_says_why(body: bytes, reason: str) -> None:
    with pytest.raises(BadEvent, match=reason):
        event_of(body)


def test_ids_are_kept_for_the_time_that_was_asked_for(tmp_path: Path) -> None:
    event = Event("a", "t", "p", 7, 0, {}, {})
    store = Store(tmp_path / "store")
    store.note(event)
    store.close()
    kept, forgotten = Store(tmp_path / "store"), Store(tmp_path / "store", keep_days=0)
    assert (forgotten.has(event), kept.placed(event).late) == (False, True)
    kept.close()
    forgotten.close()


def test_consumer_needs_the_account_in_its_address(tmp_path: Path) -> None:
    with closing(Store(tmp_path / "store")) as store, pytest.raises(ValueError, match="names no account"):
        Consumer("amqp://127.0.0.1/", Heard(), store)


def test_kit_needs_nothing_but_its_amqp_client() -> None:
    needed: set[str] = set()
    for path in Path(shangliang_kit.__file__).parent.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Import):
                needed.update(alias.name.partition(".")[0] for alias in node.names)
            if isinstance(node, ast.ImportFrom) and not node.level:
                needed.add((node.module or "").partition(".")[0])
    assert needed - sys.stdlib_module_names == {"aio_pika", "shangliang_kit"}
