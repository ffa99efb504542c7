import asyncio
import random

import structlog

from services.core.faults import fault

FIRST_S = 0.2
LONGEST_S = 5.0

log = structlog.get_logger()


class Outage:
    """Something outside that fails for a while: logged once when it begins and once when it ends."""

    def __init__(self, what: str, *, traced: bool = False) -> None:
        self._what = what
        self._traced = traced
        self._tries = 0

    async def wait(self, error: Exception | str, stop: asyncio.Event) -> None:
        """Wait before the next try: 0.2 s doubled up to 5 s, jittered; not at all once stopped."""
        delay_s = min(FIRST_S * 2.0 ** min(self._tries, 10), LONGEST_S) * (0.5 + 0.5 * random.random())  # noqa: S311 -- spreads retries
        self.began(error)
        try:
            async with asyncio.timeout(delay_s):
                await stop.wait()
        except TimeoutError:
            return

    def began(self, error: Exception | str) -> None:
        """Note that it fails, where the next try comes by itself."""
        if self._tries == 0:
            if self._traced and isinstance(error, Exception):
                log.warning("unavailable", what=self._what, error=fault(error), exc_info=error)
            else:
                log.warning("unavailable", what=self._what, error=str(error) or repr(error))
        self._tries += 1

    def over(self) -> None:
        """Note that it works."""
        if self._tries:
            log.info("available again", what=self._what, tries=self._tries)
        self._tries = 0
