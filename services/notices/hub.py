"""Reads the feed once for a process and tells its subscribers."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from uuid import UUID

import structlog

from services.core.database import Database
from services.core.errors import NotFound
from services.notices.announce import FEED_CHANNEL
from services.notices.errors import SubscriberTooSlow
from services.notices.feed import PAGE, Change, Everything, Interest, changes, head, place, position_of
from services.notices.wake import Wake, open_wake

POLL_S = 1.0

log = structlog.get_logger()


class HubClosed(Exception):
    """The process ends: subscribers come back to another one and resume."""


class Listener:
    """Changes that wait for one subscriber: so many at most, then it is cut off."""

    def __init__(self, interest: Interest, backlog: int) -> None:
        self.interest = interest
        self._backlog = backlog
        self._waiting: asyncio.Queue[Change | Exception] = asyncio.Queue()

    def tell(self, change: Change) -> bool:
        """Let the change wait for the subscriber; False when it has been cut off."""
        if self._waiting.qsize() < self._backlog:
            self._waiting.put_nowait(change)
            return True
        self.end(SubscriberTooSlow(self._backlog))
        return False

    def end(self, error: Exception) -> None:
        """Put an error in the place of all that waits."""
        while not self._waiting.empty():
            self._waiting.get_nowait()
        self._waiting.put_nowait(error)

    async def next(self) -> Change:
        """Return the next change. Raises SubscriberTooSlow, HubClosed."""
        change = await self._waiting.get()
        if isinstance(change, Exception):
            raise change
        return change


class Hub:
    """The subscribers of one process. Memory is bounded: each holds no more than its backlog of places."""

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
        """Take the feed's present end for the place from which subscribers are told."""
        self._position = await head(self._db.reads)

    async def run(self, wake: Wake) -> None:
        """Tell subscribers until cancelled; an outage of the database is waited out."""
        failing = False
        while True:
            try:
                await self.advance()
                failing = False
            except Exception as error:  # noqa: BLE001 -- nothing was passed over, so it is tried again
                if not failing:
                    log.warning("the feed cannot be read", error=repr(error))
                failing = True
                await asyncio.sleep(POLL_S)
            await wake.wait(POLL_S)

    async def advance(self) -> None:
        """Give places to what was committed and tell subscribers of what has one."""
        await self._place()
        while True:
            page = await changes(self._db.reads, Everything(), self._position)
            for change in page:
                self._position = change.position
                concerned = [one for one in self._listeners if one.interest.hears(change)]
                self._listeners.difference_update([one for one in concerned if not one.tell(change)])
            if len(page) < PAGE:
                return

    async def follow(self, interest: Interest, after: UUID | None) -> AsyncGenerator[Change, None]:
        """Yield the changes of interest as they are committed, before them those since the event `after`.

        None is left out or given twice where both meet. Raises NotFound for the event, SubscriberTooSlow,
        HubClosed.
        """
        reached = 0
        if after is not None:
            reached = await self._position_of(after)
            async for change in self._kept(interest, reached, least=PAGE):
                reached = change.position
                yield change
        with self._listening(interest) as listener:
            if after is not None:
                async for change in self._kept(interest, reached, least=1):
                    reached = change.position
                    yield change
            while True:
                change = await listener.next()
                if change.position > reached:
                    yield change

    async def _kept(self, interest: Interest, after: int, *, least: int) -> AsyncIterator[Change]:
        """Yield changes that have a place, page by page, until a page has fewer than `least`."""
        while True:
            page = await changes(self._db.reads, interest, after)
            for change in page:
                after = change.position
                yield change
            if len(page) < least:
                return

    async def _position_of(self, event_id: UUID) -> int:
        """Return an event's place, given now where it was just committed. Raises NotFound."""
        with suppress(NotFound):
            return await position_of(self._db.reads, event_id)
        await self._place()
        return await position_of(self._db.reads, event_id)

    async def _place(self) -> None:
        """Give a place to all that was committed."""
        waiting = True
        while waiting:
            async with self._db.write() as tx:
                waiting = await place(tx)

    @contextmanager
    def _listening(self, interest: Interest) -> Iterator[Listener]:
        """Lend a listener that is told from now on."""
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
    """Lend a hub that reads the feed of the database at the address; at the end its subscriptions end."""
    hub = Hub(db, backlog=backlog)
    await hub.start()
    async with open_wake(url, FEED_CHANNEL) as wake:
        reading = asyncio.create_task(hub.run(wake))
        try:
            yield hub
        finally:
            hub.close()
            reading.cancel()
            with suppress(asyncio.CancelledError):
                await reading
