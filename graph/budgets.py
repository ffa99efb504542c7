"""What a caller may have: a subject, or whoever sends no token by their address."""

from collections import Counter, OrderedDict
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from math import ceil
from time import monotonic

from graph.language import language
from graph.limits.messages import FULL, SPENT
from graph.operations import RequestRefused
from services.core.codes import Code
from services.core.security import SecurityEvent, caller, count_error, note
from services.core.words import Language, Words

MINUTE_S = 60.0
MOST_CALLERS = 100_000
"""Callers that are remembered; whoever has cost nothing for longest is forgotten first."""
CODE = Code.LIMIT_BUDGET


class OverBudget(RequestRefused):
    """The caller's budget is spent."""

    def __init__(self, cost: Mapping[str, int], retry_after_s: int) -> None:
        """Take what is told of the cost, and in how many seconds the caller may come back."""
        per_minute = cost["perMinute"]
        message = SPENT(limit=per_minute, retry_after=retry_after_s).told(language())
        told = {"limit": per_minute, "retryAfter": retry_after_s}
        facts = {"code": CODE, **told, "parameters": told}
        note(SecurityEvent.LIMIT_MET, reason=CODE)
        count_error(CODE)
        super().__init__([{"message": message, "extensions": facts}], {"cost": dict(cost)})
        self.retry_after_s = retry_after_s


class Account:
    """What one caller has left."""

    __slots__ = ("at", "left")

    def __init__(self, left: float, at: float) -> None:
        self.left = left
        self.at = at


class Budgets:
    """The budgets of one process's callers: buckets that fill evenly, up to what a minute brings."""

    def __init__(self, per_minute: int = 0) -> None:
        """Take the budget of a minute; 0 leaves callers free."""
        self._per_minute = per_minute
        self._accounts: OrderedDict[str, Account] = OrderedDict()

    def open(self, cost: Mapping[str, int]) -> Account | None:
        """Return the account of the present caller; None where nobody is counted.

        `cost` is what is told of the operation's beside the budget. Raises OverBudget.
        """
        who = caller() if self._per_minute else None
        if who is None:
            return None
        account, now = self._accounts.get(who), monotonic()
        if account is None:
            account = self._accounts[who] = Account(self._per_minute, now)
            if len(self._accounts) > MOST_CALLERS:
                self._accounts.popitem(last=False)
            return account
        self._accounts.move_to_end(who)
        account.left = min(self._per_minute, account.left + (now - account.at) * self._per_minute / MINUTE_S)
        account.at = now
        if account.left <= 0:
            raise OverBudget({**cost, **self.told(account)}, max(1, self._fills_in_s(1 - account.left)))
        return account

    def told(self, account: Account | None) -> dict[str, int]:
        """Return an account as a response's extensions report it; nothing where nobody is counted.

        `perMinute` is what a minute brings, `left` what may be spent now, `fullIn` in how many seconds it is all again.
        """
        if account is None:
            return {}
        full_in_s = self._fills_in_s(self._per_minute - account.left)
        return {"perMinute": self._per_minute, "left": max(0, int(account.left)), "fullIn": full_in_s}

    def _fills_in_s(self, missing: float) -> int:
        """Return in how many seconds so much comes in."""
        return ceil(missing * MINUTE_S / self._per_minute)

    @staticmethod
    def spend(account: Account | None, cost: int, took_s: float) -> None:
        """Take what an operation cost from an account: what it took in microseconds, at most what was reckoned."""
        if account is not None:
            account.left -= min(cost, took_s * 1_000_000)


class TooMany(Exception):
    """A caller has as many things of a kind at once as it may."""

    def __init__(self, things: Words, most: int) -> None:
        self.said = FULL(limit=most, things=things)
        super().__init__(self.said.told(Language.ENGLISH))
        self.limit = most
        note(SecurityEvent.LIMIT_MET, reason=HELD)


HELD = Code.LIMIT_AT_ONCE


class Shares:
    """Things of a kind that last, of which each caller has at most so many at once."""

    def __init__(self, things: Words, most: int = 0) -> None:
        """Take what they are called, and how many one caller may have; 0 for any number."""
        self._things = things
        self._most = most
        self._held: Counter[str] = Counter()

    @contextmanager
    def one(self) -> Iterator[None]:
        """Let the present caller have one more while the block lasts. Raises TooMany."""
        who = caller() if self._most else None
        if who is None:
            yield
            return
        if self._held[who] >= self._most:
            raise TooMany(self._things, self._most)
        self._held[who] += 1
        try:
            yield
        finally:
            self._held[who] -= 1
            if not self._held[who]:
                del self._held[who]


class AtOnce:
    """What one caller may have at once."""

    def __init__(self, *, streams: int = 0, exports: int = 0) -> None:
        """Take how many event streams, as many WebSockets, and exports; 0 for any number."""
        self.streams = Shares(Words("event streams", "事件流"), streams)
        self.sockets = Shares(Words("WebSockets", "WebSocket连接"), streams)
        self.exports = Shares(Words("exports", "导出"), exports)
