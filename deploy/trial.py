"""One try of a department's way: a test notice, followed until the department answers."""

import asyncio
import time
from collections.abc import Callable
from uuid import UUID

from deploy.console import operator
from services.core.act import Act
from services.core.clock import SystemClock
from services.core.database import Database
from services.notices.commands import send_test_notice
from services.notices.enums import NoticeStatus
from services.notices.log import Entry, entry

POLL_S = 0.2


class Trial:
    """Sends a department a test notice and says what becomes of it."""

    def __init__(self, db: Database, say: Callable[[str], None]) -> None:
        self._db = db
        self._say = say
        self._began = time.monotonic()

    async def run(self, code: str, *, timeout_s: float) -> bool:
        """Send a test notice and wait for the receipt; tell whether it came. Raises NotFound, ChannelDisabled."""
        async with self._db.write() as tx:
            notice_id = await send_test_notice(Act(tx, operator(), SystemClock()), department=code)
        self._tell(f"written as {notice_id}")
        confirmed = False
        while True:
            notice = await self._look(notice_id)
            if notice.status is NoticeStatus.CONFIRMED and not confirmed:
                confirmed = True
                self._tell(f"the broker has it, in agency.{code}.inbox")
            if notice.receipt is not None:
                self._tell(f"{code} answered {notice.receipt.value.lower()}")
                return True
            if time.monotonic() - self._began > timeout_s:
                self._tell(missing(notice))
                return False
            await asyncio.sleep(POLL_S)

    async def _look(self, notice_id: UUID) -> Entry:
        """Return the notice as it stands."""
        async with self._db.write() as tx:
            return await entry(tx, notice_id)

    def _tell(self, what: str) -> None:
        """Say what happened and when."""
        self._say(f"[{time.monotonic() - self._began:5.1f} s] {what}")


def missing(notice: Entry) -> str:
    """Return what a notice without an answer lacks."""
    if notice.status is NoticeStatus.CONFIRMED:
        return f"{notice.department} has not answered; the notice stays in its queue until it is taken."
    if notice.last_error:
        return f"not sent: {notice.last_error}"
    return "not sent yet: no relay has taken it, or the department is paused, or an earlier notice holds back its lane."
