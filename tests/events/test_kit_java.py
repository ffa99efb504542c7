"""The Java of the partner kit against the running broker: compiled, heard, answered, a lost queue found again."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from events.management import open_management
from events.names import inbox
from events.permissions import agency_rights
from services.core.act import Act
from services.core.clock import SystemClock
from services.notices.commands import replay_notices
from tests.events.tools import account, declare, delete_queue, depth, intake, relay, until
from tests.java import compiled
from tests.servers import BrokerAddress
from tests.world import ACTOR, World

SOURCE = Path("docs/partner-kit/java/Consumer.java")
COURT = "qinshui-court"
ENDED_BY_SIGTERM = 143
pytestmark = pytest.mark.timeout(300)


@pytest.fixture
async def url(declared: BrokerAddress) -> str:
    """The address of the court's account, with the rights of any department's and no more."""
    found = await account(declared, COURT)
    async with open_management(declared.api_url, declared.url) as management:
        await management.permit([agency_rights(COURT)])
    return found


@asynccontextmanager
async def running(command: list[str], url: str, handled: Path) -> AsyncIterator[asyncio.subprocess.Process]:
    """Run the consumer until the block ends; it must end by itself then."""
    process = await asyncio.create_subprocess_exec(*command, url, str(handled), stdout=asyncio.subprocess.PIPE)
    try:
        yield process
    finally:
        process.terminate()
        await asyncio.wait_for(process.communicate(), 20)
    assert process.returncode == ENDED_BY_SIGTERM


async def printed(process: asyncio.subprocess.Process) -> dict[str, Any]:
    """Return the next event that the consumer prints."""
    assert process.stdout is not None
    event: dict[str, Any] = json.loads(await asyncio.wait_for(process.stdout.readline(), 60))
    return event


async def test_java_hears_events_once_and_replays_again_answers_them_and_finds_a_lost_queue(
    world: World, declared: BrokerAddress, url: str, tmp_path: Path
) -> None:
    command, handled = await asyncio.to_thread(compiled, SOURCE), tmp_path / "handled.txt"

    async def received() -> bool:
        return await world.rows("SELECT count(*) FROM delivery WHERE receipt = 'RECEIVED'") == [(3,)]

    async def noted() -> bool:
        return handled.exists() and handled.read_text().endswith("\n")

    async with relay(world.db, world.url, declared.url), intake(world.db, declared.url):
        first = await world.announce(COURT, data="林地承包纠纷")
        async with running(command, url, handled) as consumer:
            event = await printed(consumer)
            assert (event["id"], event["data"]["topic"]["title"]) == (first, "林地承包纠纷")
            await until(noted)  # it notes what it has handled after it prints
        await world.run("UPDATE delivery SET status = 'PENDING', confirmed_at = NULL")
        second = await world.announce(COURT)
        async with running(command, url, handled) as consumer:
            assert (await printed(consumer))["id"] == second
            async with world.db.write() as tx:
                await replay_notices(Act(tx, ACTOR, SystemClock()), department=COURT)
            again = [await printed(consumer) for _ in range(2)]
            assert [(one["id"], one["replay"]) for one in again] == [(first, 1), (second, 1)]
            await delete_queue(declared.url, inbox(COURT))
            await asyncio.sleep(0.5)
            await declare(world.db, declared)
            third = await world.announce(COURT)
            assert (await printed(consumer))["id"] == third
            await until(received)
    assert await depth(declared.url, inbox(COURT)) == 0
