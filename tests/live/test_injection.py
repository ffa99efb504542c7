"""SQL of an attacker's in every way that the service reads and writes: it is refused what no process needs.

The statements are those of `tests.attacks`, sent over the API to a real server with a hole (`tests.live.injected`), and
run with the rights of its own accounts.
"""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TypeAlias

import asyncpg
import httpx
import pytest

from services.core.actor import Role
from services.core.ids import node_id
from services.core.tokens import GrantClaim, LocalIssuer
from services.migrations.grants import TABLES, Login
from tests import servers
from tests.attacks import REFUSED
from tests.conftest import fresh_name, template
from tests.events.tools import until
from tests.live.injected import hidden
from tests.live.talking import NOTICED, talking
from tests.serving import Served, serving
from tests.world import World, build

Connection: TypeAlias = "asyncpg.Connection[asyncpg.Record]"
HEARD_S = 30.0
TELL = "SELECT pg_notify('told', current_user)"
"""What tells that it was run, and as whom."""
SECRET = "秘密漏水"
"""Words of what nobody sees but who wrote them, and staff."""
COUNT = "SELECT pg_notify('told', (SELECT count(*) FROM {table} AS one WHERE one::text LIKE '%{secret}%')::text)"
"""What tells how many rows with the words it finds."""
CLAIM = "SELECT set_config('shangliang.rights', {rights}, {local})"
CLAIMS = {
    "all rights": """'{"service": true, "until": 99999999999}'""",
    "signed with nothing": """repeat('0', 64) || '.{"service": true, "until": 99999999999}'""",
}
WRITES = {
    "write what it reads": "UPDATE topic SET title = 'x'",
    "write where it is allowed": "SET default_transaction_read_only = off; UPDATE topic SET title = 'x'",
    "write in a transaction that writes": "SET TRANSACTION READ WRITE; UPDATE topic SET title = 'x'",
    "write what is not read again": "INSERT INTO inbox_message (message_id) VALUES ('x')",
    "write in a part": "WITH one AS (DELETE FROM topic RETURNING 1) SELECT count(*) FROM one",
    "take a number": "SELECT nextval('feed_position')",
    "add to a trace": "SELECT trace_head(NULL, NULL, gen_random_uuid())",
}
"""What readers try beside."""
UNPLACED = """
SELECT EXISTS (SELECT FROM event WHERE position IS NULL) OR EXISTS (SELECT FROM delivery WHERE position IS NULL)
"""
CATALOGUE = """
SELECT 'relation', relname || relkind::text || pg_get_userbyid(relowner) || coalesce(relacl::text, '')
    || relrowsecurity || relforcerowsecurity FROM pg_class WHERE relnamespace = 'public'::regnamespace
UNION ALL SELECT 'trigger', tgrelid::regclass || tgname || tgenabled::text FROM pg_trigger
UNION ALL SELECT 'function', proname || prosrc || coalesce(proacl::text, '') FROM pg_proc
WHERE pronamespace = 'public'::regnamespace
UNION ALL SELECT 'policy', polname || pg_get_expr(polqual, polrelid) FROM pg_policy
UNION ALL SELECT 'schema', nspname FROM pg_namespace WHERE nspname NOT LIKE 'pg\\_t%'
UNION ALL SELECT 'role', rolname || rolsuper || rolcreaterole || rolcreatedb || coalesce(rolpassword, '') FROM pg_authid
UNION ALL SELECT 'member', roleid::regrole || ' ' || member::regrole FROM pg_auth_members
UNION ALL SELECT 'large object', oid::text FROM pg_largeobject_metadata ORDER BY 1, 2
"""
RAISE = """mutation ($input: RaiseMatterInput!) { raiseMatter(input: $input) { matter { id } errors { code } } }"""


class Place:
    """A server with a hole, its database, and who asks."""

    def __init__(
        self, served: Served, owner: Connection, world: World, issuer: LocalIssuer, http: httpx.AsyncClient
    ) -> None:
        self.served = served
        self.owner = owner
        self.world = world
        self.http = http
        self._issuer = issuer

    def token(self, subject: str) -> str:
        grant = GrantClaim(role=Role.RESIDENT, within="140521")
        return self._issuer.sign(subject, [grant], now=datetime.now(UTC), lifetime=timedelta(hours=1))

    async def raise_matter(self, subject: str, words: str) -> str:
        platform = node_id("platform", self.world.topics[0].platform_id)
        raised = {"platform": platform, "title": "漏水", "description": words, "category": "ROADS"}
        return await self.asked(RAISE, self.token(subject), input=raised)

    async def asked(self, query: str, token: str | None = None, **variables: object) -> str:
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        return (await self.http.post("/graphql", json={"query": query, "variables": variables}, headers=headers)).text

    async def _placed(self) -> bool:
        return not await self.owner.fetchval(UNPLACED)

    async def state(self) -> Mapping[str, object]:
        """Return all that the database holds, its catalogue among it, once the feed has placed its events."""
        await until(self._placed, HEARD_S)
        rows = {
            table: await self.owner.fetchval(f"SELECT array_agg(one::text ORDER BY one::text) FROM {table} AS one")
            for table in TABLES
        }
        return {**rows, "": [tuple(row) for row in await self.owner.fetch(CATALOGUE)]}


async def by_query(place: Place, sql: str) -> str:
    return await place.asked("query ($code: String!) { department(code: $code) { name } }", code=hidden(sql))


async def by_entities(place: Place, sql: str) -> str:
    things = [{"__typename": "Department", "code": hidden(sql)}]
    query = "query ($things: [_Any!]!) { _entities(representations: $things) { ... on Department { name } } }"
    return await place.asked(query, things=things)


async def by_export(place: Place, sql: str) -> str:
    given = {"filter": json.dumps({"brand": hidden(sql)})}
    try:
        return (await place.http.get("/export/platforms.jsonl", params=given)).text
    except httpx.RemoteProtocolError:  # it broke off
        return "INTERNAL_SERVER_ERROR"


async def by_subscription(place: Place, sql: str) -> str:
    async with talking(place.served) as talk:
        await talk.initialise(place.token("neighbour"))
        variables = {"department": hidden(sql)}
        await talk.say(type="subscribe", id="a", payload={"query": NOTICED, "variables": variables})
        return json.dumps(await talk.hear())


async def by_mutation(place: Place, sql: str) -> str:
    return await place.raise_matter("resident", hidden(sql))


Way: TypeAlias = Callable[[Place, str], Awaitable[str]]
READS: Mapping[str, Way] = {
    "query": by_query,
    "entities": by_entities,
    "export": by_export,
    "subscription": by_subscription,
}
WAYS: Mapping[str, tuple[Way, Login]] = {
    **{name: (way, Login.READ) for name, way in READS.items()},
    "mutation": (by_mutation, Login.WRITE),
}


@asynccontextmanager
async def hearing(owner: Connection) -> AsyncIterator["asyncio.Queue[str]"]:
    """Listen for what is told."""
    heard: asyncio.Queue[str] = asyncio.Queue()
    await owner.add_listener("told", lambda *told: heard.put_nowait(str(told[3])))
    yield heard
    await owner.reset()


async def told(heard: "asyncio.Queue[str]") -> str:
    return await asyncio.wait_for(heard.get(), HEARD_S)


@pytest.fixture(scope="module")
async def place(issuer: LocalIssuer, key: Path) -> AsyncIterator[Place]:
    name = fresh_name()
    url = await servers.create_database(name, await template("migrated"))
    await servers.migrate(url)  # for the rights of the database itself, which do not come with a copy
    db = await servers.open_as(url)
    world = await build(db, url)
    await world.announce("qinshui-court")
    owner = await asyncpg.connect(url)
    async with (
        serving(url, key, None, "tests.live.injected", federation="true") as served,
        httpx.AsyncClient(base_url=served.address, trust_env=False) as http,
    ):
        yield Place(served, owner, world, issuer, http)
    await owner.close()
    await db.close()
    await servers.drop_databases(name)


@pytest.mark.parametrize("name", WAYS)
async def test_hole_is_there(place: Place, name: str) -> None:
    way, login = WAYS[name]
    async with hearing(place.owner) as heard:
        await way(place, TELL)
        assert await told(heard) == login


@pytest.mark.parametrize("name", WAYS)
async def test_attacker_in_a_statement_is_refused(place: Place, name: str) -> None:
    way, login = WAYS[name]
    before = await place.state()
    for what, sql in {**REFUSED, **(WRITES if login is Login.READ else {})}.items():
        assert "INTERNAL_SERVER_ERROR" in await way(place, sql), what
    assert await place.state() == before


@pytest.mark.parametrize("name", READS)
async def test_attacker_in_a_read_finds_no_hidden_row(place: Place, name: str) -> None:
    assert '"errors":[]' in await place.raise_matter("resident", SECRET)
    hiding: list[str] = []
    async with hearing(place.owner) as heard:
        for table in (table for table, roles in TABLES.items() if Login.READ in roles):
            count = COUNT.format(table=table, secret=SECRET)
            await place.owner.execute(count)
            hiding += [table] if await told(heard) != "0" else []
            await READS[name](place, count)
            assert await told(heard) == "0", table
    assert {"matter", "search_document"} <= set(hiding)


@pytest.mark.parametrize("name", READS)
async def test_rights_that_an_attacker_claims_open_nothing(place: Place, name: str) -> None:
    await place.raise_matter("resident", SECRET)
    count = COUNT.format(table="matter", secret=SECRET)
    async with hearing(place.owner) as heard:
        for rights in CLAIMS.values():
            claim = CLAIM.format(rights=rights, local="true")
            answer = await READS[name](place, f"WITH claim AS MATERIALIZED ({claim}) {count} FROM claim")
            assert "INTERNAL_SERVER_ERROR" in answer
        await READS[name](place, TELL)
        assert await told(heard) == Login.READ


async def test_rights_that_a_caller_has_stay_with_their_request(place: Place) -> None:
    await place.raise_matter("resident", SECRET)
    keep = CLAIM.format(rights="current_setting('shangliang.rights')", local="false")
    query = "query ($code: String!) { department(code: $code) { name } }"
    count = COUNT.format(table="matter", secret=SECRET)
    async with hearing(place.owner) as heard:
        for sql in (keep, count):
            await place.asked(query, place.token("resident"), code=hidden(sql))
        assert await told(heard) != "0"
        await by_query(place, count)
        assert await told(heard) == "0"
