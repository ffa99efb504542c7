"""A commit that was sent and whose answer did not come: nobody claims to know, and a repetition by its key tells."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from services.migrations.grants import Login
from tests.faults.proxy import ANSWERED, Proxy
from tests.live.busy.ground import Ground, as_superuser
from tests.servers import login_url
from tests.serving import serving

SLOW_COMMIT = """
CREATE FUNCTION linger() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN PERFORM pg_sleep(1.5); RETURN NULL; END';
CREATE CONSTRAINT TRIGGER linger AFTER INSERT ON topic DEFERRABLE INITIALLY DEFERRED
FOR EACH ROW EXECUTE FUNCTION linger()"""
LINGERS = "FROM pg_stat_activity WHERE wait_event = 'PgSleep'"


async def swallow(way: Proxy, _own: Ground) -> None:
    """Lose what the server answers from now on."""
    way.swallowed.add(ANSWERED)


async def cut(way: Proxy, _own: Ground) -> None:
    """Cut the connection; the server notices once it has committed."""
    way.cut()


async def end(_way: Proxy, own: Ground) -> None:
    """End the connection at the server, which has not committed."""
    async with as_superuser(own) as administrator:
        await administrator.execute(f"SELECT pg_terminate_backend(pid, 10000) {LINGERS}")


@pytest.mark.parametrize(("fault", "committed"), [(swallow, 1), (cut, 1), (end, 0)])
async def test_the_outcome_is_not_known_and_a_repetition_by_the_key_takes_effect_once(
    own: Ground, key: Path, fault: Callable[[Proxy, Ground], Awaitable[None]], committed: int
) -> None:
    async with (
        Proxy(login_url(own.server.url, Login.WRITE)) as way,
        as_superuser(own) as administrator,
        serving(own.server.url, key, write_database_url=way.url) as served,
    ):
        there = Ground(own.server, own.directory, own.world, served, own.token, own.http)
        assert (await there.propose()).done
        await administrator.execute(SLOW_COMMIT)
        title = f"议题:{fault.__name__}"
        try:
            asking = asyncio.create_task(there.propose(title))
            async with asyncio.timeout(20):
                while not await administrator.fetchval(f"SELECT count(*) {LINGERS}"):  # noqa: ASYNC110 -- the server's
                    await asyncio.sleep(0.02)
            await fault(way, own)
            told = (await asking).check()
            async with asyncio.timeout(20):
                while await administrator.fetchval(f"SELECT count(*) {LINGERS}"):  # noqa: ASYNC110 -- as above
                    await asyncio.sleep(0.02)
        finally:
            await administrator.execute("DROP FUNCTION linger CASCADE")
        (error,) = told.errors
        assert "is not known" in error["message"]
        assert "idempotencyKey" in error["message"]
        assert (await there.topics()).get(title, 0) == committed
        way.swallowed.clear()
        await there.well_after_s()
        await there.repeat()
