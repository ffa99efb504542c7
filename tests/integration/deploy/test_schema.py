"""What processes say of a database whose schema is of another revision than they work on."""

import asyncio
import os
import sys
from asyncio.subprocess import PIPE
from collections.abc import Mapping
from pathlib import Path

import asyncpg
import httpx
import pytest
from alembic.script import ScriptDirectory

from services.migrations.current import HEAD, REVISIONS
from services.migrations.run import configuration, migrate
from tests.servers import BrokerAddress
from tests.serving import serving

NEWER = "9999_of_tomorrow"
COMMANDS = {"serve": (), "relay": (), "intake": (), "topology": (), "deliveries": ("list",)}
NO_SCHEMA = "The database has no schema yet: run `shangliang migrate`."
OLDER = f"The database's schema is at revision {REVISIONS[-2]}, older than {HEAD}: run `shangliang migrate`."
TOO_NEW = (
    f"The database's schema is at revision {NEWER}, newer than {HEAD}, which this version works on: run the version "
    f"that made it, or `shangliang migrate {HEAD}` there."
)


async def run(command: str, url: str, broker: BrokerAddress, state: Path) -> tuple[int | None, list[str]]:
    """Return a command's exit status and what it said, less its log, as an operator runs it."""
    settings: Mapping[str, str] = {
        "SHANGLIANG_DATABASE_URL": url,
        "SHANGLIANG_AMQP_URL": broker.url,
        "SHANGLIANG_RABBITMQ_API_URL": broker.api_url,
        "SHANGLIANG_STATE_DIR": str(state),
        "SHANGLIANG_PORT": "0",
    }
    own = {name: value for name, value in os.environ.items() if not name.startswith("SHANGLIANG_")}
    words = (sys.executable, "-m", "deploy", command, *COMMANDS[command])
    process = await asyncio.create_subprocess_exec(*words, env={**own, **settings}, stdout=PIPE, stderr=PIPE)
    told, said = await asyncio.wait_for(process.communicate(), 60)
    assert told == b""
    return process.returncode, [line for line in said.decode().splitlines() if not line.startswith("{")]


async def mark(url: str, revision: str) -> None:
    """Say that the schema is of a revision."""
    connection = await asyncpg.connect(url)
    await connection.execute("UPDATE alembic_version SET version_num = $1", revision)
    await connection.close()


def test_the_revisions_are_those_of_the_migrations() -> None:
    script = ScriptDirectory.from_config(configuration())
    assert script.get_heads() == [HEAD]
    assert tuple(each.revision for each in script.walk_revisions())[::-1] == REVISIONS


@pytest.mark.parametrize("command", COMMANDS)
async def test_command_on_a_database_of_another_revision_ends_in_one_line(
    command: str, empty_database_url: str, amqp: BrokerAddress, tmp_path: Path
) -> None:
    url = empty_database_url
    assert await run(command, url, amqp, tmp_path) == (1, [NO_SCHEMA])
    await migrate(url, REVISIONS[-2])
    assert await run(command, url, amqp, tmp_path) == (1, [OLDER])
    await mark(url, NEWER)
    assert await run(command, url, amqp, tmp_path) == (1, [TOO_NEW])


async def test_service_whose_schema_becomes_another_is_not_ready(migrated_url: str, tmp_path: Path) -> None:
    ready = {"status": "ok", "database": "up"}
    unfit = {"status": "unavailable", "database": "up", "schema": "of another revision"}
    seen = [(HEAD, 200, ready), (NEWER, 503, unfit), ("", 503, unfit), (HEAD, 200, ready)]
    async with (
        serving(migrated_url, tmp_path / "key.pem") as served,
        httpx.AsyncClient(base_url=served.address) as client,
    ):
        for revision, status, told in seen:
            await mark(migrated_url, revision)
            answer = await client.get("/readyz")
            assert (answer.status_code, answer.json()) == (status, told)
        assert (await client.get("/livez")).status_code == 200
