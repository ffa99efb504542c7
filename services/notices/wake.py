import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager, suppress
from typing import Any

import asyncpg

from services.core.connecting import FAILED
from services.notices.announce import WAKE_CHANNEL


class Wake:
    """Wakes who works off a table when rows came. A hint only: the rows are the truth, so a wait always ends."""

    def __init__(self, url: str, channel: str) -> None:
        self._url = url
        self._channel = channel
        self._rung = asyncio.Event()
        self._connection: asyncpg.Connection[asyncpg.Record] | None = None

    async def wait(self, timeout_s: float) -> bool:
        """Return when something was notified since the last call, or after the timeout; tell which."""
        await self._listen(timeout_s)
        with suppress(TimeoutError):
            async with asyncio.timeout(timeout_s):  # wait_for loses a cancellation that comes as the wait ends
                await self._rung.wait()
        rung = self._rung.is_set()
        self._rung.clear()
        return rung

    def ring(self) -> None:
        """Let the next wait end at once."""
        self._rung.set()

    async def _listen(self, timeout_s: float) -> None:
        """Listen, again where the connection was lost; without a connection the timeout alone wakes."""
        if self._connection is not None and not self._connection.is_closed():
            return
        try:
            async with asyncio.timeout(timeout_s):
                self._connection = await asyncpg.connect(self._url)
                await self._connection.add_listener(self._channel, lambda *_: self._rung.set())
            self._rung.set()  # what was announced before is found by looking now
        except FAILED:
            await self.close()
            self._connection = None

    async def close(self) -> None:
        """Stop listening."""
        if self._connection is not None:
            self._connection.terminate()


@asynccontextmanager
async def open_wake(url: str, channel: str = WAKE_CHANNEL) -> AsyncIterator[Wake]:
    """Yield what wakes on notifications of a channel, by default the relays', in the database given."""
    wake = Wake(url, channel)
    try:
        yield wake
    finally:
        await wake.close()


@asynccontextmanager
async def woken(work: Callable[[Wake], Coroutine[Any, Any, None]], url: str, channel: str) -> AsyncIterator[None]:
    """Run work, woken by notifications of a channel, beside the block; it is cancelled at the block's end."""
    async with open_wake(url, channel) as wake:
        task = asyncio.create_task(work(wake))
        try:
            yield
        finally:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task
