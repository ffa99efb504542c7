"""What people write, tokens and passwords stand in no log, whatever fails."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import asyncpg
import httpx
import pytest
from sqlalchemy.engine import make_url
from websockets.exceptions import ConnectionClosed

from deploy.servers.directory import append_private, free_port
from deploy.servers.processes import command_line
from services.core.actor import Role
from services.core.database import Database
from services.core.ids import node_id
from services.core.tokens import GrantClaim, LocalIssuer
from services.migrations.tables import REFUSALS
from tests.events.tools import account, send, until
from tests.live.talking import Talk, talking
from tests.servers import BrokerAddress
from tests.serving import Served, running, serving
from tests.world import World, build

MARK = "zq7Xmarked密语暗号"
PARTS = ("zq7Xmarked", "密语", "暗号", "\\u5bc6\\u8bed", "%E5%AF%86")
"""What of the mark may come through an escape."""
RAISE = """mutation ($input: RaiseMatterInput!) {
  raiseMatter(input: $input) { matter { id } errors { code } } }"""
BUG = """
CREATE FUNCTION tell_all() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'this row is wrong: %', NEW USING ERRCODE = 'XX000', DETAIL = NEW::text, HINT = NEW::text; END $$;
CREATE TRIGGER tell_all BEFORE INSERT ON {table} FOR EACH ROW EXECUTE FUNCTION tell_all();
"""
"""A bug in the database whose words quote the row."""


@contextmanager
def logging_to(file: Path) -> Iterator[int]:
    with append_private(file) as opened:
        yield opened.fileno()


@pytest.fixture
async def world(migrated_url: str) -> AsyncIterator[World]:
    db = await Database.open(migrated_url, refusals=REFUSALS, read_connections=1)
    yield await build(db, migrated_url)
    await db.close()


async def answered(http: httpx.AsyncClient, query: str, **variables: Any) -> str:
    return (await http.post("/graphql", json={"query": query, "variables": variables})).text


async def fail_by_http(http: httpx.AsyncClient, raised: dict[str, Any], token: str) -> None:
    """Have requests refused that carry the mark in each place that a request has."""
    for query in (MARK, f"{{ {MARK[:10]} }}", f'{{ division(code: "{MARK}") {{ name }} }}', f'{{ topic(id: "{MARK}")'):
        await answered(http, query)
        await http.get("/graphql", params={"query": query})
    await answered(http, "query ($a: DivisionCode!) { division(code: $a) { name } }", a=MARK)
    await answered(http, RAISE, input={**raised, "title": f"{MARK}\x01"})
    await answered(http, RAISE, input={**raised, "platform": MARK})
    await answered(http, RAISE, input={**raised, "idempotencyKey": MARK, "description": MARK})
    for authorization in (f"Bearer {MARK[:10]}", f"Basic {MARK[:10]}", f"Bearer {token[:-4]}{MARK[:4]}"):
        await http.get("/graphql", headers={"Authorization": authorization})
    for path in (f"/{MARK}", f"/export/{MARK}.csv", f"/export/topics.csv?text={MARK}", f"/export/topics.csv?{MARK}=1"):
        await http.get(path)
    for content in (f'{{"query": "{MARK}', MARK, '{"query": "' + MARK * 100_000):
        await http.post("/graphql", content=content.encode(), headers={"Content-Type": "application/json"})
    await http.get("/livez", headers={"X-Request-Id": MARK[:10] + " x", "Accept": MARK[:10], "Origin": MARK[:10]})


async def fail_by_websocket(served: Served, token: str) -> None:
    """Have messages refused that carry the mark."""
    for message in (
        {"type": "connection_init", "payload": {"Authorization": f"Bearer {MARK}"}},
        {"type": "connection_init", "payload": MARK},
        {"type": MARK},
        {"type": "subscribe", "id": MARK, "payload": {"query": MARK}},
    ):
        async with talking(served) as talk:
            await talk.say(**message)
            await ended(talk)
    async with talking(served) as talk:
        await talk.initialise(token)
        query = f'subscription {{ topicChanged(within: "14", after: "{MARK}") {{ type }} }}'
        await talk.say(type="subscribe", id="a", payload={"query": query})
        assert (await talk.hear())["type"] == "error"


async def ended(talk: Talk) -> None:
    with suppress(ConnectionClosed):
        await talk.everything()


async def fail_by_bytes(served: Served) -> None:
    """Send what is no HTTP."""
    reader, writer = await asyncio.open_connection("127.0.0.1", served.port)
    writer.write(f"{MARK} \0 HTTP/1.1\r\n\r\n".encode())
    await reader.read()
    writer.close()


def check(secrets: list[str], *files: Path) -> None:
    """Hold that no file has the mark or a secret."""
    for file in files:
        hold(secrets, file.read_text())


def hold(secrets: list[str], text: str) -> None:
    """Hold that a text, of which there is some, has neither the mark nor a secret."""
    assert text
    for secret in (*PARTS, *secrets):
        assert secret not in text, (secret, text)


def command_lines(pid: int) -> str:
    """Return what everybody on the machine reads of a process and of those that it started."""
    started = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return "\n".join([" ".join(command_line(pid)), *(command_lines(int(one)) for one in started)])


async def test_service_logs_no_words_and_no_secrets(
    world: World, issuer: LocalIssuer, key: Path, tmp_path: Path
) -> None:
    log, security = tmp_path / "serve.log", tmp_path / "security.log"
    grant = GrantClaim(role=Role.RESIDENT, within="140521")
    token = issuer.sign(MARK, [grant], now=datetime.now(UTC), lifetime=timedelta(hours=1))
    platform = node_id("platform", world.topics[0].platform_id)
    raised = {"platform": platform, "title": MARK, "description": MARK, "category": "ROADS"}
    secrets, metrics_port = [token, str(make_url(world.url).password)], free_port()
    settings = {"security_log": str(security), "request_body_bytes": "100000", "metrics_port": str(metrics_port)}
    connection = await asyncpg.connect(world.url)
    with logging_to(log) as descriptor:
        async with (
            serving(world.url, key, descriptor, **settings) as served,
            httpx.AsyncClient(
                base_url=served.address, headers={"Authorization": f"Bearer {token}"}, trust_env=False
            ) as http,
        ):
            await fail_by_http(http, raised, token)
            await fail_by_websocket(served, token)
            await fail_by_bytes(served)
            await connection.execute(BUG.format(table="matter"))
            failed = await answered(http, RAISE, input=raised)
            assert "INTERNAL_SERVER_ERROR" in failed
            hold(secrets, failed)
            await connection.execute("DROP FUNCTION tell_all CASCADE; ALTER TABLE search_document RENAME TO gone")
            assert "INTERNAL_SERVER_ERROR" in await answered(
                http, "query ($t: String!) { search(text: $t, first: 1) { nodes { __typename } } }", t=MARK
            )
            assert "INTERNAL_SERVER_ERROR" in await answered(http, RAISE, input=raised)
            hold(secrets, (await http.get(f"http://127.0.0.1:{metrics_port}/metrics")).text)
            hold(secrets, command_lines(served.process.pid))
    await connection.close()
    text = log.read_text()
    assert text.count("unexpected error") >= 3
    assert "graph/mutations/perform.py" in text
    assert "sign_in.refused" in security.read_text()
    check(secrets, log, security)


async def test_intake_logs_no_words_and_no_secrets(world: World, declared: BrokerAddress, tmp_path: Path) -> None:
    log, security = tmp_path / "intake.log", tmp_path / "security.log"
    court = "qinshui-court"
    event_id, url = await world.announce(court), await account(declared, court)
    wrong = make_url(declared.url).set(password=MARK[:10]).render_as_string(hide_password=False)
    settings = {"database_url": world.url, "security_log": str(security)}
    envelope = f'{{"specversion": "1.0", "id": "1", "source": "/{MARK}", "causationid": "{event_id}", '
    good = f'{envelope}"type": "cn.shangliang.reply.received.v1", "data": {{"note": "{MARK}"}}}}'

    async def rejected() -> bool:
        return security.exists() and security.read_text().count("reply.refused") == 3

    async def failed() -> bool:
        return "RaiseError" in log.read_text() or "InternalServerError" in log.read_text()

    async def refused() -> bool:
        return "unavailable" in log.read_text()

    with logging_to(log) as descriptor:
        async with running("deploy", "intake", stderr=descriptor, settings={**settings, "amqp_url": wrong}):
            await until(refused, 30)
        async with running("deploy", "intake", stderr=descriptor, settings={**settings, "amqp_url": declared.url}):
            for body in (MARK, f'{envelope}"type": "{MARK}"}}', f'{envelope}"type": 1, "data": "{MARK}"}}'):
                await send(url, f"{court}.reply.received", body.encode(), court)
            await until(rejected, 30)
            connection = await asyncpg.connect(world.url)
            await connection.execute(BUG.format(table="inbox_message"))
            await send(url, f"{court}.reply.received", good.encode(), court)
            await until(failed, 30)
            await connection.close()
    check([str(make_url(declared.url).password), str(make_url(world.url).password)], log, security)
