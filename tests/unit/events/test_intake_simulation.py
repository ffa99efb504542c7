"""Intake as it is, two at once, against a database and a queue that do whatever those may do."""

import asyncio
from typing import Any, cast
from uuid import UUID

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import invariant, precondition, rule

from events.intake import Intake
from events.limits import Pace
from events.rejected import Rejects
from services.core.database import Database
from services.core.limits import AgencyLimits
from services.notices.replies import take_reply
from services.notices.rules import REPLIES
from tests.unit.events.simulation.explore import CountedMachine, explore, one_of
from tests.unit.events.simulation.inbox import Inbox, ReplyQueue, Sending
from tests.unit.events.simulation.transactions import Ending

COURT, FORESTRY = "court", "forestry"
DEPARTMENTS = {COURT: UUID(int=1), FORESTRY: UUID(int=2)}
EVENTS = [UUID(int=11), UUID(int=12)]
VERBS = sorted({verb for _receipt, verb in REPLIES})
INTAKES = 2

NUMBER = st.integers(0, 11)


async def untold(*_refusal: object, **_clock: object) -> bool:
    """Tell nobody of a refusal."""
    return False


async def nobody(_intake: Intake, *, everybody: bool) -> list[str]:  # noqa: ARG001 -- as the real one
    """Return no department."""
    return []


class IntakeMachine(CountedMachine):
    def __init__(self) -> None:
        super().__init__()
        self.inbox = Inbox(self.loop, DEPARTMENTS, EVENTS)
        self.queue = ReplyQueue(self.loop)
        self.sent: list[Sending] = []
        self.patch.setattr("events.intake.open_consumers", self.queue.open)
        self.patch.setattr("events.intake.Intake._codes", nobody)  # whose queues it reads is not simulated
        self.patch.setattr("events.intake.log", self.ledger)
        self.patch.setattr("events.intake.take_in", take_reply)  # what a reply does beyond its receipt is not simulated
        self.patch.setattr("events.intake.tell_refusal", untold)
        self.tasks = [self._intake() for _ in range(INTAKES)]
        self.loop.settle()

    def _intake(self) -> asyncio.Task[Any]:
        rejects = cast("Rejects", self.queue)
        intake = Intake(
            cast("Database", self.inbox),
            amqp_url="amqp://",
            clock=self.loop,
            rejects=rejects,
            pace=Pace(AgencyLimits()),
        )
        return self.loop.create_task(intake.run(asyncio.Event()))

    def _send(self, sending: Sending) -> None:
        self.sent.append(sending)
        self.queue.send(sending)
        self.loop.settle()

    @rule(
        department=st.sampled_from([COURT, FORESTRY, "nobody"]),
        event=st.sampled_from([*EVENTS, UUID(int=13)]),
        verb=st.sampled_from(VERBS),
        note=st.sampled_from([None, "why"]),
    )
    def reply(self, department: str, event: UUID, verb: str, note: str | None) -> None:
        self._send(Sending(department, department, f"reply-{len(self.sent)}", event, verb, note))

    @rule(department=st.sampled_from([COURT, FORESTRY]), event=st.sampled_from(EVENTS), number=NUMBER)
    def reply_fittingly(self, department: str, event: UUID, number: int) -> None:
        receipt = self.inbox.receipts[DEPARTMENTS[department], event]
        verbs = [verb for before, verb in REPLIES if before is receipt]
        if verbs:
            self.reply(department, event, one_of(verbs, number), "why")
            self.work()

    @precondition(lambda self: self.sent)
    @rule(number=st.integers(0, 99))
    def reply_again(self, number: int) -> None:
        self._send(one_of(self.sent[-5:], number))

    @rule(
        department=st.sampled_from([COURT, FORESTRY]),
        sender=st.sampled_from([None, "", "nobody", "COURT"]),
        event=st.sampled_from(EVENTS),
    )
    def spoof(self, department: str, sender: str | None, event: UUID) -> None:
        self._send(Sending(department, sender, f"reply-{len(self.sent)}", event, "received", None))

    @precondition(lambda self: self.inbox.gated())
    @rule(number=NUMBER, ending=st.sampled_from(Ending))
    def end_transaction(self, number: int, ending: Ending) -> None:
        gate = one_of(self.inbox.gated(), number).gate
        assert gate is not None
        gate.set_result(ending)
        self.loop.settle()

    @precondition(lambda self: self.inbox.open)
    @rule(number=NUMBER)
    def abort_transaction(self, number: int) -> None:
        one_of(self.inbox.open, number).end()
        self.loop.settle()

    @precondition(lambda self: self.queue.acknowledging())
    @rule(number=NUMBER)
    def acknowledge(self, number: int) -> None:
        one_of(self.queue.acknowledging(), number).set_result(None)
        self.loop.settle()

    @precondition(lambda self: self.queue.consumers)
    @rule(number=NUMBER)
    def cut(self, number: int) -> None:
        one_of(self.queue.consumers, number).end()
        self.loop.settle()

    @rule(number=st.integers(0, INTAKES - 1))
    def kill_intake(self, number: int) -> None:
        self.tasks[number].cancel()
        self.loop.settle()
        assert self.tasks[number].cancelled()
        self.tasks[number] = self._intake()
        self.loop.settle()

    @rule(keeps=st.booleans())
    def change_rejects(self, *, keeps: bool) -> None:
        self.queue.keeps = keeps

    @rule()
    def let_time_pass(self) -> None:
        self.loop.advance(6.0)

    @rule()
    def work(self) -> None:
        """Let everything that is under way end well."""
        for tx in self.inbox.gated():
            assert tx.gate is not None
            tx.gate.set_result(Ending.COMMITTED)
        self.loop.settle()
        for acknowledgement in self.queue.acknowledging():
            acknowledgement.set_result(None)
        self.loop.settle()

    @invariant()
    def replies_count_once_and_move_by_the_rules(self) -> None:
        assert not self.inbox.broken
        assert not self.ledger.failures
        assert not self.loop.complaints
        assert not any(task.done() for task in self.tasks)
        taken = [key for key, *_ in self.inbox.moves]
        assert taken == self.inbox.taken
        assert len(set(taken)) == len(taken)
        sent = {(DEPARTMENTS.get(one.sender or ""), one.message_id): one for one in self.sent}
        for key, delivery, before, after in self.inbox.moves:
            reply = sent[key]
            assert delivery == (key[0], reply.event)
            assert REPLIES[before, reply.verb] is after
        for one in self.queue.acknowledged:
            assert (DEPARTMENTS.get(one.sender or ""), one.message_id) in taken or one in self.queue.kept

    @invariant()
    def no_message_is_lost(self) -> None:
        hands = [one.hand for one in self.queue.consumers if one.hand is not None and not one.closed]
        places = [*self.queue.waiting, *self.queue.acknowledged, *(hand.sending for hand in hands)]
        assert sorted(map(str, places)) == sorted(map(str, self.sent))

    def teardown(self) -> None:
        try:
            self.queue.keeps = True
            for _ in range(2 * len(self.sent) + 10):
                self.loop.advance(6.0)
                self.work()
            assert len(self.queue.acknowledged) == len(self.sent)
            self.replies_count_once_and_move_by_the_rules()
        finally:
            for task in self.tasks:
                task.cancel()
            self.loop.settle()
            assert all(task.done() for task in self.tasks)
            self.patch.undo()


@pytest.mark.timeout(420)  # a failure is made small first, for up to five minutes
def test_replies_count_once_in_any_order() -> None:
    assert explore(IntakeMachine, 20_000) >= 20_000
