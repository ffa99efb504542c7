"""Transactions that wait for a lock give way to those that wait for a connection."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

LOOK_S = 0.1
HELD_S = 1.0
"""How long a statement may wait for a lock where others wait for its connection: nothing that writes takes as long."""


class Writing(Protocol):
    """What is known of a transaction that writes."""

    commits: bool

    @property
    def waits_since(self) -> float | None:
        """Since when it waits for the server, in the loop's time; None where it does not."""
        ...


@dataclass(eq=False, slots=True)
class Holder:
    """A transaction that has a connection, and what ends it in time."""

    tx: Writing
    deadline: asyncio.Timeout
    gave_way: bool = False
    """Whether it was ended for others."""

    def held_s(self, now: float) -> float:
        """Return how long it has waited for the server; nothing where it must not be ended."""
        since = self.tx.waits_since
        return 0.0 if since is None or self.tx.commits or self.gave_way else now - since

    def give_way(self) -> None:
        """End what it waits for."""
        self.gave_way = True
        self.deadline.reschedule(0)


class Relief:
    """Who has the connections of a pool, and who waits for one."""

    def __init__(self, is_full: Callable[[], bool]) -> None:
        """Take what tells whether all connections are in use."""
        self._is_full = is_full
        self._holders: set[Holder] = set()
        self._waiters: dict[object, float] = {}
        """Since when each waits."""
        self.on_waited: Callable[[float], None] = lambda _: None
        """Is told for how long each has waited, in seconds."""
        self._timer: asyncio.TimerHandle | None = None

    @property
    def held(self) -> int:
        """How many transactions have a connection and an end in time."""
        return len(self._holders)

    @property
    def waiting(self) -> int:
        """How many wait for a connection."""
        return len(self._waiters)

    def wait(self, waiter: object) -> None:
        """Somebody begins to wait for a connection."""
        loop = asyncio.get_running_loop()
        self._waiters[waiter] = loop.time()
        if self._timer is None:
            self._timer = loop.call_later(LOOK_S, self._look)

    def waited(self, waiter: object) -> None:
        """Somebody waits no longer."""
        self.on_waited(asyncio.get_running_loop().time() - self._waiters.pop(waiter))

    def hold(self, holder: Holder) -> None:
        """A transaction has a connection."""
        self._holders.add(holder)

    def leave(self, holder: Holder) -> None:
        """A transaction has none any more."""
        self._holders.discard(holder)

    def _look(self) -> None:
        """Where some wait, end as many that have waited long for the server, the longest first."""
        self._timer = None
        if not self._waiters:
            return
        now = asyncio.get_running_loop().time()
        if self._is_full():
            waiting = sum(now - since >= LOOK_S for since in self._waiters.values())
            late = sorted((one for one in self._holders if one.held_s(now) >= HELD_S), key=lambda one: -one.held_s(now))
            for one in late[:waiting]:
                one.give_way()
        self._timer = asyncio.get_running_loop().call_later(LOOK_S, self._look)
