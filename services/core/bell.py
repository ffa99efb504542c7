"""Notifications, sent once what they tell of is committed.

PostgreSQL lets transactions that notify commit one after another, each once the one before is on disk. So those that
write do not notify: this does, after them, by a connection of its own that does not wait for the disk.
"""

import asyncio
from collections.abc import Iterable
from contextlib import suppress

import asyncpg

from services.core.connecting import FAILED

NOTIFY = "SELECT pg_notify(channel, '') FROM unnest($1::text[]) AS channel"
SETTINGS = {"synchronous_commit": "off", "statement_timeout": "10000"}
CONNECT_S = 10.0
GATHER_S = 0.02
"""For how long notifications are gathered after some were sent; the first is sent at once."""


class Bell:
    """Notifies channels, soon. A hint only, as for who listens: one that cannot be sent is left out."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._rung: set[str] = set()
        self._ringing: asyncio.Task[None] | None = None
        self._connection: asyncpg.Connection[asyncpg.Record] | None = None

    def ring(self, channels: Iterable[str]) -> None:
        """Notify the channels; those that are rung while others are on their way go out together."""
        self._rung.update(channels)
        if self._rung and (self._ringing is None or self._ringing.done()):
            self._ringing = asyncio.create_task(self._ring())

    async def _ring(self) -> None:
        while self._rung:
            channels, self._rung = sorted(self._rung), set()
            try:
                connection = await self._open()
                await connection.execute(NOTIFY, channels)
            except FAILED:
                self._hang_up()
            await asyncio.sleep(GATHER_S)

    async def _open(self) -> "asyncpg.Connection[asyncpg.Record]":
        if self._connection is None or self._connection.is_closed():
            self._connection = await asyncpg.connect(self._url, server_settings=SETTINGS, timeout=CONNECT_S)
        return self._connection

    def _hang_up(self) -> None:
        if self._connection is not None:
            self._connection.terminate()
        self._connection = None

    async def close(self) -> None:
        """Send what was rung, and disconnect."""
        if self._ringing is not None:
            with suppress(TimeoutError):
                async with asyncio.timeout(CONNECT_S):
                    await self._ringing
        if self._connection is not None:
            with suppress(*FAILED):
                await self._connection.close(timeout=1.0)
            self._hang_up()
