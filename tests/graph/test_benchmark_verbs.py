"""What the benchmark of writing compares itself: its contenders write the rows that this service writes."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Any

import asyncpg
import httpx
import orjson
import pytest

from graph.schema import Schema
from services.core.actor import Role
from services.core.tokens import GrantClaim, LocalIssuer
from services.migrations.grants import Login
from tests import servers
from tests.benchmarks.contenders import Contender
from tests.benchmarks.strawberry_peer.app import Peer
from tests.benchmarks.strawberry_peer.writes import Mutation
from tests.benchmarks.writes import rows
from tests.benchmarks.writes.asked import SUBJECT, WITHIN
from tests.benchmarks.writes.contenders import LIMIT, MERCURIUS, SERVICE, TEAM
from tests.benchmarks.writes.ground import Ground, ground_of
from tests.benchmarks.writes.limit.app import Limit
from tests.benchmarks.writes.loader import GIVEN, ID
from tests.benchmarks.writes.preparing import Preparing
from tests.benchmarks.writes.verbs import VERBS, Request
from tests.conftest import fresh_name, template
from tests.graph.api import Api
from tests.graph.conftest import application

TASKS = 2
FUNCTIONS = {
    "raiseMatter": "raise_matter",
    "proposeTopic": "propose_topic",
    "listTopic": "list_topic",
    "scheduleSession": "schedule_session",
    "recordSession": "record_session",
    "resolveTopic": "resolve_topic",
}
COLUMNS = {"scheduledAt": "scheduled_at", "heldAt": "held_at", "idempotencyKey": "idempotency_key"}


class Posted:
    """A contender that is asked over HTTP."""

    def __init__(self, contender: Contender, client: httpx.AsyncClient) -> None:
        self._contender = contender
        self._client = client

    async def ask(self, request: Request, given: bytes) -> bytes:
        """Return the id that a verb gives."""
        ask = request.ask(self._contender)
        headers = {"content-type": "application/json"}
        body = ask.body.encode().replace(GIVEN, given)
        response = await self._client.post(f"/{ask.path}", content=body, headers=headers)
        found = ID.search(response.content)
        assert found is not None, response.text
        return found.group()


class Called:
    """The functions in the database, as Mercurius calls them."""

    def __init__(self, connection: "asyncpg.Connection[asyncpg.Record]") -> None:
        self._connection = connection

    async def ask(self, request: Request, given: bytes) -> bytes:
        """Return the id that a verb gives."""
        body = orjson.loads(request.ask(MERCURIUS).body.encode().replace(GIVEN, given))
        names, values = zip(*body["variables"]["input"].items(), strict=True)
        named = ", ".join(f"{COLUMNS.get(name, name)} => ${place}" for place, name in enumerate(names, start=1))
        function = FUNCTIONS[request.mutation]
        bound = [self._bound(name, value) for name, value in zip(names, values, strict=True)]
        key: str = await self._connection.fetchval(f"SELECT id FROM peer.{function}({named})", *bound)
        return key.encode()

    @staticmethod
    def _bound(name: str, value: Any) -> Any:
        if name in {"scheduledAt", "heldAt"}:
            return datetime.fromisoformat(value)
        return orjson.dumps(value).decode() if isinstance(value, list) and isinstance(value[0], dict) else value


@asynccontextmanager
async def copied() -> AsyncIterator[Ground]:
    name = fresh_name()
    yield await ground_of(await servers.create_database(name, await template("counties")))
    await servers.drop_databases(name)


@asynccontextmanager
async def limit(ground: Ground, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Posted]:
    monkeypatch.setenv("READ_DATABASE_URL", ground.login(Login.READ))
    app = Limit()
    await app.open(ground.login(Login.WRITE), connections=1)
    yield Posted(LIMIT, httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://limit"))
    await app.close()


@asynccontextmanager
async def team(ground: Ground, _monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Posted]:
    app = Peer(ground.login(Login.WRITE), 1, Mutation)
    yield Posted(TEAM, httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://team"))
    await app.close()


@asynccontextmanager
async def function(ground: Ground, _monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Called]:
    connection = await asyncpg.connect(ground.login(Login.WRITE))
    yield Called(connection)
    await connection.close()


async def written(client: Posted | Called, ground: Ground) -> dict[str, rows.Rows]:
    """Return the rows of some tasks of each verb."""
    found = {}
    connection = await asyncpg.connect(ground.url, server_settings={"timezone": "UTC"})
    for verb in VERBS:
        began = rows.now()
        tasks = await verb.prepare(Preparing(connection, ground), TASKS, True)  # noqa: FBT003 -- spread
        since = await rows.before(connection, began)
        for task in tasks:
            given = b""
            for request in task:
                given = await client.ask(request, given)
        found[verb.name] = await rows.written(connection, since)
    await connection.close()
    return found


@pytest.mark.parametrize("contender", [limit, team, function])
async def test_contenders_write_the_rows_that_the_service_writes(
    schema: Schema, issuer: LocalIssuer, monkeypatch: pytest.MonkeyPatch, contender: Any
) -> None:
    async with copied() as ground:
        db = await servers.open_as(ground.url)
        api = Api(application(schema, db, issuer), issuer)
        secretary = api.signed_in(SUBJECT, GrantClaim(role=Role.SECRETARIAT, within=WITHIN))
        expected = await written(Posted(SERVICE, secretary.http), ground)
        await db.close()
    async with copied() as ground, contender(ground, monkeypatch) as client:
        found = await written(client, ground)
    assert expected.keys() == found.keys() == {verb.name for verb in VERBS}
    for name, theirs in expected.items():
        rows.compare("service", theirs, name, found[name])
