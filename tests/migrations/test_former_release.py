"""The release before runs on today's schema while an upgrade is under way: its own tests of reads and writes pass."""

import asyncio
import os
import sys
from pathlib import Path

import asyncpg
import pytest

from services.migrations.current import HEAD, fits
from tests import servers
from tests.migrations.former import Former, NoHistory, find_former, unpack

SMOKE = ("tests/e2e/test_story.py", "tests/graph/test_mutations.py", "tests/e2e/test_facts.py")
"""One story from a resident's words to the confirmed fix with the broker, the verbs of topics, sessions and departments
one by one, and what is read of the demonstration province, which its own seeds have written."""
PLUGIN = Path(__file__).with_name("plugin")
"""The folder of `todays_schema`, which no former release's module of the same name may stand for."""


WARNED = ("-W", "default")
"""Packages of today may warn of what came after the former release."""


async def serves(url: str, former: Former) -> bool:
    """Tell whether a database's schema says that the former release works on it."""
    connection = await asyncpg.connect(url)
    try:
        return fits(HEAD, await connection.fetchval("SELECT serves FROM alembic_version"), former.head)
    finally:
        await connection.close()


async def play(tree: Path, *options: str) -> tuple[int | None, str]:
    """Run the smoke tests of a tree on the servers of this run; return pytest's exit status and what it printed."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("SHANGLIANG_", "PYTEST_"))}
    # By the directory of this run it is found, and ends with it.
    given = {"PYTHONPATH": f"{tree}:{PLUGIN}", servers.DIRECTORY: os.environ[servers.DIRECTORY]}
    given[servers.SETTINGS[servers.DATABASE]] = await asyncio.to_thread(servers.database_server)
    if servers.has_broker():
        broker = await asyncio.to_thread(servers.broker)
        given |= {servers.SETTINGS[servers.BROKER]: broker.url, servers.SETTINGS[servers.BROKER_API]: broker.api_url}
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *WARNED, *options, *SMOKE,
        cwd=tree, env={**kept, **given}, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
    )  # fmt: skip
    printed, _ = await process.communicate()
    return process.returncode, printed.decode()


@pytest.mark.timeout(1800)
async def test_former_releases_own_tests_pass_on_todays_schema(migrated_url: str, tmp_path: Path) -> None:
    try:
        former = find_former()
    except NoHistory as error:
        pytest.skip(f"there is no former release to try: {error}")
    if not await serves(migrated_url, former):
        reason = f"{HEAD} does not serve {former.name}, at {former.head}: a migration since is not `compatible`"
        if former.released:
            pytest.fail(f"{reason}, though a release expands before it contracts")
        pytest.skip(f"{reason}; before the first release none has to be")
    tree = tmp_path / "former"
    tree.mkdir()
    unpack(former.name, tree)
    status, told = await play(tree, "-p", "todays_schema")
    if status != pytest.ExitCode.OK and (await play(tree))[0] != pytest.ExitCode.OK:
        pytest.skip(f"tests of {former.name} fail on its own schema too, with the packages of today: {told[-2000:]}")
    assert status == pytest.ExitCode.OK, told
