"""Row-level security: each table's policies, made from the declaration of what everybody sees."""

from collections.abc import Collection
from hashlib import sha256

from sqlalchemy import Connection, text

from services.core.rights import pads
from services.migrations.grants import OWNER, Login
from services.migrations.grants import TABLES as GRANTS
from services.reads.policies import FUNCTIONS, TABLES, Kept

MATCH = "pg_catalog.ts_match_vq(tsvector, tsquery)"
"""The operator @@. It tells nothing of a row but its result, though PostgreSQL does not say so of it: until it is
marked, no index of words is used where rows are kept back."""
SEARCHED = "search_document"
"""The table that is read by these."""

STANDING = """
SELECT relname AS name, relrowsecurity AND relforcerowsecurity AS forced, pg_get_userbyid(relowner) AS owner,
    (SELECT obj_description(policy.oid, 'pg_policy') FROM pg_policy AS policy
     WHERE policy.polrelid = pg_class.oid AND policy.polname = 'owner') AS made_of
FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')
"""
POLICIES = "SELECT policyname FROM pg_policies WHERE schemaname = 'public' AND tablename = :table"
LEAKPROOF = f"SELECT proleakproof FROM pg_proc WHERE oid = '{MATCH}'::regprocedure"  # noqa: S608 -- a constant
SUPERUSER = "SELECT rolsuper FROM pg_roles WHERE rolname = current_user"
LAY_DOWN = """
INSERT INTO rights_key (one, inner_pad, outer_pad) VALUES (true, :inner, :outer)
ON CONFLICT (one) DO UPDATE SET inner_pad = excluded.inner_pad, outer_pad = excluded.outer_pad
WHERE (rights_key.inner_pad, rights_key.outer_pad) <> (excluded.inner_pad, excluded.outer_pad)
"""


def policies(table: str, owner: str) -> list[str]:
    """Return the statements that make the policies of a table with rows that not everybody sees."""
    kept = TABLES[table]
    if not isinstance(kept, Kept):
        return []
    owners = OWNER if owner == OWNER else f'{OWNER}, "{owner}"'
    made = [f"CREATE POLICY owner ON {table} TO {owners} USING (true) WITH CHECK (true)"]
    for login in GRANTS.get(table, {}):
        if login is Login.READ:
            made.append(f"CREATE POLICY {login.name.lower()} ON {table} FOR SELECT TO {login} USING ({kept.seen})")
        else:
            made.append(f"CREATE POLICY {login.name.lower()} ON {table} TO {login} USING (true) WITH CHECK (true)")
    return made


def apply_policies(connection: Connection, key: bytes | None) -> Collection[str]:
    """Each table has the policies of the declaration, enabled and forced, and no others; the roles must be there.

    In the caller's transaction. A table whose policies are those already is not locked. Rights are signed by `key` from
    now on, where one is given. Returns the tables that are left open, for whoever migrates is no superuser and nobody
    marked the operator of words as leakproof.
    """
    if connection.execute(text("SELECT to_regclass('rights_key')")).scalar() is None:
        return ()
    superuser = connection.execute(text(SUPERUSER)).scalar()
    leakproof = connection.execute(text(LEAKPROOF)).scalar()
    if superuser and not leakproof:
        connection.exec_driver_sql(f"ALTER FUNCTION {MATCH} LEAKPROOF")
        leakproof = True
    if key is not None:
        inner, outer = pads(key)
        connection.execute(text(LAY_DOWN), {"inner": inner, "outer": outer})
    for signature, body in FUNCTIONS.items():
        connection.exec_driver_sql(
            f"CREATE OR REPLACE FUNCTION {signature} RETURNS BOOLEAN LANGUAGE sql STABLE SECURITY DEFINER "
            f"SET search_path = public, pg_temp AS $${body}$$"
        )
    left = set[str]()
    for row in connection.execute(text(STANDING)).all():
        statements = policies(row.name, row.owner) if row.name in TABLES else []
        if row.name == SEARCHED and not leakproof:
            statements = []
            left.add(row.name)
        digest = sha256("\n".join(statements).encode()).hexdigest()
        if (row.forced and row.made_of == digest) or not (statements or row.forced):
            continue
        for name in connection.execute(text(POLICIES), {"table": row.name}).scalars().all():
            connection.exec_driver_sql(f'DROP POLICY "{name}" ON {row.name}')
        on = ("ENABLE", "FORCE") if statements else ("DISABLE", "NO FORCE")
        for way in on:
            connection.exec_driver_sql(f"ALTER TABLE {row.name} {way} ROW LEVEL SECURITY")
        for statement in statements:
            connection.exec_driver_sql(statement)
        if statements:
            connection.exec_driver_sql(f"COMMENT ON POLICY owner ON {row.name} IS '{digest}'")
    return left
