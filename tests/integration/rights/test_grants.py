"""What the roles of the database may do, and what none of them may."""

import asyncio
from collections.abc import AsyncIterator
from typing import TypeAlias

import asyncpg
import pytest
from sqlalchemy.engine import make_url

from services.core.errors import InvalidInput
from services.core.rights import SERVICE, TELL, Signer, key_of
from services.migrations.grants import OWNER, TABLES, Login
from services.migrations.roles import by_hand, make_roles, verifier, verifies
from services.migrations.tables import metadata
from services.search.reindex import reindex
from services.seeds.load import copy_rows
from services.seeds.scaffold import without_scaffold
from tests import servers
from tests.attacks import REFUSED
from tests.conftest import fresh_name, template
from tests.servers import execute, login_url, migrate
from tests.world import build

Connection: TypeAlias = "asyncpg.Connection[asyncpg.Record]"

APPEND_ONLY = (
    "trace_entry", "trace_chain", "verdict", "progress", "evidence", "activity", "duty_scheme", "duty_rule",
    "duty_grade", "duty_record", "attendance", "inbox_message", "restoration",
    *(name for name in TABLES if name.endswith("_history")),
)  # fmt: skip
"""What nobody changes or removes once it is written."""
REDACTED = ("verdict", "progress", "evidence", "activity")
"""Of which nothing changes but whether the public reads other words of it."""
OTHERWISE = """SELECT attname FROM pg_attribute WHERE attrelid = $1::text::regclass AND attnum > 0
AND has_column_privilege(attrelid, attnum, 'UPDATE')"""
TALLIES = ("tally", "resolution_tally", "due_tally", "platform_tally")


@pytest.fixture(scope="module")
async def granted_url() -> AsyncIterator[str]:
    """A database with the rights that a migration gives: those of the database itself do not come with a copy."""
    name = fresh_name()
    url = await servers.create_database(name, await template("migrated"))
    db = await servers.open_as(url)
    await build(db, url)
    await db.close()
    await migrate(url)
    yield url
    await servers.drop_databases(name)


@pytest.fixture
async def connection(request: pytest.FixtureRequest, granted_url: str) -> AsyncIterator[Connection]:
    """A connection as a role, that has taken off whatever a role can take off by itself; it changes nothing."""
    opened = await asyncpg.connect(login_url(granted_url, request.param))
    await opened.execute("SET default_transaction_read_only = off")
    await opened.execute("SET statement_timeout = 0")
    transaction = opened.transaction()
    await transaction.start()
    yield opened
    await transaction.rollback()
    await opened.close()


@pytest.fixture
async def owner(granted_url: str) -> AsyncIterator[Connection]:
    """A connection that may do everything."""
    opened = await asyncpg.connect(granted_url)
    yield opened
    await opened.close()


every_role = pytest.mark.parametrize("connection", Login, indirect=True)


@every_role
async def test_no_role_can(connection: Connection) -> None:
    for what, statement in REFUSED.items():
        try:
            async with connection.transaction():
                await connection.execute(statement)
        except asyncpg.InsufficientPrivilegeError:
            continue
        pytest.fail(f"{what}: {statement}")


@every_role
async def test_no_role_changes_what_is_only_added_to(connection: Connection) -> None:
    for table in (*APPEND_ONLY, *TALLIES):
        for privilege in ("DELETE", "TRUNCATE", "TRIGGER", "REFERENCES", "MAINTAIN"):
            asked = f"SELECT has_table_privilege('{table}', '{privilege}')"
            assert await connection.fetchval(asked) is False, (table, privilege)
        changed = {row[0] for row in await connection.fetch(OTHERWISE, table)}
        assert changed <= ({"redacted"} if table in REDACTED else set()), table
        if table.endswith(("_history", "_chain", "tally")):
            assert await connection.fetchval(f"SELECT has_any_column_privilege('{table}', 'INSERT')") is False, table


@pytest.mark.parametrize("connection", [Login.READ], indirect=True)
async def test_readers_write_nothing(connection: Connection) -> None:
    for table in TABLES:
        assert not await connection.fetchval(
            f"SELECT has_table_privilege('{table}', 'INSERT, UPDATE, DELETE, TRUNCATE')"
        )
        assert not await connection.fetchval(f"SELECT has_any_column_privilege('{table}', 'INSERT, UPDATE')"), table
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await connection.fetchval("SELECT nextval('feed_position')")


@pytest.mark.parametrize("connection", [one for one in Login if one is not Login.READ], indirect=True)
async def test_only_readers_have_the_installations_keys(connection: Connection) -> None:
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await connection.fetch("SELECT key FROM installation_key")


@pytest.mark.parametrize("connection", [Login.WRITE], indirect=True)
async def test_only_the_owner_says_when_a_change_was_recorded(connection: Connection, granted_url: str) -> None:
    key = key_of(login_url(granted_url, Login.READ))
    assert key is not None
    await connection.fetchval(TELL, (Signer(key).signed(SERVICE) or b"").decode())
    await connection.execute("SELECT set_config('shangliang.recording_instant', '2020-01-01T00:00:00Z', true)")
    with pytest.raises(asyncpg.InsufficientPrivilegeError, match="only the owner"):
        async with connection.transaction():
            await connection.execute("UPDATE topic SET title = '改'")
    await connection.execute("SELECT set_config('shangliang.recording_instant', '', true)")
    await connection.execute("UPDATE topic SET title = '改'")
    assert await connection.fetchval("SELECT count(*) FROM topic_history") == 3


@pytest.mark.parametrize("connection", [Login.WRITE], indirect=True)
async def test_entry_of_a_trace_follows_the_last_one(connection: Connection) -> None:
    topic = await connection.fetchval("SELECT id FROM topic LIMIT 1")
    await connection.execute("SELECT trace_head($1, NULL, gen_random_uuid())", topic)
    entry = (
        "INSERT INTO trace_entry (id, chain_id, sequence, at, act, actor_role, summary, evidence, previous_hash, hash) "
        "SELECT gen_random_uuid(), trace_chain.id, $1, now(), 'x', 'x', 'x', '[]', $2, sha256('x') FROM trace_chain"
    )
    for sequence, previous in ((2, bytes(32)), (1, b"x" * 32)):
        with pytest.raises(asyncpg.RestrictViolationError, match="follows the last one"):
            async with connection.transaction():
                await connection.execute(entry, sequence, previous)
    await connection.execute(entry, 1, bytes(32))
    head = await connection.fetchrow("SELECT last_sequence, last_hash = sha256('x') FROM trace_chain")
    assert head is not None
    assert tuple(head) == (1, True)


async def test_every_table_has_its_place_among_the_grants(owner: Connection) -> None:
    histories = {name for name in TABLES if name.endswith("_history")}
    assert set(TABLES) == {*metadata.tables, *histories, "alembic_version"}
    names = "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')"
    assert {row[0] for row in await owner.fetch(names)} == set(TABLES)
    assert [table for table, grants in TABLES.items() if not grants] == ["rights_key"]


async def test_everything_is_the_owners(owner: Connection) -> None:
    others = await owner.fetch(OTHERS)
    assert [row[0] for row in others] == []
    found = await owner.fetch(
        "SELECT rolsuper, rolcreaterole, rolcreatedb, rolbypassrls, rolreplication FROM pg_roles "
        "WHERE rolname = ANY($1)", [OWNER, *Login],
    )  # fmt: skip
    assert [tuple(row) for row in found] == [(False,) * 5] * (len(Login) + 1)
    definers = await owner.fetch("SELECT proconfig FROM pg_proc WHERE prosecdef")
    assert {tuple(row[0]) for row in definers} == {("search_path=public, pg_temp",)}


OTHERS = f"""
SELECT relname FROM pg_class AS it
WHERE relnamespace = 'public'::regnamespace AND relkind <> 'i' AND relowner <> '{OWNER}'::regrole
  AND NOT EXISTS (SELECT FROM pg_depend AS part WHERE part.objid = it.oid AND deptype = 'e')
UNION ALL SELECT proname FROM pg_proc AS it
WHERE pronamespace = 'public'::regnamespace AND proowner <> '{OWNER}'::regrole
  AND NOT EXISTS (SELECT FROM pg_depend AS part WHERE part.objid = it.oid AND deptype = 'e')
"""


async def test_rights_given_by_hand_are_taken_back(owner: Connection, granted_url: str) -> None:
    await owner.execute(f"GRANT UPDATE ON trace_entry TO {Login.WRITE}, PUBLIC")
    await owner.execute(f"GRANT UPDATE (name) ON division TO {Login.READ}")
    await migrate(granted_url)
    left = (
        f"SELECT has_any_column_privilege('{Login.WRITE}', 'trace_entry', 'UPDATE') "
        f"OR has_any_column_privilege('{Login.READ}', 'division', 'UPDATE')"
    )
    assert await owner.fetchval(left) is False


async def test_roles_are_made_once_by_however_many(granted_url: str) -> None:
    made = await asyncio.gather(*(make_roles(granted_url) for _ in range(4)))
    assert [one.complete for one in made] == [True] * 4


async def test_account_that_makes_no_roles_migrates_once_they_are_made_by_hand(empty_database_url: str) -> None:
    """The roles are there; the SQL that an administrator runs gives the rest."""
    migrator = f"migrator_{make_url(empty_database_url).database}"
    url = make_url(empty_database_url).set(username=migrator, password="secret").render_as_string(hide_password=False)
    await execute(f"CREATE ROLE {migrator} LOGIN PASSWORD 'secret'")
    administrator = await asyncpg.connect(empty_database_url)
    try:
        lines = by_hand().replace("shangliang_migrator", migrator).splitlines()
        await administrator.execute("\n".join(line for line in lines if not line.startswith("CREATE ROLE")))
        made = await migrate(url)
        assert (made.complete, made.owned, *map(list, (made.made, made.mighty, made.left_open))) == (
            True,
            True,
            [],
            [],
            [],
        )
        assert await administrator.fetch(OTHERS) == []
        reader = await asyncpg.connect(login_url(empty_database_url, Login.READ))
        assert await reader.fetchval("SELECT count(*) FROM topic") == 0
        await reader.execute("SET default_transaction_read_only = off")
        for refused in REFUSED.values():
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                async with reader.transaction():
                    await reader.execute(refused)
        await reader.close()
        assert await reindex(url) == 0
        own = await asyncpg.connect(url)
        async with own.transaction(), without_scaffold(own):
            assert await copy_rows(own, "topic", []) == 0
        assert await own.fetchval("SELECT count(*) FROM pg_class WHERE relrowsecurity AND NOT relforcerowsecurity") == 0
        await own.close()
    finally:
        await administrator.execute(f"DROP OWNED BY {migrator}; DROP ROLE {migrator}")
        await administrator.close()


async def test_account_that_makes_no_roles_is_told_which_are_missing(granted_url: str) -> None:
    made = await make_roles(login_url(granted_url, Login.OPERATOR))
    assert (list(made.made), made.missing, made.complete) == ([], [], True)


async def test_verifier_is_what_postgresql_keeps(owner: Connection, granted_url: str) -> None:
    kept = await owner.fetchval("SELECT rolpassword FROM pg_authid WHERE rolname = $1", Login.RELAY)
    password = make_url(login_url(granted_url, Login.RELAY)).password
    assert password is not None
    assert verifies(kept, password)
    assert not verifies(kept, f"{password}x")
    assert not verifies(None, password)
    with pytest.raises(InvalidInput, match="printable ASCII"):
        verifier("密码")
