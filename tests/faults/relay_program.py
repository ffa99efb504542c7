"""The relay as a process of its own, which can be told to kill itself with SIGKILL at a named point.

Run as a program: the relay is the real one, only it dies where a crash would hurt. What it is told is one JSON object:
the window, the confirm timeout, and at which point of which batch to die.
"""

import asyncio
import json
import os
import signal
import sys
from typing import Any

import asyncpg

from events.batches import BatchResult, Published
from events.broker import Publisher
from events.relay import Relay, RelaySettings
from services.core.clock import SystemClock
from services.core.database import Database
from services.notices.claim import Claim, ClaimedDelivery
from services.notices.wake import open_wake
from tests.faults.programs import die

POINTS = ("claimed", "published", "confirmed", "written")
"""A batch is locked; its messages are on their way; the broker's word is there; so is the result, uncommitted."""


class MortalRelay(Relay):
    """Dies in one of its batches, where that is wanted."""

    def dies(self, *, at: str | None, after: int, delay_s: float) -> None:
        """Die at a point of the batch that follows so many."""
        self._point, self._batches, self._delay_s = at, after, delay_s

    async def _publish(self, publisher: Publisher, delivery: ClaimedDelivery) -> Published:
        """Die before the first message of the batch is sent, or while the messages are under way."""
        if self._is_due("claimed"):
            die()
        if self._is_due("published"):
            asyncio.get_running_loop().call_later(self._delay_s, die)
        return await super()._publish(publisher, delivery)

    async def _write(self, batch: Claim, result: BatchResult) -> None:
        """Die before the result is written or after it, and before the commit in either case."""
        if self._is_due("confirmed") and result.confirmed:
            die()
        await super()._write(batch, result)
        if self._is_due("written") and result.confirmed:
            print(len(result.confirmed), flush=True)  # noqa: T201 -- a test reads it
            die()
        self._batches -= bool(batch.deliveries)

    def _is_due(self, point: str) -> bool:
        """Tell whether this is the point, and the batch."""
        return point == self._point and self._batches <= 0


async def main(database_url: str, amqp_url: str, told: dict[str, Any]) -> None:
    """Relay until death, or until told to end."""
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    try:
        db = await Database.open(database_url, read_connections=1)
    except (OSError, asyncpg.PostgresError):
        sys.exit(os.EX_TEMPFAIL)  # who keeps relays up starts it again
    settings = RelaySettings(window=told.get("window", 100), confirm_timeout_s=told.get("confirm_timeout_s", 15))
    relay = MortalRelay(
        db, amqp_url=amqp_url, public_url="https://api.example.org", clock=SystemClock(), settings=settings
    )
    relay.dies(at=told.get("at"), after=told.get("after", 0), delay_s=told.get("delay_s", 0))
    async with open_wake(database_url) as wake:
        await relay.run(wake, stop)
    await db.close()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], sys.argv[2], json.loads(sys.argv[3])))
