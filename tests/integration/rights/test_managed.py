"""Servers whose administrator is no superuser but may make roles, as managed ones have it."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import TypeAlias

import asyncpg
import pytest
from sqlalchemy.engine import make_url

from deploy.servers import postgres
from deploy.servers.binaries import find_binaries
from deploy.servers.errors import ServerError
from deploy.servers.postgres import EmbeddedPostgres
from services.migrations.grants import OWNER, Login
from services.migrations.roles import NAMES, Made
from services.migrations.run import migrate
from tests.attacks import REFUSED
from tests.integration.rights.test_grants import OTHERS

Connection: TypeAlias = "asyncpg.Connection[asyncpg.Record]"

FIRST_WITH_OPTIONS = 16
"""The major version from which on who makes a role may not act as it by that alone."""
PASSWORDS: dict[Login, str | None] = {login: f"secret of {login}" for login in Login}


class Managed:
    """A cluster without the roles, with accounts that may make roles, each with a database of its own."""

    def __init__(self, server: EmbeddedPostgres, administrator: Connection, major: int) -> None:
        self._server = server
        self.administrator = administrator
        self.major = major

    async def account(self, name: str) -> str:
        """Return the address of a new database of a new account."""
        await self.administrator.execute(f"CREATE ROLE {name} LOGIN CREATEROLE CREATEDB PASSWORD 'secret'")
        return await self.database(name, name)

    async def database(self, name: str, account: str) -> str:
        """Return an account's address of a new database of its own."""
        await self.administrator.execute(f"CREATE DATABASE {name} OWNER {account}")
        return self.url(name, account, "secret")

    def url(self, database: str, account: str, password: str | None) -> str:
        url = make_url(self._server.url_of(database)).set(username=account, password=password)
        return url.render_as_string(hide_password=False)

    async def others(self, database: str) -> list[str]:
        """Return what in a database is not the owner's."""
        connection = await asyncpg.connect(self._server.url_of(database))
        found = [str(row[0]) for row in await connection.fetch(OTHERS)]
        await connection.close()
        return found


@pytest.fixture(params=[15, None], ids=["15", "own"])
async def managed(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Managed]:
    try:
        binaries = find_binaries(request.param)
    except ServerError:
        pytest.skip(f"there is no PostgreSQL {request.param}")
    monkeypatch.setattr(postgres, "find_binaries", lambda _major=None: binaries)
    server = EmbeddedPostgres(tmp_path / "postgres", settings={"fsync": "off"})
    await asyncio.to_thread(server.start)
    administrator = await asyncpg.connect(server.url)
    try:
        yield Managed(server, administrator, binaries.major)
    finally:
        await administrator.close()
        await asyncio.to_thread(server.remove)


def told(made: Made) -> tuple[list[str], bool, bool, list[str]]:
    """Return which roles were made, whether all are there and own everything, and which could not be let in."""
    assert list(made.mighty) == []
    return [*made.made], made.complete, made.owned, [*made.locked]


async def test_account_that_makes_roles_gives_everything_to_the_owner(managed: Managed) -> None:
    url = await managed.account("manager")
    assert told(await migrate(url, passwords=PASSWORDS)) == ([*NAMES], True, True, [])
    assert told(await migrate(url, passwords=PASSWORDS)) == ([], True, True, [])
    assert told(await migrate(await managed.database("second", "manager"))) == ([], True, True, [])
    assert [await managed.others(name) for name in ("manager", "second")] == [[], []]
    for login, password in PASSWORDS.items():
        connection = await asyncpg.connect(managed.url("manager", login, password))
        assert await connection.fetchval("SELECT count(*) FROM topic") == 0
        for act in ("become the owner", "make a table", "make a temporary table", "empty a table", "disable a trigger"):
            with pytest.raises((asyncpg.InsufficientPrivilegeError, asyncpg.ReadOnlySQLTransactionError)):
                await connection.execute(REFUSED[act])
        await connection.close()


async def test_owner_that_was_made_without_its_rights_is_joined(managed: Managed) -> None:
    url = await managed.account("manager")
    connection = await asyncpg.connect(url)
    await connection.execute(f"CREATE ROLE {OWNER} NOLOGIN")
    await connection.close()
    assert told(await migrate(url)) == ([*Login], True, True, [])
    assert await managed.others("manager") == []


async def test_roles_of_another_account_are_left_as_they_are(managed: Managed) -> None:
    await migrate(await managed.account("manager"), passwords=PASSWORDS)
    url = await managed.account("other")
    made = await migrate(url, passwords=dict.fromkeys(Login, "another"))
    if managed.major < FIRST_WITH_OPTIONS:
        assert told(made) == ([], True, True, [])
        return
    assert told(made) == ([], True, False, [*Login])
    relay = await asyncpg.connect(managed.url("manager", Login.RELAY, PASSWORDS[Login.RELAY]))
    await relay.close()
    await managed.administrator.execute(f"GRANT {OWNER} TO other")
    assert told(await migrate(url)) == ([], True, True, [])
    assert await managed.others("other") == []
