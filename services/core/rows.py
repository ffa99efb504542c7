"""Reads of many rows, given as they are taken: one statement each, never all of its answer in memory."""

import asyncio
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import suppress
from time import monotonic

import asyncpg

from services.core.actor import ANONYMOUS
from services.core.connecting import FAILED
from services.core.deadline import end_of
from services.core.errors import InvalidInput, StatementTimeout, Unavailable
from services.core.failures import ELSE_WRONG, NOT_USED, UNREACHABLE
from services.core.pipeline import GRACE_S
from services.core.readers import CONNECT_S, refusal
from services.core.rights import TELL, Signer, Teller
from services.core.words import Words

ALL_UNDER_WAY = Words(
    "{most} long reads are under way, which is as many as may be; try again later.",
    "已有{most}个导出在进行，达到上限，请稍后再试。",
)
BATCH = 500
PATIENCE_S = 60.0
"""How long the server may take for a batch, and how long a batch may wait to be taken."""
CLOSE_S = 0.5


class RowReads:
    """Long reads, each on a connection of its own, so many at once and no more.

    The server keeps what was not taken yet, and sends no more of it than is asked for. All rows of a read are those
    of one moment.
    """

    def __init__(
        self, url: str, settings: Mapping[str, str], *, most: int, limit_s: float, signer: Signer | None = None
    ) -> None:
        """Take the address, settings of the server, how many reads there may be, and how long each may take."""
        patience_ms = int(PATIENCE_S * 1000)
        self._url = url
        self._signer = signer
        self._settings = settings
        self._begin = (
            "BEGIN READ ONLY; "
            "SET LOCAL plan_cache_mode = force_custom_plan; "  # planned once for so many rows: let it know the values
            f"SET LOCAL statement_timeout = {patience_ms}; "
            f"SET LOCAL idle_in_transaction_session_timeout = {patience_ms}"
        )
        self._most = most
        self._begin_s = int(settings.get("statement_timeout", "0")) / 1000
        """How long a read may take until the server has begun it: to connect, and to have its tables."""
        self._limit_s = limit_s
        self._under_way = 0

    @property
    def under_way(self) -> int:
        """How many reads have a connection now."""
        return self._under_way

    async def batches(
        self, sql: str, arguments: Sequence[object], teller: Teller = ANONYMOUS
    ) -> AsyncGenerator[list[str], None]:
        """Yield the one text value of each row that somebody sees, at most BATCH at once, as fast as they are taken.

        Where it is left, or its time has run out, what the server executes is cancelled. Raises InvalidInput for
        arguments that PostgreSQL cannot hold, StatementTimeout for a batch or a whole that took too long, Unavailable
        where as many reads as may be are under way, and without a connection.
        """
        if self._under_way >= self._most:
            raise Unavailable(ALL_UNDER_WAY(most=self._most))
        rights = None if self._signer is None else self._signer.signed(teller)
        self._under_way += 1
        connection: asyncpg.Connection[asyncpg.Record] | None = None
        first = began = monotonic()
        time = asyncio.get_running_loop().time
        deadline = time() + self._limit_s
        try:
            async with asyncio.timeout_at(min(deadline, end_of(self._begin_s))):
                connection = await asyncpg.connect(self._url, server_settings=dict(self._settings), timeout=CONNECT_S)
                await connection.execute(self._begin)  # which ends with the connection
                if rights is not None:
                    await connection.fetchval(TELL, rights.decode())
                prepared = await connection.prepare(sql)  # which waits for the locks of its tables
            async with asyncio.timeout_at(deadline):
                cursor = await prepared.cursor(*arguments)
            while True:
                async with asyncio.timeout_at(min(deadline, time() + PATIENCE_S + GRACE_S)):
                    rows = await cursor.fetch(BATCH)
                if not rows:
                    break
                yield [row[0] for row in rows]
                began = monotonic()
        except (OSError, TimeoutError, asyncpg.InterfaceError, asyncpg.InternalClientError) as error:
            if isinstance(error, ValueError) and not isinstance(error, OSError):  # the driver could not write a value
                raise InvalidInput(NOT_USED(why=ELSE_WRONG)) from error
            if asyncio.get_running_loop().time() >= deadline:
                raise StatementTimeout(self._limit_s, monotonic() - first) from error
            raise Unavailable(UNREACHABLE) from error
        except asyncpg.PostgresError as error:
            code, taken_s = str(error.sqlstate), monotonic() - began
            raise refusal(code, limit_s=PATIENCE_S, taken_s=taken_s) or error from error
        finally:
            self._under_way -= 1
            if connection is not None:
                with suppress(*FAILED):
                    await connection.close(timeout=CLOSE_S)
