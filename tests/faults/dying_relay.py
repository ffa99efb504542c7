"""A relay that kills itself with SIGKILL after the broker's confirms, before its transaction commits.

Run as a program by the test: the relay is the real one, only its publisher is wrapped.
"""

import asyncio
import os
import signal
import sys

from deploy.composition import REFUSALS
from events import relay as relay_module
from events.broker import Publisher
from events.fates import Outcome
from events.relay import run_relay
from services.core.clock import SystemClock
from services.core.database import Database


class DyingPublisher(Publisher):
    """Dies once the broker has confirmed."""

    async def publish(self, message: object, routing_key: str) -> tuple[Outcome, str]:
        """Publish, then die."""
        outcome, error = await super().publish(message, routing_key)  # type: ignore[arg-type]
        print(outcome.name, flush=True)  # noqa: T201 -- the test reads it
        os.kill(os.getpid(), signal.SIGKILL)
        return outcome, error


async def main(database_url: str, amqp_url: str) -> None:
    """Relay until death."""
    relay_module.open_publisher.__wrapped__.__globals__["Publisher"] = DyingPublisher  # type: ignore[attr-defined]
    db = await Database.open(database_url, refusals=REFUSALS, read_connections=1)
    await run_relay(
        db,
        database_url=database_url,
        amqp_url=amqp_url,
        public_url="https://api.example.org",
        clock=SystemClock(),
        stop=asyncio.Event(),
    )


asyncio.run(main(*sys.argv[1:]))
