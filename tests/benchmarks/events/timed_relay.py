"""A relay that prints how long each of its claims took when it is stopped.

Run as a program by the benchmark: the relay is the real one, only its claims are timed.
"""

import asyncio
import sys
import time
from typing import Any

import orjson
from sqlalchemy import event

from deploy.addresses import DatabaseAddresses
from deploy.composition import open_database
from deploy.processes import until_stopped
from events.relay import run_relay
from services.core.clock import SystemClock
from services.core.settings import Settings
from services.migrations.grants import Login
from services.notices.claim import HEADS


async def main() -> None:
    """Relay until told to stop."""
    settings, claims = Settings(), []
    addresses = DatabaseAddresses.of(settings)
    assert settings.amqp_url is not None
    url, amqp_url = addresses.url(Login.RELAY), settings.amqp_url
    marker = HEADS.text.split("SELECT", 1)[0]

    def before(_connection: Any, _cursor: Any, statement: str, _values: Any, context: Any, _many: bool) -> None:
        if statement.startswith(marker):
            context.began = time.perf_counter()

    def after(_connection: Any, _cursor: Any, statement: str, _values: Any, context: Any, _many: bool) -> None:
        if statement.startswith(marker):
            claims.append((time.time(), time.perf_counter() - context.began))

    async with open_database(settings, addresses, Login.RELAY) as db:
        event.listen(db.engine.sync_engine, "before_cursor_execute", before)
        event.listen(db.engine.sync_engine, "after_cursor_execute", after)

        async def work(stop: asyncio.Event) -> None:
            await run_relay(
                db, database_url=url, amqp_url=amqp_url, public_url=settings.public_url, clock=SystemClock(), stop=stop
            )

        await until_stopped(work)
    sys.stdout.buffer.write(orjson.dumps(claims))


if __name__ == "__main__":
    asyncio.run(main())
