"""The 机电小区's basement from a resident's words to the confirmed fix, and all of it read back with one query."""

import json
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from graph.schema import Schema
from services.core.database import Database
from services.core.tokens import LocalIssuer
from services.trace.verify import walk
from tests import servers
from tests.clock import SetClock
from tests.e2e.basement import COMPANY, Basement, lay_out
from tests.events.tools import account, declare, intake, relay, reply, send, take, until
from tests.graph.api import Api
from tests.graph.conftest import application
from tests.servers import BrokerAddress

HERE = Path(__file__).parent
STORY = (HERE / "basement.graphql").read_text()
ACCEPTED = "query ($department: String!) { department(code: $department) { commitments { nodes { status } } } }"
TOLD = ["topic.listed", "topic.scheduled", "session.held", "outcome.recorded", "commitment.assigned"]


@pytest.fixture
async def db(migrated_url: str) -> AsyncIterator[Database]:
    db = await servers.open_as(migrated_url)
    yield db
    await db.close()


@pytest.fixture
def basement(schema: Schema, db: Database, issuer: LocalIssuer) -> Basement:
    clock = SetClock()
    return Basement(Api(application(schema, db, issuer, clock=clock), issuer), clock)


async def accept_by_the_broker(basement: Basement, amqp: BrokerAddress) -> None:
    """The company takes what waits in its inbox, says that it has it, and takes the commitment on."""
    events = await take(amqp.url, COMPANY, len(TOLD))
    assert [event["type"] for event in events] == [f"cn.shangliang.{event}.v1" for event in TOLD]
    basement.at("2022-03-25T14:00")
    url = await account(amqp, COMPANY)
    for event in events:
        body = reply("received", event["id"], source=f"/{COMPANY}")
        await send(url, f"{COMPANY}.reply.received", body, COMPANY)
    body = reply("accepted", events[-1]["id"], source=f"/{COMPANY}", data={"note": "本周进场"})
    await send(url, f"{COMPANY}.reply.accepted", body, COMPANY)

    async def accepted() -> bool:
        found = await basement.anybody.data(ACCEPTED, department=COMPANY)
        return bool(found["department"]["commitments"]["nodes"] == [{"status": "ACCEPTED"}])

    await until(accepted)


@pytest.mark.timeout(240)
async def test_leaking_basement_is_told_from_the_first_word_to_the_confirmed_fix(
    basement: Basement, db: Database, migrated_url: str, amqp: BrokerAddress, statements: list[str]
) -> None:
    await lay_out(db)
    await basement.register()
    await declare(db, amqp)
    async with (
        relay(db, migrated_url, amqp.url, clock=basement.clock),
        intake(db, amqp.url, clock=basement.clock),
    ):
        await basement.raise_and_propose()
        await basement.plan()
        await basement.sit_down()
        await accept_by_the_broker(basement, amqp)
        await basement.convert()
        await basement.repair()
        await basement.resolve()
    statements.clear()
    told = await basement.secretariat.data(STORY, topic=basement.topic)
    assert len(statements) == 1
    assert told["topic"] == json.loads((HERE / "basement.json").read_text())
    async with db.write() as tx:
        chains = [chain async for chain in walk(tx)]
    assert [chain.fault for chain in chains] == [None] * 3
    assert sum(chain.entries for chain in chains) == len(told["topic"]["trace"]) + 2
