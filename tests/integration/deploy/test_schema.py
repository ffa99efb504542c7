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

from services.core.engines import open_engine
from services.migrations import run as run_module
from services.migrations.current import HEAD, REVISIONS
from services.migrations.run import configuration, keep_served, migrate
from tests.servers import BrokerAddress
from tests.serving import serving

NEWER = "9999_of_tomorrow"
COMMANDS = {"serve": (), "relay": (), "intake": (), "topology": (), "deliveries": ("list",)}
NO_SCHEMA = "The database has no schema yet: run `shangliang migrate`."
OLDER = f"The database's schema is at revision {REVISIONS[-2]}, older than {HEAD}: run `shangliang migrate`."
TOO_NEW = (
    f"The database's schema is at revision {NEWER}, newer than {HEAD}, which this version works on, and does not "
    f"serve it: run the version that made it, or `shangliang migrate {HEAD}` there."
)


async def run(command: str, url: str, broker: BrokerAddress, state: Path) -> tuple[int | None, list[str]]:
    """Return a command's exit status and what it said, less its log, as an operator runs it."""
    settings: Mapping[str, str] = {
        "SHANGLIANG_DATABASE_URL": url,
        "SHANGLIANG_AMQP_URL": broker.url,
        "SHANGLIANG_RABBITMQ_API_URL": broker.api_url,
        "SHANGLIANG_STATE_DIR": str(state),
    }
    own = {name: value for name, value in os.environ.items() if not name.startswith("SHANGLIANG_")}
    words = (sys.executable, "-m", "deploy", command, *COMMANDS.get(command, ()))
    process = await asyncio.create_subprocess_exec(*words, env={**own, **settings}, stdout=PIPE, stderr=PIPE)
    told, said = await asyncio.wait_for(process.communicate(), 60)
    assert told == b""
    return process.returncode, [line for line in said.decode().splitlines() if not line.startswith("{")]


async def mark(url: str, revision: str, serves: str | None) -> None:
    """Say that the schema is of a revision, and since which version it serves."""
    connection = await asyncpg.connect(url)
    await connection.execute("UPDATE alembic_version SET version_num = $1, serves = $2", revision, serves)
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
    await mark(url, NEWER, NEWER)
    assert await run(command, url, amqp, tmp_path) == (1, [TOO_NEW])


async def test_service_tells_whether_its_schema_is_too_old_or_too_new(migrated_url: str, tmp_path: Path) -> None:
    def unfit(standing: str) -> dict[str, str]:
        return {"status": "unavailable", "database": "up", "schema": standing}

    ready = {"status": "ok", "database": "up"}
    seen = [
        (HEAD, HEAD, 200, ready),
        (REVISIONS[-2], REVISIONS[-2], 503, unfit("too old")),
        (NEWER, NEWER, 503, unfit("too new")),
        (NEWER, None, 503, unfit("too new")),
        (NEWER, f"{HEAD}a", 503, unfit("too new")),
        (NEWER, HEAD, 200, ready),
        (NEWER, REVISIONS[-2], 200, ready),
        (REVISIONS[-2], REVISIONS[0], 503, unfit("too old")),
        ("", None, 503, unfit("missing")),
        (HEAD, None, 200, ready),
    ]
    async with (
        serving(migrated_url, tmp_path / "key.pem") as served,
        httpx.AsyncClient(base_url=served.address) as client,
    ):
        for revision, serves, status, told in seen:
            await mark(migrated_url, revision, serves)
            answer = await client.get("/readyz")
            assert (revision, serves, answer.status_code, answer.json()) == (revision, serves, status, told)
        assert (await client.get("/livez")).status_code == 200


async def test_process_starts_on_a_newer_schema_that_serves_it(migrated_url: str, tmp_path: Path) -> None:
    await mark(migrated_url, NEWER, HEAD)
    async with (
        serving(migrated_url, tmp_path / "key.pem") as served,
        httpx.AsyncClient(base_url=served.address) as client,
    ):
        assert (await client.get("/readyz")).status_code == 200


async def test_migration_leaves_a_newer_schema_alone_that_serves_it(
    migrated_url: str, amqp: BrokerAddress, tmp_path: Path
) -> None:
    await mark(migrated_url, NEWER, HEAD)
    left = f"The schema is at revision {NEWER}, of a later version, which serves this one: it stays as it is."
    assert await run("migrate", migrated_url, amqp, tmp_path) == (0, [left])
    await mark(migrated_url, NEWER, NEWER)
    assert await run("migrate", migrated_url, amqp, tmp_path) == (1, [TOO_NEW])


MIGRATION = """
revision = "{0}"
down_revision = "{1}"
branch_labels = None
depends_on = None
{2}

def upgrade() -> None:
    pass


downgrade = upgrade
"""


async def test_schema_serves_those_that_compatible_migrations_lead_back_to(migrated_url: str, tmp_path: Path) -> None:
    before = HEAD
    compatible_of = {"9995_none": False, "9996_one": True, "9997_two": True, "9998_three": False, "9999_four": True}
    for name, compatible in compatible_of.items():
        told = "compatible = True" if compatible else ""
        (tmp_path / f"{name}.py").write_text(MIGRATION.format(name, before, told))
        before = name
    versions = Path(run_module.__file__).parent / "versions"
    script = ScriptDirectory(str(versions.parent), version_locations=[str(versions), str(tmp_path)])
    engine = open_engine(migrated_url)
    wanted = dict.fromkeys(["9995_none", "9996_one", "9997_two"], "9995_none")
    wanted |= dict.fromkeys(["9998_three", "9999_four"], "9998_three")
    for revision, serves in wanted.items():
        await mark(migrated_url, revision, None)
        async with engine.begin() as connection:
            await connection.run_sync(keep_served, script)
            found = await connection.exec_driver_sql("SELECT version_num, serves FROM alembic_version")
            assert [tuple(row) for row in found] == [(revision, serves)]
    await engine.dispose()


async def test_schema_serves_as_far_back_wherever_it_was_brought(empty_database_url: str) -> None:
    wanted = {
        "0012_lists": "0012_lists",
        "0014_outcomes": "0013_commitment_times",
        "0011_published_by_key": "0011_published_by_key",
    }
    for revision, served in wanted.items():
        await migrate(empty_database_url, revision)
        connection = await asyncpg.connect(empty_database_url)
        ((found, serves),) = await connection.fetch("SELECT version_num, serves FROM alembic_version")
        await connection.close()
        assert (found, serves) == (revision, served)
