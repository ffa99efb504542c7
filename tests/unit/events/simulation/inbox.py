import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial
from types import SimpleNamespace
from typing import Any, ClassVar
from uuid import UUID

import orjson
from sqlalchemy.sql.dml import Insert

from events.batches import Outcome
from services.notices.enums import ReceiptStatus
from tests.unit.events.simulation.loop import VirtualLoop
from tests.unit.events.simulation.transactions import Store, Transaction

Key = tuple[UUID, str]


class InboxTransaction(Transaction):
    """Does what `take_reply` asks."""

    store: "Inbox"
    key: Key

    async def scalar(self, statement: Any) -> Any:
        self.check()
        params = statement.compile().params
        if isinstance(statement, Insert):
            return await self._insert((params["department_id"], params["message_id"]), params["digest"])
        if "code_1" in params:
            return self.store.departments.get(params["code_1"])
        return await self._delivery(params["department_id_1"], params["event_id_1"])

    async def get_one(self, _model: Any, key: dict[str, Any]) -> SimpleNamespace:
        self.check()
        return SimpleNamespace(digest=self.store.digests[key["department_id"], key["message_id"]])

    async def _insert(self, key: Key, digest: bytes) -> str | None:
        """Insert a key unless it is there, after whoever is inserting it."""
        self.key = key
        await self.lock(self.key)
        if self.key in self.store.taken:
            return None
        self.changes.append(partial(self.store.take, self.key, digest))
        return key[1]

    async def _delivery(self, department: UUID, event: UUID) -> SimpleNamespace | None:
        """Lock a delivery; what is set on what is returned is committed with the rest."""
        if (department, event) not in self.store.receipts:
            return None
        await self.lock((department, event))
        view = SimpleNamespace(receipt=self.store.receipts[department, event])
        self.changes.append(lambda: self.store.move(self.key, (department, event), view.receipt))
        return view


class Inbox(Store):
    """The tables that intake works on."""

    transaction = InboxTransaction

    def __init__(self, loop: VirtualLoop, departments: dict[str, UUID], events: list[UUID]) -> None:
        super().__init__(loop)
        self.departments = departments
        self.receipts: dict[tuple[UUID, UUID], ReceiptStatus | None] = {
            (department, event): None for department in departments.values() for event in events
        }
        self.taken: list[Key] = []
        self.digests: dict[Key, bytes] = {}
        self.moves: list[tuple[Key, tuple[UUID, UUID], ReceiptStatus | None, ReceiptStatus]] = []

    def take(self, key: Key, digest: bytes) -> None:
        self.taken.append(key)
        self.digests[key] = digest

    def move(self, key: Key, delivery: tuple[UUID, UUID], receipt: ReceiptStatus) -> None:
        self.moves.append((key, delivery, self.receipts[delivery], receipt))
        self.receipts[delivery] = receipt


@dataclass(frozen=True, slots=True)
class Sending:
    """What a department sends; `sender` is whom the broker vouches for."""

    department: str
    sender: str | None
    message_id: str
    event: UUID
    verb: str
    note: str | None

    def body(self) -> bytes:
        return orjson.dumps({
            "specversion": "1.0", "id": self.message_id, "source": f"/{self.department}",
            "type": f"cn.shangliang.reply.{self.verb}.v1", "causationid": str(self.event), "data": {"note": self.note},
        })  # fmt: skip


class Message:
    """A reply in an intake's hand, until it is acknowledged or its consumer ends."""

    content_type = "application/cloudevents+json"
    content_encoding = correlation_id = None
    headers: ClassVar[dict[str, Any]] = {}

    def __init__(self, consumer: "Consumer", sending: Sending) -> None:
        self._consumer = consumer
        self.sending = sending
        self.body = sending.body()
        self.message_id = sending.message_id
        self.user_id = sending.sender
        self.routing_key = f"{sending.department}.reply.{sending.verb}"
        self.waiting: asyncio.Future[None] | None = None

    async def ack(self) -> None:
        self.waiting = self._consumer.loop.create_future()
        await self.waiting
        if self._consumer.closed:
            raise ConnectionError("the acknowledgement never arrived")
        self._consumer.acknowledge(self)


class Consumer:
    """Hands out one message at a time; what is not acknowledged at its end is first in the queue again."""

    def __init__(self, queue: "ReplyQueue") -> None:
        self._queue = queue
        self.loop = queue.loop
        self.hand: Message | None = None
        self.closed = False
        self.held_back = 0
        self._again = False
        self._wanted: asyncio.Future[None] | None = None

    async def add(self, _queues: Mapping[str, str | None]) -> int:
        return 0

    async def next(self) -> Message:
        while not self.closed and not self._ready():
            self._wanted = self.loop.create_future()
            await self._wanted
        if self.closed:
            raise ConnectionError("the broker ended the consumers")
        if self.hand is None:
            self.hand = Message(self, self._queue.waiting.pop(0))
        self._again = False
        return self.hand

    def _ready(self) -> bool:
        """Tell whether a message may be handed out: the one in hand again, else the queue's next."""
        return bool(self._queue.waiting) if self.hand is None else self._again

    def later(self, message: Message, seconds: float) -> None:
        assert message is self.hand
        self.loop.call_later(seconds, self._hand_out_again)

    def _hand_out_again(self) -> None:
        self._again = True
        self.wake()

    def wake(self) -> None:
        waits = (self._wanted, self.hand.waiting if self.closed and self.hand else None)
        for wait in waits:
            if wait is not None and not wait.done():
                wait.set_result(None)

    def acknowledge(self, message: Message) -> None:
        self._queue.acknowledged.append(message.sending)
        self.hand = None

    def end(self) -> None:
        if not self.closed and self.hand is not None:
            self._queue.waiting.insert(0, self.hand.sending)
        self.closed = True
        self.wake()


class ReplyQueue:
    """The queue of replies and the exchange of rejected ones."""

    def __init__(self, loop: VirtualLoop) -> None:
        self.loop = loop
        self.waiting: list[Sending] = []
        self.acknowledged: list[Sending] = []
        self.kept: list[Sending] = []
        self.consumers: list[Consumer] = []
        self.keeps = True

    @asynccontextmanager
    async def open(self, _amqp_url: str, _pace: object, *, timeout_s: float) -> AsyncIterator[Consumer]:  # noqa: ARG002 -- as the real one
        consumer = Consumer(self)
        self.consumers.append(consumer)
        try:
            yield consumer
        finally:
            consumer.end()
            self.consumers.remove(consumer)
            self.wake()

    async def keep(self, message: Message, _reason: str) -> tuple[Outcome, str]:
        """Stand for the rejects."""
        if not self.keeps:
            return Outcome.UNKNOWN, "no answer"
        self.kept.append(message.sending)
        return Outcome.ACKED, ""

    def send(self, sending: Sending) -> None:
        self.waiting.append(sending)
        self.wake()

    def wake(self) -> None:
        for consumer in self.consumers:
            consumer.wake()

    def acknowledging(self) -> list[asyncio.Future[None]]:
        """Return the acknowledgements that are on their way."""
        hands = [consumer.hand for consumer in self.consumers if consumer.hand is not None]
        return [hand.waiting for hand in hands if hand.waiting is not None and not hand.waiting.done()]
