"""A process looks at its account before it does anything."""

import asyncio
import sys
from asyncio.subprocess import PIPE
from collections.abc import AsyncIterator

import asyncpg
import pytest
from sqlalchemy.engine import make_url
from structlog.testing import capture_logs

from deploy.addresses import DatabaseAddresses, hold_rights, setting_of
from deploy.servers.errors import ServerError
from services.core.settings import Settings
from services.migrations.current import takes_rights
from services.migrations.grants import OWNER, Login
from tests.servers import execute, login_url, open_as, settings_of

PRODUCTION = Settings(environment="production")
DEVELOPMENT = Settings(environment="development")


@pytest.fixture
async def member_url(migrated_url: str) -> AsyncIterator[str]:
    """The database with an account that may do all that the owner may."""
    name = f"member_{make_url(migrated_url).database}"
    await execute(f"CREATE ROLE {name} LOGIN PASSWORD 'secret' IN ROLE {OWNER}")
    yield make_url(migrated_url).set(username=name, password="secret").render_as_string(hide_password=False)
    await execute(f"DROP ROLE {name}")


@pytest.mark.parametrize("login", Login)
async def test_process_starts_with_its_own_account(migrated_url: str, login: Login) -> None:
    with capture_logs() as logs:
        await hold_rights(PRODUCTION, login_url(migrated_url, login), login)
    assert logs == []


@pytest.mark.parametrize("login", Login)
async def test_superuser_is_refused_in_production_and_warned_of_else(migrated_url: str, login: Login) -> None:
    with pytest.raises(
        ServerError, match=rf"account \w+ is a superuser.*SHANGLIANG_{login.name}_DATABASE_URL.*{login}"
    ):
        await hold_rights(PRODUCTION, migrated_url, login)
    with capture_logs() as logs:
        await hold_rights(DEVELOPMENT, migrated_url, login)
    (said,) = logs
    assert (said["log_level"], said["excess"]) == ("warning", "is a superuser")


async def test_owner_is_refused_in_production(member_url: str) -> None:
    with pytest.raises(ServerError, match="owns the tables"):
        await hold_rights(PRODUCTION, member_url, Login.WRITE)


@pytest.mark.parametrize("login", [one for one in Login if one is not Login.READ])
async def test_account_that_writes_is_refused_for_reads(migrated_url: str, login: Login) -> None:
    with pytest.raises(ServerError, match="may write, and reads go by it"):
        await hold_rights(PRODUCTION, login_url(migrated_url, login), Login.READ)


async def test_account_that_makes_roles_is_refused(migrated_url: str) -> None:
    name = f"maker_{make_url(migrated_url).database}"
    await execute(f"CREATE ROLE {name} LOGIN CREATEROLE PASSWORD 'secret'")
    url = make_url(migrated_url).set(username=name, password="secret").render_as_string(hide_password=False)
    try:
        with pytest.raises(ServerError, match="may make roles"):
            await hold_rights(PRODUCTION, url, Login.RELAY)
    finally:
        await execute(f"DROP ROLE {name}")


async def test_account_that_is_not_let_in_is_told_what_makes_it(migrated_url: str) -> None:
    url = make_url(login_url(migrated_url, Login.RELAY)).set(password="wrong").render_as_string(hide_password=False)
    with pytest.raises(ServerError, match=r"does not let shangliang_relay in: .*`shangliang migrate` makes"):
        await hold_rights(PRODUCTION, url, Login.RELAY)


async def said(*words: str, **environment: str) -> tuple[int | None, str]:
    """Return how a command ends, and what it says."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "deploy", *words, env=environment, stdout=PIPE, stderr=PIPE
    )
    _, errors = await process.communicate()
    return process.returncode, errors.decode()


@pytest.mark.parametrize("words", [("serve",), ("deliveries", "list")])
async def test_command_refuses_a_superuser_in_one_line(migrated_url: str, words: tuple[str, ...]) -> None:
    settings = {"SHANGLIANG_ENVIRONMENT": "production", "SHANGLIANG_OIDC_ISSUER": "https://issuer.example.org"}
    status, lines = await said(*words, **settings, SHANGLIANG_DATABASE_URL=migrated_url)
    assert (status, lines.count("\n")) == (1, 1)
    assert "is a superuser, which no process may in production: set SHANGLIANG_" in lines


async def test_command_without_its_address_says_which_is_missing(migrated_url: str) -> None:
    reads = settings_of(migrated_url) | {"SHANGLIANG_OPERATOR_DATABASE_URL": ""}
    del reads["SHANGLIANG_OPERATOR_DATABASE_URL"]
    for words, missing in (
        (("deliveries", "list"), "SHANGLIANG_OPERATOR_DATABASE_URL"),
        (("migrate",), "SHANGLIANG_DATABASE_URL"),
    ):
        status, lines = await said(*words, **reads)
        assert (status, lines.count("\n")) == (1, 1)
        assert missing in lines


async def test_migration_lets_the_roles_of_the_settings_in(migrated_url: str) -> None:
    """By what their addresses say; an account of another name is left to who made it."""
    urls = {setting_of(login): login_url(migrated_url, login) for login in Login}
    urls["read_database_url"] = make_url(urls["read_database_url"]).set(username="app_read").render_as_string()
    addresses = DatabaseAddresses.of(Settings(**urls))  # type: ignore[arg-type]
    assert set(addresses.passwords) == set(Login) - {Login.READ}
    status, lines = await said("migrate", SHANGLIANG_DATABASE_URL=migrated_url, **settings_of(migrated_url))
    assert (status, "password" in lines.lower()) == (0, False)
    connection = await asyncpg.connect(login_url(migrated_url, Login.INTAKE))
    assert await connection.fetchval("SELECT session_user::text") == Login.INTAKE
    await connection.close()


async def test_roles_tells_how_they_stand_and_how_they_are_made(migrated_url: str) -> None:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "deploy", "roles", env={"SHANGLIANG_DATABASE_URL": migrated_url}, stdout=PIPE
    )
    shown, _ = await process.communicate()
    assert [line.split(maxsplit=1) for line in shown.decode().splitlines()] == [
        [OWNER, "does not log in"], *([str(login), "logs in"] for login in Login)
    ]  # fmt: skip


async def test_service_whose_rights_the_database_does_not_take_starts_not(migrated_url: str) -> None:
    """The key is another one than the readers' password stands for, or was never laid down."""
    settings = settings_of(migrated_url) | {"SHANGLIANG_OIDC_ISSUER": "https://issuer.example.org"}
    connection = await asyncpg.connect(migrated_url)
    try:
        for change in ("UPDATE rights_key SET inner_pad = outer_pad", "DELETE FROM rights_key"):
            await connection.execute(change)
            status, lines = await said("serve", **settings)
            assert (status, lines.count("\n")) == (1, 1)
            assert "run `shangliang migrate` with the same address set" in lines
            assert "SHANGLIANG_READ_DATABASE_URL" in lines
        status, _ = await said("migrate", SHANGLIANG_DATABASE_URL=migrated_url, **settings)
        assert status == 0
        db = await open_as(migrated_url)
        assert await takes_rights(db.reads)
        await db.close()
    finally:
        await connection.close()
