"""A relay that kills itself with SIGKILL when the broker has confirmed a batch, before its transaction commits.

Run as a program by the test: the relay is the real one, only it dies where it would write the fates.
"""

import asyncio
import os
import signal
import sys

from deploy.composition import REFUSALS
from events.fates import Fates
from events.relay import Relay
from services.core.clock import SystemClock
from services.core.database import Database
from services.notices.claim import Claim
from services.notices.wake import open_wake


class DyingRelay(Relay):
    """Dies once the broker has confirmed."""

    async def _write(self, batch: Claim, fates: Fates) -> None:
        """Say how many were confirmed, write them and die before the commit."""
        await super()._write(batch, fates)
        if fates.confirmed:
            print(len(fates.confirmed), flush=True)  # noqa: T201 -- the test reads it
            os.kill(os.getpid(), signal.SIGKILL)


async def main(database_url: str, amqp_url: str) -> None:
    """Relay until death."""
    db = await Database.open(database_url, refusals=REFUSALS, read_connections=1)
    relay = DyingRelay(db, amqp_url=amqp_url, public_url="https://api.example.org", clock=SystemClock())
    async with open_wake(database_url) as wake:
        await relay.run(wake, asyncio.Event())


asyncio.run(main(*sys.argv[1:]))
