"""The service over PgBouncer in transaction mode: many connections of its own over few of PostgreSQL's."""

import asyncio
import configparser
import re
import subprocess
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit, urlunsplit

import asyncpg
import httpx
import pytest

from deploy.servers.account import account_for, credentials
from deploy.servers.directory import free_port
from services.core.actor import Role
from services.core.database import Database
from services.core.errors import StatementTimeout
from services.core.tokens import GrantClaim, LocalIssuer
from services.migrations.grants import Login
from services.migrations.tables import REFUSALS
from tests import servers
from tests.lacking import lacking
from tests.live.place import Place, Places
from tests.live.pooled.pgbouncer import pgbouncer
from tests.live.several import connected
from tests.live.talking import CHANGED, talking
from tests.serving import Served, serving

DOCUMENTED = Path(__file__).parents[3] / "docs" / "operations.md"
START_S = 20.0
POOL = 3
"""Connections of each pool to PostgreSQL."""
PROPOSE = """mutation ($input: ProposeTopicInput!) { proposeTopic(input: $input) {
  topic { id title } errors { code message } } }"""
TITLE = "query ($id: ID!) { topic(by: { id: $id }) { title } }"


@dataclass(frozen=True)
class Pooled:
    """PgBouncer before a database of the run, as docs/operations.md has it."""

    url: str
    port: int
    pid: int

    def address(self, login: Login) -> str:
        """Return the address of a role by the pooler."""
        own = urlsplit(servers.login_url(self.url, login))
        account = own.netloc.rpartition("@")[0]
        database = "shangliang_read" if login is Login.READ else "shangliang"
        return urlunsplit(own._replace(netloc=f"{account}@127.0.0.1:{self.port}", path=f"/{database}"))


def configuration(url: str, port: int, users: Path) -> str:
    """Return the documented file for a database, with small pools."""
    (text,) = re.findall(r"```ini\n(.*?)```", DOCUMENTED.read_text(encoding="utf-8"), re.DOTALL)
    parts = urlsplit(url)
    parser = configparser.RawConfigParser()
    parser.read_string(text)
    for name, value in parser["databases"].items():
        there = value.replace("port=5432", f"port={parts.port}").replace(
            "dbname=shangliang", f"dbname={parts.path[1:]}"
        )
        assert there.startswith("host=127.0.0.1 ")
        parser["databases"][name] = there
    own = {"listen_port": str(port), "auth_file": str(users), "default_pool_size": str(POOL), "unix_socket_dir": ""}
    parser["pgbouncer"].update(own)
    return "\n".join(
        f"[{section}]\n" + "\n".join(f"{name} = {value}" for name, value in parser[section].items())
        for section in parser.sections()
    )


@asynccontextmanager
async def pooling(url: str, folder: Path) -> AsyncIterator[Pooled]:
    """Run PgBouncer before a database until the block ends."""
    words = pgbouncer()
    if words is None:
        lacking("there is no PgBouncer of 1.21 or later: python3 -m tests.live.pooled.pgbouncer unpacks one")
    port, file, users = free_port(), folder / "pgbouncer.ini", folder / "userlist.txt"
    accounts = [urlsplit(servers.login_url(url, login)) for login in Login]
    users.write_text("".join(f'"{one.username}" "{unquote(str(one.password))}"\n' for one in accounts))
    file.write_text(configuration(url, port, users))
    log = (folder / "pgbouncer.log").open("ab")
    process = subprocess.Popen([*words, str(file)], stdout=log, stderr=log, **credentials(account_for(folder)))  # noqa: S603, ASYNC220 -- as found
    try:
        async with asyncio.timeout(START_S):
            while True:
                try:
                    _, writer = await asyncio.open_connection("127.0.0.1", port)
                except OSError:
                    assert process.poll() is None, (folder / "pgbouncer.log").read_text()
                    await asyncio.sleep(0.05)
                else:
                    writer.close()
                    break
        yield Pooled(url, port, process.pid)
    finally:
        process.kill()  # told to end, it waits for its clients
        process.wait()
        log.close()


def open_to_others(folder: Path) -> None:
    """Let the pooler's account write to a folder."""
    for one in (folder, *folder.parents):
        if one.stat().st_mode & 0o001 == 0:
            one.chmod(one.stat().st_mode | 0o011)
    folder.chmod(0o777)


@pytest.fixture(scope="module")
async def pooled(places: Places, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Pooled]:
    folder = tmp_path_factory.mktemp("pgbouncer")
    open_to_others(folder)
    async with pooling(places.world.url, folder) as made:
        yield made


@pytest.fixture(scope="module")
async def own(pooled: Pooled, places: Places, issuer: LocalIssuer, key: Path) -> AsyncIterator[Served]:
    """The service, whose connections lead to the pooler but for those by which it hears of changes."""
    assert issuer is not None
    addresses = {
        "read_database_url": pooled.address(Login.READ),
        "write_database_url": pooled.address(Login.WRITE),
        "listen_database_url": servers.login_url(places.world.url, Login.WRITE),
    }
    async with serving(places.world.url, key, **addresses) as service:
        yield service


@asynccontextmanager
async def opened(pooled: Pooled, **settings: Any) -> AsyncIterator[Database]:
    """Open a database by the pooler."""
    write, read = pooled.address(Login.WRITE), pooled.address(Login.READ)
    db = await Database.open(write, read_url=read, refusals=REFUSALS, **settings)
    try:
        yield db
    finally:
        await db.close()


def signed(issuer: LocalIssuer, subject: str, *grants: GrantClaim) -> dict[str, str]:
    token = issuer.sign(subject, list(grants), now=datetime.now(UTC), lifetime=timedelta(hours=1))
    return {"Authorization": f"Bearer {token}"}


async def asked(own: Served, http: httpx.AsyncClient, query: str, headers: dict[str, str], **variables: Any) -> Any:
    answer = (await http.post(own.http, json={"query": query, "variables": variables}, headers=headers)).json()
    assert "errors" not in answer, answer
    (value,) = answer["data"].values()
    return value


async def test_connections_have_their_settings(pooled: Pooled) -> None:
    async with opened(pooled) as db:
        assert await db.unset() == ""
    async with opened(pooled, statement_timeout_s=4) as db:
        assert await db.unset() == "lock_timeout, statement_timeout"


async def test_many_connections_share_few_and_each_keeps_its_rights(
    own: Served, pooled: Pooled, place: Place, issuer: LocalIssuer
) -> None:
    cadre, nobody = signed(issuer, "cadre", GrantClaim(role=Role.CADRE, within=place.code)), signed(issuer, "nobody")
    limits = httpx.Limits(max_connections=None)
    async with httpx.AsyncClient(timeout=60, limits=limits) as http:

        async def act(number: int) -> None:
            title = f"第{number}题"
            values = {
                "platform": f"platform_{place.platform_id}", "title": title, "summary": "无", "kind": "MICRO",
                "category": "OTHER",
            }  # fmt: skip
            done = await asked(own, http, PROPOSE, cadre, input=values)
            assert done["errors"] == []
            topic = done["topic"]["id"]
            seen = await asyncio.gather(*(asked(own, http, TITLE, who, id=topic) for who in (cadre, nobody, {}) * 4))
            assert seen == [{"title": title}, None, None] * 4

        for _ in range(4):
            await asyncio.gather(*map(act, range(25)))
    server = urlsplit(pooled.url).port
    assert 0 < sum(port == server for _, port in connected(pooled.pid)) <= 2 * POOL


async def test_changes_are_heard_of(own: Served, place: Place, token: str) -> None:
    async with talking(own) as talk:
        await talk.initialise(token)
        await talk.subscribe("a", CHANGED, within=place.code)
        await place.propose("听得到")
        assert (await talk.next("a"))["topic"] == {"title": "听得到"}


async def test_export_leaves_no_setting_behind(own: Served, pooled: Pooled, place: Place, token: str) -> None:
    await place.list_(await place.propose("导出"))
    async with httpx.AsyncClient(timeout=60, headers={"Authorization": f"Bearer {token}"}) as http:
        for _ in range(2 * POOL):
            answer = await http.get(f"{own.address}/export/topics.csv")
            assert (answer.status_code, "导出" in answer.text) == (200, True)
    async with opened(pooled) as db:
        for _ in range(2 * POOL):
            assert await db.unset() == ""


async def test_operator_sees_the_plan(own: Served, issuer: LocalIssuer) -> None:
    operator = signed(issuer, "operator", GrantClaim(role=Role.OPERATOR, within="14"))
    body = {"query": '{ division(code: "140521") { name } }', "extensions": {"explain": True}}
    async with httpx.AsyncClient(timeout=60, headers=operator) as http:
        answers = await asyncio.gather(*(http.post(own.http, json=body) for _ in range(20)))
    assert {list(one.json()["extensions"]["explain"]) == ["sql", "parameters", "plan"] for one in answers} == {True}


async def test_read_that_takes_too_long_is_ended_and_others_go_on(pooled: Pooled) -> None:
    async with opened(pooled, statement_timeout_s=1, read_connections=2) as db:
        with pytest.raises(StatementTimeout):
            await db.reads.read_json("SELECT pg_sleep(30)::text", ())
        assert await db.reads.read_json("SELECT '1'", ()) == b"1"
        abandoned = asyncio.create_task(db.reads.read_json("SELECT pg_sleep(29)::text", ()))
        await asyncio.sleep(0.1)
        abandoned.cancel()
        assert await db.reads.read_json("SELECT '2'", ()) == b"2"
        connection = await asyncpg.connect(pooled.url)
        try:
            asleep = (
                "SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'PgSleep' AND datname = current_database()"
            )
            async with asyncio.timeout(20):
                while await connection.fetchval(asleep):  # noqa: ASYNC110 -- waits for the server
                    await asyncio.sleep(0.05)
        finally:
            await connection.close()
