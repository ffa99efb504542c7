"""The JavaScript of the partner kit against the running broker: from a session in the calendar to the receipt."""

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
from graph.schema import build_schema
from services.core.actor import Role
from services.core.database import Database
from services.core.tokens import LocalIssuer
from tests import servers
from tests.events.tools import account, declare, delete_queue, depth, intake, relay, until
from tests.graph.api import Api
from tests.graph.conftest import application
from tests.graph.story import Story
from tests.node import installed
from tests.servers import BrokerAddress
from tests.world import World

FOLDER = Path("docs/partner-kit/javascript")
COURT = "qinshui-court"
RECEIPTS = """query ($id: ID!) { topic(by: {id: $id}) {
  involvements { receipt { status note } }
  notices(first: 5) { nodes { type sequence status receipt { status note } } } } }"""
ACCEPTED = {"status": "ACCEPTED", "note": "将派员参加。"}


@asynccontextmanager
async def running(url: str, handled: Path) -> AsyncIterator[asyncio.subprocess.Process]:
    """Run the JavaScript consumer until the block ends; it must end by itself then."""
    node = installed(FOLDER)
    process = await asyncio.create_subprocess_exec(
        node, str(FOLDER / "consumer.mjs"), url, str(handled), stdout=asyncio.subprocess.PIPE
    )
    try:
        yield process
    finally:
        process.terminate()
        await asyncio.wait_for(process.communicate(), 10)
    assert process.returncode == 0


async def printed(process: asyncio.subprocess.Process) -> dict[str, Any]:
    """Return the next event that the consumer prints."""
    assert process.stdout is not None
    event: dict[str, Any] = json.loads(await asyncio.wait_for(process.stdout.readline(), 20))
    return event


@pytest.fixture
async def db(counties_url: str) -> AsyncIterator[Database]:
    db = await servers.open_as(counties_url)
    yield db
    await db.close()


@pytest.fixture
async def story(db: Database, tmp_path: Path) -> Story:
    """A topic that the court has a part in, not listed yet."""
    issuer = LocalIssuer.load(tmp_path / "signing.pem", audience="shangliang")
    story = Story(Api(application(build_schema(), db, issuer), issuer).as_(Role.SECRETARIAT, "140521"))
    await story.begin()
    await story.involve(COURT, "LEAD")
    return story


@pytest.fixture
async def court_url(db: Database, amqp: BrokerAddress) -> str:
    """The address of the court's account, with the rights of any department's and no more."""
    await declare(db, amqp)
    url = await account(amqp, COURT)
    async with open_management(amqp.api_url, amqp.url) as management:
        await management.permit([agency_rights(COURT)])
    return url


async def test_scheduled_session_is_told_and_accepted_and_the_receipt_shows(
    story: Story, db: Database, counties_url: str, amqp: BrokerAddress, court_url: str, tmp_path: Path
) -> None:
    async def receipts() -> Any:
        return (await story.api.data(RECEIPTS, id=story.topic))["topic"]

    async def accepted() -> bool:
        return bool((await receipts())["involvements"] == [{"receipt": ACCEPTED}])

    async with (
        relay(db, counties_url, amqp.url),
        intake(db, amqp.url),
        running(court_url, tmp_path / "handled.jsonl") as consumer,
    ):
        await story.list_()
        await story.schedule()
        events = [await printed(consumer) for _ in range(2)]
        await until(accepted)
    assert [(event["type"], event["sequence"]) for event in events] == [
        ("cn.shangliang.topic.listed.v1", "000000000001"),
        ("cn.shangliang.topic.scheduled.v1", "000000000002"),
    ]
    assert events[1]["data"]["venue"] == "土沃乡协商议事室"
    notices = (await receipts())["notices"]["nodes"]
    assert sorted(notices, key=lambda notice: int(notice["sequence"])) == [
        {"type": "topic.listed", "sequence": 1, "status": "CONFIRMED", "receipt": {"status": "RECEIVED", "note": None}},
        {"type": "topic.scheduled", "sequence": 2, "status": "CONFIRMED", "receipt": ACCEPTED},
    ]
    assert await depth(amqp.url, inbox(COURT)) == 0


async def test_repeated_event_is_dropped_and_a_lost_queue_is_found_again(
    world: World, declared: BrokerAddress, tmp_path: Path
) -> None:
    url = await account(declared, COURT)
    async with relay(world.db, world.url, declared.url):
        first = await world.announce(COURT)
        async with running(url, tmp_path / "handled.jsonl") as consumer:
            assert (await printed(consumer))["id"] == first
        await world.run("UPDATE delivery SET status = 'PENDING', confirmed_at = NULL")
        second = await world.announce(COURT)
        async with running(url, tmp_path / "handled.jsonl") as consumer:
            assert (await printed(consumer))["id"] == second
            await delete_queue(declared.url, inbox(COURT))
            await asyncio.sleep(0.5)
            await declare(world.db, declared)
            third = await world.announce(COURT)
            assert (await printed(consumer))["id"] == third
