"""An intake that kills itself with SIGKILL where a reply is committed, or a bad one kept, and not yet acknowledged.

Run as a program by the test: the intake is the real one, only it dies where it would acknowledge.
"""

import asyncio
import sys

from aio_pika.abc import AbstractIncomingMessage

from events.intake import TIMEOUT_S, Intake
from events.limits import Pace
from events.rejected import Rejects
from services.core.clock import SystemClock
from services.core.database import Database
from services.core.limits import AgencyLimits
from services.migrations.tables import REFUSALS
from services.notices.refusals import Refusal
from services.notices.replies import Reply
from tests.faults.programs import die


class DyingIntake(Intake):
    """Dies once so many are committed."""

    left = 1

    def _count(self, what: str) -> None:
        """Count what was committed; say what the last was and die then."""
        self.left -= 1
        if self.left == 0:
            print(what, flush=True)  # noqa: T201 -- the test reads it
            die()

    async def _write(self, reply: Reply, stop: asyncio.Event) -> bool | None:
        """Commit a reply, and die where it is the last."""
        fresh = await super()._write(reply, stop)
        self._count("taken")
        return fresh

    async def _refuse(self, message: AbstractIncomingMessage, refusal: Refusal) -> bool:
        """Keep a bad message, commit that its sender is told, and die where it is the last."""
        told = await super()._refuse(message, refusal)
        self._count("refused")
        return told


async def main(database_url: str, amqp_url: str, after: str = "1") -> None:
    """Take in until death."""
    db = await Database.open(database_url, refusals=REFUSALS, read_connections=1)
    async with Rejects(amqp_url, timeout_s=TIMEOUT_S) as rejects:
        intake = DyingIntake(db, amqp_url=amqp_url, clock=SystemClock(), rejects=rejects, pace=Pace(AgencyLimits()))
        intake.left = int(after)
        await intake.run(asyncio.Event())


asyncio.run(main(*sys.argv[1:]))
