"""Connections that are not to be had, that end, and that say nothing more."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import asyncpg
import pytest

from services.core.tokens import LocalIssuer
from services.migrations.grants import Login
from tests.faults.proxy import ANSWERED, SENT, Proxy
from tests.live.busy.ground import Ground, as_superuser, fresh_directory, ground, keep_asking, measured, slowest
from tests.servers import login_url
from tests.serving import serving

SERVICE = "FROM pg_stat_activity WHERE usename IN ('shangliang_read', 'shangliang_write')"
END = f"SELECT count(pg_terminate_backend(pid, 10000)) {SERVICE}"


@pytest.fixture(scope="module")
async def small(key: Path, issuer: LocalIssuer) -> AsyncIterator[Ground]:
    """A service over a server that takes few connections."""
    async with ground(fresh_directory(), key, issuer, {"max_connections": "25"}) as made:
        yield made


async def test_a_server_whose_connections_others_have_is_unavailable_at_once(small: Ground) -> None:
    assert (await small.propose()).done
    others: list[asyncpg.Connection[asyncpg.Record]] = []

    async def take_all() -> None:
        while True:
            try:
                others.append(await asyncpg.connect(login_url(small.server.url, Login.OPERATOR)))
            except asyncpg.TooManyConnectionsError:
                return

    async with as_superuser(small) as administrator:
        for _ in range(5):  # what is freed is taken before the service comes again, or soon after
            await take_all()
            await administrator.execute(END)
            await take_all()
        answers = await keep_asking([small.read, small.read_anew, small.propose], for_s=3, every_s=0.1)
        refused = [one for one in answers if not one.check().done]
    for one in others:
        await one.close()
    well_s = await small.well_after_s()
    await small.repeat()
    measured(
        f"{len(others)} taken by others: {len(refused)} of {len(answers)} refused, {slowest(answers)}; "
        f"well after {well_s:.2f} s"
    )
    assert refused


async def test_a_server_that_is_stopped_and_started_again(own: Ground) -> None:
    assert (await own.propose()).done
    asking = asyncio.create_task(keep_asking([own.read, own.read_anew, own.propose], for_s=6, every_s=0.05))
    await asyncio.sleep(1)
    await asyncio.to_thread(own.server.stop)
    await asyncio.sleep(3)
    await asyncio.to_thread(own.server.start)
    well_s = await own.well_after_s()
    answers = [one.check() for one in await asking]
    await own.repeat()
    refused = sum(not one.done for one in answers)
    measured(f"stopped for 3 s: {refused} of {len(answers)} refused, {slowest(answers)}; well after {well_s:.2f} s")
    assert 0 < refused < len(answers)


async def test_connections_that_are_ended_are_replaced(own: Ground) -> None:
    assert (await own.propose()).done
    asking = asyncio.create_task(keep_asking([own.read, own.read_anew, own.propose], for_s=4, every_s=0.02))
    ended = 0
    async with as_superuser(own) as administrator:
        for _ in range(6):
            await asyncio.sleep(0.5)
            ended += await administrator.fetchval(END)
    answers = [one.check() for one in await asking]
    well_s = await own.well_after_s()
    await own.repeat()
    refused = sum(not one.done for one in answers)
    measured(f"{ended} ended: {refused} of {len(answers)} refused, {slowest(answers)}; well after {well_s:.2f} s")


async def test_idle_connections_that_are_cut_or_lead_nowhere(own: Ground, key: Path) -> None:
    ways = {login: Proxy(login_url(own.server.url, login)) for login in (Login.READ, Login.WRITE)}
    async with ways[Login.READ] as reads, ways[Login.WRITE] as writes:
        by = {"read_database_url": reads.url, "write_database_url": writes.url}
        async with serving(own.server.url, key, **by) as served:
            there = Ground(own.server, own.directory, own.world, served, own.token, own.http)
            assert (await there.propose()).done
            assert (await there.read()).done
            for way in (reads, writes):
                way.cut()
            assert (await there.read()).done
            assert (await there.propose()).done
            for way in (reads, writes):
                way.swallowed |= {SENT, ANSWERED}
            lost = [one.check() for one in await asyncio.gather(there.read(), there.propose(), there.read_anew())]
            assert not any(one.done for one in lost)
            for way in (reads, writes):
                way.swallowed.clear()
            well_s = await there.well_after_s()
            await there.repeat()
            measured(f"lead nowhere: {slowest(lost)}; well after {well_s:.2f} s")
