"""How long a request may wait for the database, all its waits together: for a connection, for locks, for answers."""

import asyncio
from contextvars import ContextVar
from dataclasses import dataclass
from math import inf

DEADLINE_S = 5.0
"""What `SHANGLIANG_STATEMENT_TIMEOUT_S` is by default."""
LOCK_SHARE = 0.5
"""Of that, what a statement waits for a lock."""


@dataclass(slots=True)
class Deadline:
    """When what is under way has taken too long, in the loop's time."""

    limit_s: float
    at: float

    def renew(self) -> None:
        """Give what follows as long again: something was done."""
        self.at = asyncio.get_running_loop().time() + self.limit_s


DEADLINE: ContextVar[Deadline | None] = ContextVar("deadline", default=None)


class answered_within:  # noqa: N801 -- used as a context manager's function, and a third of its price
    """Let all that a block, and tasks begun in it, ask of the database be answered within so many seconds."""

    __slots__ = ("_limit_s", "_token")

    def __init__(self, limit_s: float) -> None:
        self._limit_s = limit_s

    def __enter__(self) -> None:
        """Begin."""
        limit_s = self._limit_s
        self._token = DEADLINE.set(Deadline(limit_s, asyncio.get_running_loop().time() + limit_s))

    def __exit__(self, *_: object) -> None:
        """End."""
        DEADLINE.reset(self._token)


def end_of(limit_s: float) -> float:
    """Return when something ends that begins now and may take so long, but no longer than the request that it is of."""
    alone = asyncio.get_running_loop().time() + (limit_s or inf)
    of_all = DEADLINE.get()
    return alone if of_all is None else min(alone, of_all.at)


def renew() -> None:
    """Give the present request, of which a part was done, as long again for the rest."""
    if (deadline := DEADLINE.get()) is not None:
        deadline.renew()
