"""Reads the feed once for a process and tells its subscribers."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager, suppress
from uuid import UUID

import structlog

from services.core.database import Database
from services.core.errors import NotFound
from services.core.faults import fault
from services.notices.announce import FEED_CHANNEL
from services.notices.errors import SubscriberTooSlow
from services.notices.feed import PAGE, Change, Everything, Interest, assign_positions, changes, head, position_of
from services.notices.wake import Wake, woken

POLL_S = 1.0
GATHER_S = 0.05
"""For how long commits are gathered after some were told of; the first is told of at once."""

log = structlog.get_logger()


class HubClosed(Exception):
    """The process ends: subscribers come back to another one and resume."""


Visible = Callable[[Sequence[Change]], Awaitable[Sequence[Change]]]
"""Returns those of some changes that a subscriber may see."""


async def all_of_them(changes: Sequence[Change]) -> Sequence[Change]:
    """Return all changes: the subscriber may see everything."""
    return changes


class Listener:
    """Changes that wait for one subscriber: so many at most, beyond which they are to be read from the feed again."""

    def __init__(self, interest: Interest, most: int) -> None:
        self.interest = interest
        self._most = most
        self._waiting: list[Change] = []
        self._overflowed = False
        self._error: Exception | None = None
        self._woken = asyncio.Event()

    def tell(self, change: Change) -> None:
        """Let the change wait for the subscriber."""
        self._overflowed = self._overflowed or len(self._waiting) == self._most
        if self._overflowed:
            self._waiting.clear()
        else:
            self._waiting.append(change)
        self._woken.set()

    def end(self, error: Exception) -> None:
        """Raise an error in place of what waits."""
        self._error = error
        self._woken.set()

    async def take(self) -> list[Change] | None:
        """Return all changes that wait, once there are any; None where there were too many. Raises HubClosed."""
        await self._woken.wait()
        if self._error is not None:
            raise self._error
        self._woken.clear()
        taken, self._waiting = self._waiting, []
        overflowed, self._overflowed = self._overflowed, False
        return None if overflowed else taken


class Hub:
    """The subscribers of one process. Memory is bounded: each keeps no more changes than its backlog."""

    def __init__(self, db: Database, *, backlog: int) -> None:
        self._db = db
        self._backlog = backlog
        self._position = 0
        self._listeners: set[Listener] = set()
        self._closed = False

    @property
    def subscribers(self) -> int:
        """How many are told of changes now."""
        return len(self._listeners)

    async def start(self) -> None:
        """Begin at the present end of the feed."""
        self._position = await head(self._db.primary)

    async def run(self, wake: Wake) -> None:
        """Tell subscribers until cancelled; an outage of the database is waited out."""
        failing = False
        while True:
            try:
                await self.advance()
                failing = False
            except Exception as error:  # noqa: BLE001 -- nothing was passed over, so it is tried again
                if not failing:
                    log.warning("the feed cannot be read", error=fault(error))
                failing = True
                await asyncio.sleep(POLL_S)
            await asyncio.sleep(GATHER_S)
            await wake.wait(POLL_S)

    async def advance(self) -> None:
        """Assign positions to what was committed and tell subscribers of it."""
        await self._assign_positions()
        if not self._listeners:
            reached = await head(self._db.primary)
            if not self._listeners:  # not one that began meanwhile
                self._position = reached
                return
        while True:
            page = await changes(self._db.primary, Everything(), self._position)
            for change in page:
                self._position = change.position
                for listener in self._listeners:
                    if listener.interest.hears(change):
                        listener.tell(change)
            if len(page) < PAGE:
                return

    async def follow(
        self, interest: Interest, after: UUID | None, visible: Visible = all_of_them
    ) -> AsyncGenerator[Change, None]:
        """Yield the visible changes of interest as they are committed, before them those since the event `after`.

        None is left out or yielded twice where both meet. Raises NotFound for the event, HubClosed, and
        SubscriberTooSlow where more visible changes than the backlog wait at once.
        """
        reached = self._position if after is None else await self._position_of(after)
        if after is not None:
            # Most of what was missed is read before changes wait in memory, the rest when none can be missed any more.
            async for page in self._pages(interest, reached, least=PAGE):
                reached = page[-1].position
                for change in await visible(page):
                    yield change
        with self._listening(interest) as listener:
            if after is not None:
                async for page in self._pages(interest, reached, least=1):
                    reached = page[-1].position
                    for change in await visible(page):
                        yield change
            while True:
                batch = await listener.take()
                if batch is None:
                    reached, seen = await self._missed(interest, reached, visible)
                else:
                    seen = await visible([change for change in batch if change.position > reached])
                    reached = max(reached, batch[-1].position)
                for change in seen:
                    yield change

    async def _missed(self, interest: Interest, after: int, visible: Visible) -> tuple[int, Sequence[Change]]:
        """Return the last position of the feed, and the visible changes up to it. Raises SubscriberTooSlow."""
        seen: list[Change] = []
        async for page in self._pages(interest, after, least=1):
            after = page[-1].position
            seen += await visible(page)
            if len(seen) > self._backlog:
                raise SubscriberTooSlow(self._backlog)
        return after, seen

    async def _pages(self, interest: Interest, after: int, *, least: int) -> AsyncIterator[list[Change]]:
        """Yield the changes that have a position, page by page, until a page has fewer than `least`."""
        while True:
            page = await changes(self._db.primary, interest, after)
            if page:
                after = page[-1].position
                yield page
            if len(page) < least:
                return

    async def _position_of(self, event_id: UUID) -> int:
        """Return an event's position, assigned now where it was just committed. Raises NotFound."""
        with suppress(NotFound):
            return await position_of(self._db.primary, event_id)
        await self._assign_positions()
        return await position_of(self._db.primary, event_id)

    async def _assign_positions(self) -> None:
        """Assign positions to all that was committed."""
        waiting = True
        while waiting:
            async with self._db.write() as tx:
                waiting = await assign_positions(tx)

    @contextmanager
    def _listening(self, interest: Interest) -> Iterator[Listener]:
        """Yield a listener that is told from now on."""
        listener = Listener(interest, self._backlog)
        if self._closed:
            raise HubClosed
        self._listeners.add(listener)
        try:
            yield listener
        finally:
            self._listeners.discard(listener)

    def close(self) -> None:
        """End every subscription, now and from now on."""
        self._closed = True
        for listener in self._listeners:
            listener.end(HubClosed())
        self._listeners.clear()


@asynccontextmanager
async def open_hub(db: Database, url: str, *, backlog: int) -> AsyncIterator[Hub]:
    """Yield a hub that reads the feed of the database at the address; at the end its subscriptions end."""
    hub = Hub(db, backlog=backlog)
    await hub.start()
    async with woken(hub.run, url, FEED_CHANNEL):
        try:
            yield hub
        finally:
            hub.close()
