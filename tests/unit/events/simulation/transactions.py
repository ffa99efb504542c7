import asyncio
from collections.abc import AsyncIterator, Callable, Hashable, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager
from enum import Enum, auto
from typing import Any

from services.core.errors import Unavailable
from tests.unit.events.simulation.loop import VirtualLoop


class Ending(Enum):
    """How a commit ends."""

    COMMITTED = auto()
    ROLLED_BACK = auto()
    ANSWER_LOST = auto()
    """It is committed, but whoever waits for it is told that the database is gone."""


class Result:
    """The rows of a statement."""

    def __init__(self, rows: Sequence[Any] = ()) -> None:
        self._rows = rows

    def __iter__(self) -> Iterator[Any]:
        return iter(self._rows)

    def mappings(self) -> Sequence[Mapping[str, Any]]:
        return self._rows


class Transaction:
    """One transaction: row locks held to its end, changes that nobody sees before its commit."""

    def __init__(self, store: "Store") -> None:
        self.store = store
        self.loop = store.loop
        self.changes: list[Callable[[], None]] = []
        self.dead = False
        self.gate: asyncio.Future[Ending] | None = None
        """Where it waits for the simulation's word."""
        self.waits: tuple[Transaction, asyncio.Future[None]] | None = None
        """Whose locks it waits for."""

    async def pause(self) -> Ending:
        """Wait for the simulation's word."""
        self.gate = self.loop.create_future()
        try:
            ending = await self.gate
        finally:
            self.gate = None
        self.check()
        return ending

    def check(self) -> None:
        """Raise Unavailable once the database has ended the transaction."""
        if self.dead:
            raise Unavailable("the transaction was ended")

    def try_lock(self, key: Hashable) -> bool:
        return self.store.owners.setdefault(key, self) is self

    async def lock(self, key: Hashable) -> None:
        """Lock a row, after whoever holds it."""
        while not self.try_lock(key):
            owner = self.store.owners[key]
            self.waits = owner, self.loop.create_future()
            self._check_deadlock()
            try:
                await self.waits[1]
            finally:
                self.waits = None
            self.check()

    def _check_deadlock(self) -> None:
        waiter: Transaction = self
        while waiter.waits is not None and not waiter.waits[1].done():
            waiter = waiter.waits[0]
            if waiter is self:
                self.store.broken.append("deadlock")
                raise Unavailable("deadlock")

    async def commit(self) -> None:
        self.check()
        if not self.changes:
            return
        ending = await self.pause()
        if ending is not Ending.ROLLED_BACK:
            for change in self.changes:
                change()
        if ending is not Ending.COMMITTED:
            raise Unavailable(ending.name)

    def end(self) -> None:
        """Give the locks back and wake who waits for them."""
        self.dead = True
        self.store.owners = {key: owner for key, owner in self.store.owners.items() if owner is not self}
        for other in self.store.open:
            if other.waits is not None and (other is self or other.waits[0] is self) and not other.waits[1].done():
                other.waits[1].set_result(None)

    async def notify(self, channel: str) -> None:
        """Tell nobody: relays and intakes do not hear what they notify of."""

    async def execute(self, statement: Any, values: Any = None) -> Result:
        raise NotImplementedError


class Store:
    """A database that is made of what its transactions committed."""

    transaction: type[Transaction]

    def __init__(self, loop: VirtualLoop) -> None:
        self.loop = loop
        self.owners: dict[Hashable, Transaction] = {}
        self.open: list[Transaction] = []
        self.broken: list[str] = []
        """What must never happen and did."""

    @asynccontextmanager
    async def write(self) -> AsyncIterator[Transaction]:
        """Lend a transaction, committed at the end."""
        tx = self.transaction(self)
        self.open.append(tx)
        try:
            yield tx
            await tx.commit()
        finally:
            tx.end()
            self.open.remove(tx)

    def gated(self) -> list[Transaction]:
        """Return the transactions that wait for the simulation's word."""
        return [tx for tx in self.open if tx.gate is not None and not tx.gate.done()]
