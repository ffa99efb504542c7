"""Loaded into the former release's tests, as pytest's plugin: their databases get the schema of today's migrations.

All that is imported here but this module is the former release's. It relies on one thing of its tests: that
`tests.servers.migrate(url, revision)` is what makes the schema of their databases.
"""

import asyncio
import os
import sys
from pathlib import Path

import pytest

from services.core.rights import key_of
from services.migrations.grants import Login
from services.migrations.roles import Made
from tests import servers

TODAY = Path(__file__).resolve().parents[3]
PROGRAM = """
import asyncio, sys
from services.migrations.run import migrate
asyncio.run(migrate(sys.argv[1], key=bytes.fromhex(sys.argv[2])))
"""
MIGRATED: list[str] = []
former_migrate = servers.migrate


async def migrate(url: str, revision: str = "head") -> Made:
    """Bring a database to today's schema, then let the former release's own migration find it so."""
    key = key_of(servers.login_url(url, Login.READ)) or b""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", PROGRAM, url, key.hex(), cwd=TODAY, env={**os.environ, "PYTHONPATH": str(TODAY)}
    )
    assert await process.wait() == 0
    MIGRATED.append(url)
    return await former_migrate(url, revision)


servers.migrate = migrate


@pytest.hookimpl(tryfirst=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """Fail where no database had today's schema: then nothing was tried."""
    if not MIGRATED:
        session.exitstatus = pytest.ExitCode.INTERNAL_ERROR
