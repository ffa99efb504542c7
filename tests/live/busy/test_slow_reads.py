"""Many slow reads at once: short ones that were never seen before are answered all the same."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

import pytest

from services.core.actor import Role
from services.core.tokens import GrantClaim, LocalIssuer
from tests.live.busy.ground import NAMES, Ground, as_superuser, keep_asking, measured, slowest

SLOW, CALLERS = 200, 4
SLOWLY = """
ALTER TABLE session RENAME TO session_rows;
CREATE VIEW session AS WITH slowly AS MATERIALIZED (SELECT pg_sleep(3))
SELECT session_rows.* FROM slowly LEFT JOIN session_rows ON true;
GRANT SELECT ON session TO PUBLIC"""
QUICKLY = "DROP VIEW session; ALTER TABLE session_rows RENAME TO session"


@asynccontextmanager
async def slow_sessions(own: Ground) -> AsyncIterator[None]:
    """Let every read of sessions take three seconds."""
    async with as_superuser(own) as administrator:
        await administrator.execute(SLOWLY)
        try:
            yield
        finally:
            await administrator.execute(QUICKLY)


@pytest.mark.parametrize("shapes", [1, SLOW])
async def test_short_reads_that_were_never_seen_are_answered_beside_many_slow_ones(
    own: Ground, issuer: LocalIssuer, shapes: int
) -> None:
    grant = GrantClaim(role=Role.CADRE, within="140521")
    now, hour = datetime.now(UTC), timedelta(hours=1)
    tokens = [issuer.sign(f"caller-{number}", [grant], now=now, lifetime=hour) for number in range(CALLERS)]
    names = [next(NAMES) for _ in range(shapes)]
    async with slow_sessions(own):
        slow = [
            asyncio.create_task(
                own.ask(
                    f"{{ sessions(first: 1) {{ nodes {{ venue{names[number % shapes]}: venue }} }} }}",
                    tokens[number % CALLERS],
                )
            )
            for number in range(SLOW)
        ]
        await asyncio.sleep(0.5)
        short = await keep_asking([own.read_anew, lambda: own.read_anew(tokens[0]), own.read], for_s=4, every_s=0.05)
        ends = await asyncio.gather(*slow)
    by_time = sorted(one.seconds for one in short)
    measured(
        f"{SLOW} slow reads of {shapes} shapes, {sum(one.done for one in ends)} done, {slowest(ends)}; "
        f"{sum(not one.done for one in short)} of {len(short)} short ones refused, "
        f"median {by_time[len(by_time) // 2]:.3f} s, of a hundred 99 within {by_time[len(by_time) * 99 // 100]:.3f} s"
    )
    assert all(one.done for one in short)
    assert (await own.read()).done
