"""The relay as it is, several at once, against a database and a broker that do whatever those may do.

Only time, the tables and the broker are simulated; every order of what they do is one that Hypothesis may try.
"""

import asyncio
from contextlib import suppress
from datetime import timedelta
from typing import Any, cast

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import (
    invariant,
    precondition,
    rule,
)

from events.batches import LONGEST_PAUSE_S, Outcome
from events.relay import Relay, RelaySettings
from services.core.database import Database
from services.notices.enums import NoticeStatus
from services.notices.rules import LIFECYCLE
from services.notices.wake import Wake
from tests.unit.events.simulation.broker import Broker, Queue
from tests.unit.events.simulation.explore import CountedMachine, explore, one_of
from tests.unit.events.simulation.loop import VirtualLoop
from tests.unit.events.simulation.outbox import Outbox, Row
from tests.unit.events.simulation.transactions import Ending

LANES, DEPARTMENTS, RELAYS, WINDOW = 5, 3, 2, 3
DRAIN_ROUNDS = 30
"""How many rounds may pass without a notice reaching its end once faults have stopped."""

NUMBER = st.integers(0, 11)


class Bell:
    """Wakes when it is rung or time passes."""

    def __init__(self) -> None:
        self._rung = asyncio.Event()

    async def wait(self, timeout_s: float) -> None:
        with suppress(TimeoutError):
            await asyncio.wait_for(self._rung.wait(), timeout_s)
        self._rung.clear()

    def ring(self) -> None:
        self._rung.set()


def start_relay(loop: VirtualLoop, outbox: Outbox) -> asyncio.Task[Any]:
    """Begin a relay over simulated tables."""
    relay = Relay(
        cast("Database", outbox),
        amqp_url="amqp://",
        public_url="https://api.example.org",
        clock=loop,
        settings=RelaySettings(window=WINDOW),
    )
    return loop.create_task(relay.run(cast("Wake", Bell()), asyncio.Event()))


class RelayMachine(CountedMachine):
    def __init__(self) -> None:
        super().__init__()
        self.outbox = Outbox(self.loop, LANES, DEPARTMENTS)
        self.broker = Broker(self.outbox, DEPARTMENTS)
        self.patch.setattr("events.relay.open_publisher", self.broker.open)
        self.patch.setattr("events.relay.log", self.ledger)
        self.tasks = [self._relay() for _ in range(RELAYS)]
        self.loop.settle()

    def _relay(self) -> asyncio.Task[Any]:
        return start_relay(self.loop, self.outbox)

    @rule(lanes=st.sets(st.integers(1, LANES), min_size=1, max_size=3), kind=st.integers(0, 9))
    def announce(self, lanes: set[int], kind: int) -> None:
        for lane in sorted(lanes):
            self.outbox.announce(lane, poison=kind == 1, unsendable=kind == 2)

    @rule(seconds=st.sampled_from([1.0, 6.0, 3600.0]))
    def let_time_pass(self, seconds: float) -> None:
        self.loop.advance(seconds)

    @precondition(lambda self: self.broker.readable())
    @rule(number=NUMBER, count=st.integers(1, WINDOW))
    def read(self, number: int, count: int) -> None:
        connection = one_of(self.broker.readable(), number)
        for _ in range(min(count, len(connection.unread))):
            if connection.unread:
                connection.read()
        self.loop.settle()

    @precondition(lambda self: self.broker.answerable())
    @rule(number=NUMBER)
    def answer(self, number: int) -> None:
        one_of(self.broker.answerable(), number).answer()
        self.loop.settle()

    @precondition(lambda self: self.broker.live())
    @rule(number=NUMBER, arriving=st.booleans())
    def cut(self, number: int, *, arriving: bool) -> None:
        one_of(self.broker.live(), number).end(Outcome.UNKNOWN, arriving=arriving)
        self.loop.settle()

    @precondition(lambda self: any(one.unread or one.unanswered for one in self.broker.connections))
    @rule(number=NUMBER)
    def miss_an_answer(self, number: int) -> None:
        one_of([sent for one in self.broker.connections for sent in (*one.unread, *one.unanswered)], number).end(
            Outcome.UNKNOWN
        )
        self.loop.settle()

    @precondition(lambda self: self.outbox.gated())
    @rule(number=NUMBER, ending=st.sampled_from(Ending))
    def end_transaction(self, number: int, ending: Ending) -> None:
        gate = one_of(self.outbox.gated(), number).gate
        assert gate is not None
        gate.set_result(ending)
        self.loop.settle()

    @precondition(lambda self: self.outbox.open)
    @rule(number=NUMBER)
    def abort_transaction(self, number: int) -> None:
        one_of(self.outbox.open, number).end()
        self.loop.settle()

    @rule(number=st.integers(0, RELAYS - 1))
    def kill_relay(self, number: int) -> None:
        self.tasks[number].cancel()
        self.loop.settle()
        assert self.tasks[number].cancelled()
        self.tasks[number] = self._relay()
        self.loop.settle()

    @rule(department=st.integers(0, DEPARTMENTS - 1), queue=st.sampled_from(Queue))
    def change_queue(self, department: int, queue: Queue) -> None:
        self.broker.queues[department] = queue

    @rule(blocked=st.booleans(), slow=st.booleans())
    def change_servers(self, *, blocked: bool, slow: bool) -> None:
        self.broker.blocked, self.outbox.slow_claims = blocked, slow

    @rule(action=st.sampled_from(["retry", "skip", "replay"]), number=NUMBER, healed=st.booleans())
    def operate(self, action: str, number: int, *, healed: bool) -> None:
        """Do what an operator may do to a notice that no relay holds."""
        rows = [
            row
            for row in self.outbox.rows.values()
            if (row.status, action) in LIFECYCLE and row.id not in self.outbox.owners
        ]
        if not rows:
            return
        row = one_of(rows, number)
        row.status = LIFECYCLE[row.status, action]
        if action == "skip":
            row.ever_skipped = True
        elif action == "replay":
            row.replays, row.owed = row.replays + 1, row.arrivals + 1
        elif healed:
            row.poison = row.unsendable = False

    @rule()
    def work(self) -> None:
        """Let everything that is under way end well."""
        for connection in self.broker.readable():
            while connection.unread:
                connection.read()
        for connection in self.broker.answerable():
            connection.answer()
        self.loop.settle()
        for tx in self.outbox.gated():
            assert tx.gate is not None
            tx.gate.set_result(Ending.COMMITTED)
        self.loop.settle()

    @invariant()
    def nothing_is_lost_or_out_of_order(self) -> None:
        assert not self.outbox.broken
        assert not self.ledger.failures
        assert not self.loop.complaints
        assert not any(task.done() for task in self.tasks)
        for row in self.outbox.rows.values():
            if row.status is NoticeStatus.CONFIRMED:
                assert row.arrivals >= row.owed
            elif row.status is NoticeStatus.PARKED:
                assert row.poison or row.unsendable
        longest = self.loop.now() + timedelta(seconds=LONGEST_PAUSE_S)
        assert all(channel.paused_until <= longest for channel in self.outbox.channels.values())

    def undelivered(self) -> list[Row]:
        """Return what waits without a guilty notice before it in its lane."""
        parked = {row.lane for row in self.outbox.heads() if row.status is NoticeStatus.PARKED}
        return [
            row for row in self.outbox.rows.values() if row.status is NoticeStatus.PENDING and row.lane not in parked
        ]

    def drain(self) -> None:
        """Once faults have stopped, everything but what waits behind a guilty notice is delivered."""
        self.broker.queues = dict.fromkeys(range(DEPARTMENTS), Queue.OPEN)
        self.broker.blocked = self.outbox.slow_claims = False
        for _ in range(DRAIN_ROUNDS * (1 + len(self.undelivered()))):
            if not self.undelivered():
                break
            self.work()
            self.loop.advance(LONGEST_PAUSE_S)
        self.nothing_is_lost_or_out_of_order()
        assert not self.undelivered()

    def teardown(self) -> None:
        try:
            self.drain()
        finally:
            for task in self.tasks:
                task.cancel()
            self.loop.settle()
            assert all(task.done() for task in self.tasks)
            self.patch.undo()


@pytest.mark.timeout(420)  # a failure is made small first, for up to five minutes
def test_relays_lose_nothing_keep_order_and_drain() -> None:
    assert explore(RelayMachine, 80_000) >= 80_000


def test_next_batch_is_held_but_not_sent_while_one_is_at_the_broker(monkeypatch: pytest.MonkeyPatch) -> None:
    loop = VirtualLoop()  # type: ignore[abstract]  # nothing here calls the rest
    outbox = Outbox(loop, LANES, DEPARTMENTS)
    broker = Broker(outbox, DEPARTMENTS)
    monkeypatch.setattr("events.relay.open_publisher", broker.open)
    rows = [outbox.announce(lane) for lane in range(1, LANES + 1)]
    task = start_relay(loop, outbox)
    loop.settle()
    (connection,) = broker.connections
    assert [sent.row for sent in connection.unread] == rows[:WINDOW]
    assert [row.id in outbox.owners for row in rows] == [True] * LANES
    connection.end(Outcome.UNKNOWN, arriving=False)
    loop.settle()
    assert [row.arrivals for row in rows] == [0] * LANES
    assert not outbox.owners
    task.cancel()
    loop.settle()
    assert task.cancelled()
