"""Reads spread over the streaming replicas of a server, each sent to one that has reached what it has to see.

A replica that does not answer is left out, and so is one that is too far behind, or follows another server; what no
replica can answer is asked of the primary.
"""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence

import structlog

from services.core.actor import ANONYMOUS
from services.core.addresses import place_of
from services.core.errors import StatementTimeout, Unavailable
from services.core.failures import UNREACHABLE
from services.core.positions import to_see
from services.core.readers import Readers, ReadTx
from services.core.rights import Teller
from services.core.servers import PRIMARY, Primary, Server

MOST_BEHIND_S = 5.0
"""How far behind the primary a replica may be that answers reads which have to see nothing in particular."""
WAIT_S = 0.3
"""How long a read waits for a replica to reach what it has to see, before it goes to the primary."""
NEAR_S = 1.0
"""How far behind a replica may be that is waited for."""

Opens = Callable[[str], Awaitable[Readers]]
"""Opens the readers of a server by its address."""

log = structlog.get_logger()


class Replica(Server):
    """A replica and, while it answers, its readers."""

    def __init__(self, url: str, opens: Callable[[str], Awaitable[Readers]]) -> None:
        super().__init__(url, place_of(url))
        self.readers: Readers | None = None
        self.strayed = False
        """Whether it is ahead of the primary: it follows another one."""
        self._opens = opens

    async def found(self) -> None:
        """Open its readers."""
        self.readers, self.strayed = await self._opens(self._url), False

    async def lost(self) -> None:
        """End its readers: what they were asked is asked elsewhere."""
        readers, self.readers = self.readers, None
        if readers is not None:
            await readers.close()


class Replicas(ReadTx):
    """The reads of a server and its replicas."""

    def __init__(self, primary: Readers, primary_url: str, urls: Sequence[str], opens: Opens) -> None:
        self.reads: Counter[str] = Counter({PRIMARY: 0})
        """How many each server has answered."""
        self.on_lag: Callable[[str, float], None] = lambda _name, _lag_s: None
        """Is told how far behind a replica is, whenever it was looked at."""
        self._readers = primary
        self._primary = Primary(primary_url)
        self._replicas = [Replica(url, opens) for url in urls]
        self._fit: list[Replica] = []
        """Those that answer reads now."""
        self._turn = 0
        self._waiting: dict[asyncio.Future[Replica], int] = {}
        """Who waits for a position to be reached."""
        self._primary.on_look = self._primary_looked_at
        for one in self._replicas:
            self.reads[one.name] = 0
            one.on_look = self._looked_at(one)
            one.hurried = lambda: bool(self._waiting)
        self._watching = [asyncio.create_task(one.watch()) for one in (self._primary, *self._replicas)]

    @property
    def primary_is_lost(self) -> bool:
        """Whether it is known that the server that is written to does not answer, or takes no writes."""
        return self._primary.is_lost

    @property
    def left_out(self) -> dict[str, bool]:
        """Which replicas are asked nothing, by their places."""
        return {one.name: one not in self._fit for one in self._replicas}

    @property
    def waiting(self) -> int:
        """How many reads are in flight or wait for their turn, or for a replica."""
        replicas = sum(one.readers.waiting for one in self._replicas if one.readers is not None)
        return self._readers.waiting + replicas + len(self._waiting)

    async def read_json(self, sql: str, arguments: Sequence[object], teller: Teller = ANONYMOUS) -> bytes:
        """Return the one text value of a compiled read, see ReadTx.

        A read that a replica could not answer, or had to end, is sent to another one or the primary.
        """
        return await self._asked(lambda readers: readers.read_json(sql, arguments, teller))

    async def explain(self, sql: str, parameters: int) -> bytes:
        """Return PostgreSQL's plan of a read, see ReadTx."""
        return await self._asked(lambda readers: readers.explain(sql, parameters))

    async def replies(self) -> bool:
        """Tell whether a read is answered."""
        try:
            await self.read_json("SELECT ''", ())
        except Unavailable:
            return False
        return True

    async def close(self) -> None:
        """End every connection."""
        for task in self._watching:
            task.cancel()
        await asyncio.gather(*self._watching, return_exceptions=True)
        await self._readers.close()

    async def _asked(self, ask: Callable[[Readers], Awaitable[bytes]]) -> bytes:
        """Return what a replica answers, or the primary. Raises as `read_json` does."""
        position, tried = to_see(), list[Replica]()
        while (replica := await self._replica(position, tried)) is not None:
            tried.append(replica)
            try:
                return await self._answered(replica, ask)
            except StatementTimeout:
                raise
            except Unavailable:
                replica.look_now()
        try:
            answer = await ask(self._readers)
        except StatementTimeout:
            raise
        except Unavailable:
            self._primary.look_now()
            late = [one for one in self._replicas if one not in tried and has_reached(one, position)]
            if not late or not self.primary_is_lost:
                raise
            return await self._answered(late[0], ask)
        self.reads[PRIMARY] += 1
        return answer

    async def _answered(self, replica: Replica, ask: Callable[[Readers], Awaitable[bytes]]) -> bytes:
        """Return what a replica answers. Raises as `read_json` does."""
        if replica.readers is None:
            raise Unavailable(UNREACHABLE)
        answer = await ask(replica.readers)
        self.reads[replica.name] += 1
        return answer

    async def _replica(self, position: int, tried: Sequence[Replica]) -> Replica | None:
        """Return the replica with the least work that has reached a position, or reaches it soon; None for none."""
        self._turn += 1
        fit = [one for one in self._fit if one not in tried]
        reached = [one for one in fit if has_reached(one, position)] if position else fit
        if reached:
            turn = self._turn % len(reached)
            return min((*reached[turn:], *reached[:turn]), key=work)
        if any(self._behind_s(one) < NEAR_S for one in fit):
            return await self._reaching(position, tried)
        return None

    async def _reaching(self, position: int, tried: Sequence[Replica]) -> Replica | None:
        """Return the first replica that reaches a position; None where that takes too long."""
        waiter: asyncio.Future[Replica] = asyncio.get_running_loop().create_future()
        self._waiting[waiter] = position
        for one in self._fit:
            one.look_now()
        try:
            async with asyncio.timeout(WAIT_S):
                found = await waiter
        except TimeoutError:
            return None
        finally:
            del self._waiting[waiter]
        return None if found in tried else found

    def _behind_s(self, replica: Replica) -> float:
        """Return how far behind a replica that answers is."""
        if replica.standing is None:
            raise ValueError("it does not answer")
        return self._primary.ahead_s(replica.standing.position, asyncio.get_running_loop().time())

    def _looked_at(self, replica: Replica) -> Callable[[], None]:
        """Return what is done when a replica was looked at."""

        def take() -> None:
            if replica.standing is not None:
                self.on_lag(replica.name, self._behind_s(replica))
            self._sift()
            if replica in self._fit:
                for waiter, position in self._waiting.items():
                    if not waiter.done() and has_reached(replica, position):
                        waiter.set_result(replica)

        return take

    def _primary_looked_at(self) -> None:
        """Take in where the primary is; no replica of it that was looked at before is ahead of it."""
        if self._primary.answers:
            self._primary.take()
        now = self._primary.standing
        for one in self._replicas:
            its = one.standing
            if now is not None and self._primary.answers and its is not None and its.answered_at < now.asked_at:
                one.strayed = one.strayed or its.position > now.position
        self._sift()

    def _sift(self) -> None:
        """Find out which replicas answer reads."""
        fit = [one for one in self._replicas if self._is_fit(one)]
        for one in self._replicas:
            if (one in fit) != (one in self._fit):
                log.info("reads go to a replica" if one in fit else "a replica is left out", replica=one.name)
        self._fit = fit

    def _is_fit(self, replica: Replica) -> bool:
        """Tell whether a replica answers reads: one that follows the primary closely or, without that one, any."""
        its, primary = replica.standing, self._primary.standing
        if its is None or self._primary.system not in {None, its.system}:
            return False
        if primary is None or not self._primary.answers:
            return self.primary_is_lost
        if not its.replica:
            return its.same_server(primary)
        return not replica.strayed and self._behind_s(replica) <= MOST_BEHIND_S


def has_reached(replica: Replica, position: int) -> bool:
    """Tell whether a replica that answers has reached a position."""
    return replica.standing is not None and replica.standing.position >= position


def work(replica: Replica) -> int:
    """Return how many reads a replica has."""
    return 0 if replica.readers is None else replica.readers.waiting
