"""Reads that wait for a connection, taken in turn: no caller's many hold up another's few."""

from collections import OrderedDict, deque
from collections.abc import Iterator

from services.core.pipeline import QUERY_CANCELED, Read, ReadFailed
from services.core.security import caller, has_signed_in

Callers = OrderedDict[str | None, deque[Read]]
"""The reads of each caller, in the order of their turns."""


class Turns:
    """Waiting reads. Those of who has signed in and those of who has not come alternately, and so do their callers."""

    def __init__(self) -> None:
        self._signed_in: Callers = OrderedDict()
        self._others: Callers = OrderedDict()
        self._others_next = False

    def __len__(self) -> int:
        return sum(len(reads) for callers in (self._signed_in, self._others) for reads in callers.values())

    def __bool__(self) -> bool:
        return bool(self._signed_in or self._others)

    def put(self, read: Read) -> None:
        """Let a read wait behind its caller's others; one that never waited is the present caller's."""
        if read.turn is None:
            read.turn = has_signed_in(), caller()
        signed_in, who = read.turn
        (self._signed_in if signed_in else self._others).setdefault(who, deque()).append(read)

    def take(self) -> Read:
        """Return whose turn it is. Raises IndexError where nobody waits."""
        if not self:
            raise IndexError("nobody waits")
        others = self._others_next if self._signed_in and self._others else bool(self._others)
        self._others_next = not others
        callers = self._others if others else self._signed_in
        who, reads = callers.popitem(last=False)
        read = reads.popleft()
        if reads:
            callers[who] = reads
        return read

    def sift(self, now: float) -> None:
        """Fail the reads whose time has run out, and forget what nobody waits for."""
        for callers in (self._signed_in, self._others):
            for who, reads in [*callers.items()]:
                for read in reads:
                    if read.deadline <= now and not read.future.done():
                        read.future.set_exception(ReadFailed(QUERY_CANCELED, "it took too long, its wait included"))
                kept = deque(read for read in reads if not read.future.done())
                if kept:
                    callers[who] = kept
                else:
                    del callers[who]

    def empty(self) -> Iterator[Read]:
        """Take all."""
        while self:
            yield self.take()
