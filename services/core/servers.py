"""Servers of the database that are looked at again and again: whether they answer, and how far they have come."""

import asyncio
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass

import asyncpg
import structlog

from services.core.faults import fault

LOOK_S = 0.5
"""How often a server is looked at,"""
CHASE_S = 0.01
"""and how often while somebody waits for it to go on."""
ANSWER_S = 1.0
"""How long a server that is looked at may take to answer, or to be connected to."""
LEAST_PAUSE_S, MOST_PAUSE_S = 0.5, 10.0
"""How long one that does not answer is left alone: ever longer."""
KEPT = 1_200
"""Positions of the primary that are kept, one for each look at which it had gone on."""
PRIMARY = "primary"

STANDING = """
SELECT pg_is_in_recovery() AS replica,
    (CASE WHEN pg_is_in_recovery() THEN pg_last_wal_replay_lsn() ELSE pg_current_wal_flush_lsn() END
        - '0/0'::pg_lsn)::bigint AS position,
    (SELECT system_identifier FROM pg_control_system()) AS system, pg_postmaster_start_time()::text AS since
"""

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Standing:
    """What a server says of itself."""

    replica: bool
    position: int
    """What it has written or, as a replica, replayed."""
    system: int
    """The cluster's identifier: a replica has its primary's."""
    since: str
    """When it was started."""
    asked_at: float
    answered_at: float
    """In the loop's time."""

    def same_server(self, other: "Standing") -> bool:
        """Tell whether both are of one server."""
        return (self.system, self.since) == (other.system, other.since)


class Server:
    """A server that is looked at."""

    def __init__(self, url: str, name: str) -> None:
        self.name = name
        self.standing: Standing | None = None
        """What it said last; None where it does not answer."""
        self.on_look: Callable[[], None] = lambda: None
        """Is told that it was looked at, or does not answer."""
        self.hurried: Callable[[], bool] = lambda: False
        """Tells whether somebody waits for it to go on."""
        self._url = url
        self._wanted = asyncio.Event()
        self._was_lost = False

    def look_now(self) -> None:
        """Let it be looked at without waiting."""
        self._wanted.set()

    async def watch(self) -> None:
        """Look at it until cancelled."""
        pause_s = LEAST_PAUSE_S
        try:
            while True:
                try:
                    await self._follow()
                except Exception as error:  # noqa: BLE001 -- whatever it was, it is looked at again
                    pause_s = LEAST_PAUSE_S if self.standing is not None else min(2 * pause_s, MOST_PAUSE_S)
                    await self._lose(error)
                await asyncio.sleep(pause_s)
        finally:
            await self.lost()

    async def _follow(self) -> None:
        """Look at it until it does not answer. Raises what went wrong."""
        connection = await asyncpg.connect(self._url, timeout=ANSWER_S)
        try:
            standing = await self._look(connection)
            await self.found()
            if self._was_lost:
                log.info("a server of the database answers again", server=self.name)
            while True:
                self.standing, self._was_lost = standing, False
                self.on_look()
                self._wanted.clear()
                with suppress(TimeoutError):
                    async with asyncio.timeout(CHASE_S if self.hurried() else LOOK_S):
                        await self._wanted.wait()
                standing = await self._look(connection)
        finally:
            connection.terminate()

    async def _look(self, connection: "asyncpg.Connection[asyncpg.Record]") -> Standing:
        time = asyncio.get_running_loop().time
        asked_at = time()
        row = await connection.fetchrow(STANDING, timeout=ANSWER_S)
        if row is None or row["position"] is None:
            raise asyncpg.InterfaceError("it has replayed nothing yet")
        return Standing(**dict(row), asked_at=asked_at, answered_at=time())

    async def _lose(self, error: BaseException) -> None:
        """Leave it out."""
        if not self._was_lost:
            log.warning("a server of the database does not answer", server=self.name, error=fault(error))
        self.standing, self._was_lost = None, True
        await self.lost()
        self.on_look()

    async def found(self) -> None:
        """Do what is to be done once it answers."""

    async def lost(self) -> None:
        """Do what is to be done when it does not answer any more, or is looked at no more."""


class Primary(Server):
    """The server that is written to, and how it went on."""

    def __init__(self, url: str) -> None:
        super().__init__(url, PRIMARY)
        self.system: int | None = None
        """Its cluster's identifier, once it has answered."""
        self._positions: deque[tuple[float, int]] = deque(maxlen=KEPT)

    @property
    def answers(self) -> bool:
        """Whether it answers and takes writes."""
        return self.standing is not None and not self.standing.replica

    @property
    def is_lost(self) -> bool:
        """Whether it was looked at, and does not."""
        return self._was_lost or (self.standing is not None and self.standing.replica)

    def take(self) -> None:
        """Keep where it is; what was kept of a server with more is forgotten."""
        if (now := self.standing) is None:
            return
        self.system = now.system
        last = self._positions[-1][1] if self._positions else -1
        if now.position < last:
            self._positions.clear()
        if now.position != last:
            self._positions.append((now.answered_at, now.position))

    def ahead_s(self, position: int, now: float) -> float:
        """Return for how long it is known to have been ahead of a position."""
        since = now
        for at, reached in reversed(self._positions):
            if reached <= position:
                break
            since = at
        return now - since
