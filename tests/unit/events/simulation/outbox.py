from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from types import SimpleNamespace
from typing import Any
from uuid import UUID

from services.notices.claim import CONFIRM, HEADS, PARK, PAUSE, PAUSES, RECOVER, RETRY_LATER
from services.notices.enums import NoticeStatus
from tests.unit.events.simulation.loop import BEGINNING, VirtualLoop
from tests.unit.events.simulation.transactions import Result, Store, Transaction

WAITING = (NoticeStatus.PENDING, NoticeStatus.PARKED)


@dataclass(slots=True)
class Row:
    """A delivery, with what the broker makes of it."""

    id: UUID
    lane: int
    sequence: int
    department: int
    poison: bool
    unsendable: bool
    status: NoticeStatus = NoticeStatus.PENDING
    arrivals: int = 0
    owed: int = 1
    """How many arrivals a confirmed one has at least."""
    ever_skipped: bool = False
    replays: int = 0

    def values(self) -> dict[str, Any]:
        return {
            "id": self.id, "lane_id": self.lane, "sequence": self.sequence, "role": None, "attempts": 0,
            "replays": self.replays, "department_id": UUID(int=self.department),
            "department_code": f"department-{self.department}", "event_id": self.id, "type": "topic.listed",
            "topic_id": None, "division_number": 0, "subject": None, "occurred_at": BEGINNING,
            "data": {"no JSON": object()} if self.unsendable else {}, "traceparent": None, "causation_id": None,
        }  # fmt: skip


@dataclass(slots=True)
class Channel:
    pauses: int = 0
    paused_until: datetime = BEGINNING


class OutboxTransaction(Transaction):
    """Does what the relay's statements do."""

    store: "Outbox"

    async def execute(self, statement: Any, values: Any = None) -> Result:
        self.check()
        if statement is HEADS:
            return await self._heads(**values)
        if statement is PAUSES:
            return await self._pauses(**values)
        if statement is CONFIRM:
            for one in values["ids"]:
                self._set(one, NoticeStatus.CONFIRMED)
        elif statement is PARK:
            self._set(values["id"], NoticeStatus.PARKED)
        elif statement is RECOVER:
            await self._recover(values["ids"])
        elif statement is PAUSE:
            await self.lock(("channel", values["department_id"]))
            self.changes.append(partial(self.store.pause, values["department_id"], values["until"]))
        elif statement is RETRY_LATER:
            self.changes.append(lambda: None)
        return Result()

    async def _heads(self, after_lane: int, limit: int, now: datetime) -> Result:
        """Lock the heads that a snapshot showed and that still wait."""
        heads = [row for row in self.store.heads() if row.lane > after_lane and self.store.ready(row, now)]
        if self.store.slow_claims:
            await self.pause()
        claimed: list[dict[str, Any]] = []
        for row in heads:
            if len(claimed) < limit and self.try_lock(row.id) and row.status is NoticeStatus.PENDING:
                claimed.append(row.values())
        return Result(claimed)

    async def _pauses(self, ids: list[UUID], now: datetime) -> Result:
        for one in sorted(ids):
            await self.lock(("channel", one))
        channels = [(one, self.store.channels[one]) for one in ids]
        return Result(
            [
                SimpleNamespace(department_id=one, in_a_row=channel.pauses, lasts=channel.paused_until > now)
                for one, channel in channels
            ]
        )

    async def _recover(self, ids: list[UUID]) -> None:
        for one in sorted(one for one in ids if self.store.channels[one].pauses):
            await self.lock(("channel", one))
            self.changes.append(partial(self.store.channels.__setitem__, one, Channel()))

    def _set(self, row_id: UUID, status: NoticeStatus) -> None:
        self.changes.append(partial(setattr, self.store.rows[row_id], "status", status))


@dataclass
class Lane:
    department: int
    rows: list[Row] = field(default_factory=list)


class Outbox(Store):
    """The tables that a relay works on."""

    transaction = OutboxTransaction

    def __init__(self, loop: VirtualLoop, lanes: int, departments: int) -> None:
        super().__init__(loop)
        self.lanes = {number: Lane(number % departments) for number in range(1, lanes + 1)}
        self.rows: dict[UUID, Row] = {}
        self.channels: dict[UUID, Channel] = defaultdict(Channel)
        self.slow_claims = False

    def announce(self, number: int, *, poison: bool = False, unsendable: bool = False) -> Row:
        """Commit the next notice of a lane."""
        lane = self.lanes[number]
        row = Row(UUID(int=len(self.rows) + 1), number, len(lane.rows) + 1, lane.department, poison, unsendable)
        lane.rows.append(row)
        self.rows[row.id] = row
        return row

    def heads(self) -> list[Row]:
        heads = (next((row for row in lane.rows if row.status in WAITING), None) for lane in self.lanes.values())
        return [row for row in heads if row is not None]

    def ready(self, row: Row, now: datetime) -> bool:
        channel = self.channels[UUID(int=row.department)]
        return row.status is NoticeStatus.PENDING and channel.paused_until <= now

    def pause(self, department: UUID, until: datetime) -> None:
        channel = self.channels[department]
        channel.pauses += 1
        channel.paused_until = until

    def arrive(self, row_id: UUID) -> None:
        """Note that a message is in its queue: at its first time all before it in its lane have been there."""
        row = self.rows[row_id]
        before = self.lanes[row.lane].rows[: row.sequence - 1]
        late = not row.ever_skipped and any(not one.arrivals and not one.ever_skipped for one in before)
        if not row.arrivals and late:
            self.broken.append(f"{row} came before its turn")
        row.arrivals += 1
