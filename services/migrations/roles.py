"""The roles of the database: made in the cluster, then given their rights in one database."""

import asyncio
import base64
import hashlib
import hmac
import secrets
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import TypeAlias

import asyncpg
from sqlalchemy import Connection, text

from services.core.errors import InvalidInput
from services.migrations.grants import (
    AS_OF,
    BUILT_IN,
    FUNCTIONS,
    OWNER,
    SEQUENCES,
    TABLES,
    WITHDRAWN,
    Login,
    privileges,
)

Cluster: TypeAlias = "asyncpg.Connection[asyncpg.Record]"

NAMES = (OWNER, *Login)
HARMLESS = "NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS"
MIGHTY = "rolsuper OR rolcreatedb OR rolcreaterole OR rolreplication OR rolbypassrls"
"""Whether a role of pg_roles may more than HARMLESS."""
ATTRIBUTES = f"SELECT rolname, rolcanlogin, {MIGHTY} AS mighty FROM pg_roles WHERE rolname = ANY($1)"  # noqa: S608 -- a constant
WHO = "SELECT rolsuper, rolsuper OR rolcreaterole AS makes FROM pg_roles WHERE rolname = current_user"
MATCH = "pg_catalog.ts_match_vq(tsvector, tsquery)"
"""The operator @@. It tells nothing of a row but its result, though PostgreSQL does not say so of it: until it is
marked, no index of words is used where rows are kept back."""
BEFORE_16 = "current_setting('server_version_num')::int < 160000"
"""Whether who makes roles may change and give any of them; from PostgreSQL 16 on only where it has the ADMIN OPTION."""
ADMINISTERED = f"""
SELECT rolname FROM pg_roles
WHERE rolname = ANY($1) AND CASE WHEN {BEFORE_16} THEN true ELSE pg_has_role(oid, 'MEMBER WITH ADMIN OPTION') END
"""  # noqa: S608 -- constants
OWNS = f"pg_has_role('{OWNER}', 'USAGE') AND CASE WHEN {BEFORE_16} THEN true ELSE pg_has_role('{OWNER}', 'SET') END"
"""Whether the account may do what the owner may, and make things the owner's: who made a role need not, from 16 on."""
TRIES = 20
ROUNDS = 4096
"""Iterations of SCRAM, as PostgreSQL's own."""


@dataclass(frozen=True, slots=True)
class Made:
    """What became of the roles."""

    made: Collection[str] = ()
    missing: Collection[str] = ()
    """Those that are not there, and that whoever migrates may not make."""
    mighty: Collection[str] = ()
    """Those that may more than they should, and whoever migrates may not take it from them."""
    left_open: Collection[str] = ()
    """Tables that keep rows back and have no policies."""
    locked: Collection[str] = ()
    """Those that were to log in, and are not for whoever migrates to change."""
    owned: bool = False
    """Whether everything in the database is the owner's."""
    later: str | None = None
    """The revision of a later version that serves this one, where the schema is at it and was left as it is."""

    @property
    def complete(self) -> bool:
        """Whether all roles are there."""
        return not set(self.missing) - set(self.made)


async def make_roles(url: str, passwords: Mapping[Login, str | None] | None = None) -> Made:
    """Make the roles that the cluster lacks, let those that are given log in, by the password where there is one.

    Databases of one cluster may do so at once. Raises InvalidInput for a password that is not printable ASCII.
    """
    connection = await asyncpg.connect(url)
    try:
        for _ in range(TRIES):
            try:
                async with connection.transaction():
                    return await _make(connection, passwords or {})
            except (asyncpg.UniqueViolationError, asyncpg.DuplicateObjectError, asyncpg.InternalServerError):
                await asyncio.sleep(0.01 + secrets.randbelow(100) / 1000)  # another one was making the same role
        async with connection.transaction():
            return await _make(connection, passwords or {})
    finally:
        await connection.close()


async def _make(connection: Cluster, passwords: Mapping[Login, str | None]) -> Made:
    """Make and mend the roles, in the caller's transaction."""
    who = await connection.fetchrow(WHO)
    there = {row["rolname"]: row for row in await connection.fetch(ATTRIBUTES, list(NAMES))}
    missing = [name for name in NAMES if name not in there]
    mighty = [name for name, row in there.items() if row["mighty"]]
    if who is None or not who["makes"]:
        return Made(missing=missing, mighty=mighty)
    for name in missing:
        await connection.execute(f"CREATE ROLE {name} {HARMLESS} NOLOGIN")
        if name == Login.READ:
            await connection.execute(f"ALTER ROLE {name} SET default_transaction_read_only = on")
    for name in mighty if who["rolsuper"] else ():
        await connection.execute(f"ALTER ROLE {name} {HARMLESS}")
    administered = {row["rolname"] for row in await connection.fetch(ADMINISTERED, list(NAMES))}
    if OWNER in administered and not await connection.fetchval(f"SELECT {OWNS}"):
        before_16 = await connection.fetchval(f"SELECT {BEFORE_16}")
        options = "" if before_16 else " WITH INHERIT TRUE, SET TRUE"
        await connection.execute(f"GRANT {OWNER} TO CURRENT_USER{options}")
    for login in passwords.keys() & administered:
        await _let_in(connection, login, passwords[login], known=who["rolsuper"])
    return Made(
        made=missing,
        mighty=() if who["rolsuper"] else mighty,
        locked=[login for login in passwords if login not in administered],
    )


async def _let_in(connection: Cluster, login: Login, password: str | None, *, known: bool) -> None:
    """Let a role log in; nothing changes where it does so already, by this password. `known` are verifiers to read."""
    row = await connection.fetchrow(ATTRIBUTES, [login])
    if row is None or not row["rolcanlogin"]:
        await connection.execute(f"ALTER ROLE {login} LOGIN")
    if password is None:
        return
    stands = await connection.fetchval("SELECT rolpassword FROM pg_authid WHERE rolname = $1", login) if known else None
    if not verifies(stands, password):
        await connection.execute(f"ALTER ROLE {login} PASSWORD '{verifier(password)}'")


def verifier(password: str, salt: bytes | None = None, rounds: int = ROUNDS) -> str:
    """Return what PostgreSQL keeps of a password (RFC 5803), so that the password itself is neither sent nor logged.

    Raises InvalidInput for one that is not printable ASCII, which would have to be prepared first (RFC 4013).
    """
    if not (password.isascii() and password.isprintable()):
        raise InvalidInput("A password of the database takes printable ASCII characters only.")
    salt = secrets.token_bytes(16) if salt is None else salt
    salted = hashlib.pbkdf2_hmac("sha256", password.encode(), salt, rounds)
    stored = hashlib.sha256(hmac.digest(salted, b"Client Key", "sha256")).digest()
    server = hmac.digest(salted, b"Server Key", "sha256")
    salt_text, stored_text, server_text = (base64.b64encode(part).decode() for part in (salt, stored, server))
    return f"SCRAM-SHA-256${rounds}:{salt_text}${stored_text}:{server_text}"


def verifies(stands: str | None, password: str) -> bool:
    """Tell whether what PostgreSQL keeps is of a password."""
    if stands is None or not stands.startswith("SCRAM-SHA-256$"):
        return False
    rounds, _, salt = stands.split("$")[1].partition(":")
    return hmac.compare_digest(stands, verifier(password, base64.b64decode(salt), int(rounds)))


OWNED = """
SELECT format('ALTER TABLE %s OWNER TO {owner}', oid::regclass) FROM pg_class
WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p', 'v', 'm')
  AND relowner <> '{owner}'::regrole AND {own}
UNION ALL
SELECT format('ALTER SEQUENCE %s OWNER TO {owner}', oid::regclass) FROM pg_class
WHERE relnamespace = 'public'::regnamespace AND relkind = 'S' AND relowner <> '{owner}'::regrole AND {own}
  AND NOT EXISTS (SELECT FROM pg_depend WHERE objid = pg_class.oid AND deptype IN ('a', 'i'))
UNION ALL
SELECT format('ALTER ROUTINE %s OWNER TO {owner}', oid::regprocedure) FROM pg_proc
WHERE pronamespace = 'public'::regnamespace AND proowner <> '{owner}'::regrole AND {own}
""".format(  # noqa: S608 -- constants
    owner=OWNER, own="NOT EXISTS (SELECT FROM pg_depend AS part WHERE part.objid = oid AND part.deptype = 'e')"
)
"""What changes hands: all but what belongs to an extension, and sequences that go with their tables."""

ROUTINES = """
SELECT oid::regprocedure::text, proname FROM pg_proc WHERE pronamespace = 'public'::regnamespace
AND NOT EXISTS (SELECT FROM pg_depend WHERE objid = pg_proc.oid AND deptype = 'e')
"""
RISKY = f"""
SELECT oid::regprocedure::text FROM pg_proc
WHERE pronamespace = 'pg_catalog'::regnamespace AND proname ~ '{WITHDRAWN}'
"""  # noqa: S608 -- a constant
COLUMNS = """
SELECT relname, array_agg(attname::text) FROM pg_class JOIN pg_attribute ON attrelid = pg_class.oid
WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p') AND attnum > 0 AND NOT attisdropped
GROUP BY relname
"""
PRESENT = "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind::text = ANY(:kinds)"
RIGHTS = f"""
SELECT rolsuper, {OWNS} AS owns, current_database() AS name
FROM pg_roles WHERE rolname = current_user
"""  # noqa: S608 -- a constant


def apply_grants(connection: Connection) -> bool:
    """Everything of the database belongs to the owner, and each role has the rights of the table of grants, no more.

    In the caller's transaction; the roles must be there. Who is no superuser leaves PostgreSQL's own functions as
    they are, and who may not act as the owner leaves things to whom they belong: returns whether they are the owner's.
    """
    who = connection.execute(text(RIGHTS)).one()
    database = '"' + who.name.replace('"', '""') + '"'
    everybody = f"PUBLIC, {', '.join(Login)}"
    _run(connection, [
        f"GRANT CONNECT ON DATABASE {database} TO {', '.join(NAMES)}",
        f"GRANT CREATE, TEMPORARY ON DATABASE {database} TO {OWNER}",
        f"REVOKE CREATE, TEMPORARY ON DATABASE {database} FROM {everybody}",
        f"GRANT USAGE, CREATE ON SCHEMA public TO {OWNER}",
        f"REVOKE CREATE ON SCHEMA public FROM {everybody}",
        f"GRANT USAGE ON SCHEMA public TO {', '.join(Login)}",
    ])  # fmt: skip
    if who.owns:
        _run(connection, connection.execute(text(OWNED)).scalars().all())
    _run(
        connection, [f"REVOKE ALL ON ALL {kind} IN SCHEMA public FROM {everybody}" for kind in ("TABLES", "SEQUENCES")]
    )
    _run(connection, privileges(_columns(connection)))
    for sequence in SEQUENCES.keys() & _present(connection, "S"):
        _run(
            connection, [f"GRANT {may} ON SEQUENCE {sequence} TO {login}" for login, may in SEQUENCES[sequence].items()]
        )
    for signature, name in connection.execute(text(ROUTINES)):
        allowed = (
            AS_OF if name.removesuffix("_as_of") in TABLES and name.endswith("_as_of") else FUNCTIONS.get(name, ())
        )
        _run(connection, [f"REVOKE ALL ON ROUTINE {signature} FROM {everybody}"])
        _run(connection, [f"GRANT EXECUTE ON ROUTINE {signature} TO {login}" for login in allowed])
    if who.rolsuper:
        for signature in connection.execute(text(RISKY)).scalars().all():
            _run(connection, [f"REVOKE EXECUTE ON FUNCTION {signature} FROM {everybody}"])
        for signature, logins in BUILT_IN.items():
            _run(connection, [f"GRANT EXECUTE ON FUNCTION {signature} TO {', '.join(logins)}"])
    return bool(who.owns)


def _present(connection: Connection, *kinds: str) -> set[str]:
    """Return the names of the relations of some kinds."""
    return set(connection.execute(text(PRESENT), {"kinds": list(kinds)}).scalars())


def _columns(connection: Connection) -> Mapping[str, Collection[str]]:
    """Return the columns of each table."""
    return {name: set(columns) for name, columns in connection.execute(text(COLUMNS))}


def _run(connection: Connection, statements: Collection[str]) -> None:
    for statement in statements:
        connection.exec_driver_sql(statement)


def by_hand() -> str:
    """Return the SQL that a superuser runs in the database where whoever migrates may not make roles."""
    made = [f"CREATE ROLE {OWNER} {HARMLESS} NOLOGIN;"]
    made += [f"CREATE ROLE {login} {HARMLESS} LOGIN;  -- and its password: \\password {login}" for login in Login]
    needed = [
        f"GRANT EXECUTE ON FUNCTION {signature} TO {', '.join(logins)};" for signature, logins in BUILT_IN.items()
    ]
    return BY_HAND.format(
        made="\n".join(made),
        read=Login.READ,
        owner=OWNER,
        needed="\n".join(needed),
        match=MATCH,
        risky=" ".join(RISKY.split()),
    )


BY_HAND = """-- As a superuser, in the database. Put the account that migrates in the place of shangliang_migrator.
{made}
ALTER ROLE {read} SET default_transaction_read_only = on;
GRANT {owner} TO shangliang_migrator;
CREATE EXTENSION IF NOT EXISTS btree_gist;
ALTER FUNCTION {match} LEAKPROOF;
DO $$
DECLARE
    signature TEXT;
BEGIN
    EXECUTE format('REVOKE CREATE, TEMPORARY ON DATABASE %I FROM PUBLIC', current_database());
    EXECUTE format('GRANT CREATE, TEMPORARY ON DATABASE %I TO {owner}', current_database());
    REVOKE CREATE ON SCHEMA public FROM PUBLIC;
    GRANT USAGE, CREATE ON SCHEMA public TO {owner} WITH GRANT OPTION;
    FOR signature IN {risky} LOOP
        EXECUTE format('REVOKE EXECUTE ON FUNCTION %s FROM PUBLIC', signature);
    END LOOP;
END
$$;
{needed}
-- Then: shangliang migrate"""
