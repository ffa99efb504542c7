import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from enum import Enum, auto
from uuid import UUID

from aio_pika import Message

from events.batches import Outcome
from tests.unit.events.simulation.outbox import Outbox, Row


class Queue(Enum):
    """What a department's queue does with a message."""

    OPEN = auto()
    MISSING = auto()
    FULL = auto()
    FORBIDDEN = auto()


ANSWERS = {Queue.OPEN: Outcome.ACKED, Queue.MISSING: Outcome.RETURNED, Queue.FULL: Outcome.NACKED}


@dataclass(slots=True)
class Sent:
    """A message under way; without an answer yet it may be in its queue or not."""

    row: Row
    answer: asyncio.Future[tuple[Outcome, str]]
    outcome: Outcome | None = None

    def end(self, outcome: Outcome) -> None:
        if not self.answer.done():
            self.answer.set_result((outcome, outcome.name))


class Connection:
    """A publisher on a connection of its own, read by the broker in the order sent, even after its end."""

    account = "relay"

    def __init__(self, broker: "Broker") -> None:
        self._broker = broker
        self.unread: list[Sent] = []
        self.unanswered: list[Sent] = []
        self.closed = False

    async def publish(self, message: Message, _routing_key: str) -> tuple[Outcome, str]:
        if self.closed:
            return Outcome.UNKNOWN, "closed"
        assert message.message_id is not None
        row = self._broker.outbox.rows[UUID(message.message_id)]
        sent = Sent(row, self._broker.outbox.loop.create_future())
        self.unread.append(sent)
        return await sent.answer

    async def wait_unblocked(self) -> bool:
        return not self._broker.blocked

    def read(self) -> None:
        """Let the broker read the next message."""
        sent = self.unread.pop(0)
        queue = self._broker.queues[sent.row.department]
        if sent.row.poison or queue is Queue.FORBIDDEN:
            self.unanswered.append(sent)
            self.end(Outcome.REFUSED if sent.row.poison else Outcome.FORBIDDEN, arriving=False)
            return
        sent.outcome = ANSWERS[queue]
        if queue is Queue.OPEN:
            self._broker.outbox.arrive(sent.row.id)
        self.unanswered.append(sent)

    def answer(self) -> None:
        """Let the broker's answers arrive."""
        for sent in self.unanswered:
            assert sent.outcome is not None
            sent.end(sent.outcome)
        self.unanswered.clear()

    def end(self, outcome: Outcome, *, arriving: bool) -> None:
        """End the connection, with what is on its way arriving still or not."""
        for sent in (*self.unanswered, *self.unread):
            sent.end(outcome)
        self.unanswered.clear()
        if not arriving:
            self.unread.clear()
        self.closed = True


class Broker:
    """Connections, and a queue for each department."""

    def __init__(self, outbox: Outbox, departments: int) -> None:
        self.outbox = outbox
        self.queues = dict.fromkeys(range(departments), Queue.OPEN)
        self.blocked = False
        self.connections: list[Connection] = []

    @asynccontextmanager
    async def open(self, _amqp_url: str, _exchange: str, *, timeout_s: float) -> AsyncIterator[Connection]:  # noqa: ARG002 -- as the real one
        connection = Connection(self)
        self.connections = [one for one in self.connections if one.unread or not one.closed]
        self.connections.append(connection)
        try:
            yield connection
        finally:
            connection.end(Outcome.UNKNOWN, arriving=True)

    def live(self) -> list[Connection]:
        return [one for one in self.connections if not one.closed]

    def readable(self) -> list[Connection]:
        return [] if self.blocked else [one for one in self.connections if one.unread]

    def answerable(self) -> list[Connection]:
        return [one for one in self.connections if one.unanswered]
