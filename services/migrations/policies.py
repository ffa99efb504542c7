"""Row-level security: each table's policies, made from the declaration of what everybody sees."""

from collections.abc import Collection
from hashlib import sha256

from sqlalchemy import Connection, text

from services.core.rights import pads
from services.migrations.grants import OWNER, Login
from services.migrations.grants import TABLES as GRANTS
from services.migrations.roles import MATCH
from services.migrations.tables import metadata
from services.reads.policies import FUNCTIONS, TABLES, Kept

PLACED = {name for name, table in metadata.tables.items() if "division_number" in table.columns} & {
    name for name, given in GRANTS.items() if "INSERT" in given.get(Login.WRITE, "")
}
"""Tables whose rows are of a division, to which the API's writers add."""
SEARCHED = "search_document"
"""The table that is read by words."""

STANDING = """
SELECT relname AS name, relrowsecurity OR relforcerowsecurity AS forced, pg_get_userbyid(relowner) AS owner,
    CASE WHEN relrowsecurity AND relforcerowsecurity THEN (
        SELECT obj_description(oid, 'pg_policy') FROM pg_policy WHERE polrelid = pg_class.oid AND polname = 'owner'
    ) END AS made_of,
    (SELECT md5(string_agg(concat_ws(' ', polname, polcmd, polpermissive, polroles::text,
        pg_get_expr(polqual, polrelid), pg_get_expr(polwithcheck, polrelid)), ';' ORDER BY polname))
     FROM pg_policy WHERE polrelid = pg_class.oid) AS found
FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')
"""
"""Tables with their policies: what these were made of, as their comment says, and what they are now."""
POLICIES = "SELECT policyname FROM pg_policies WHERE schemaname = 'public' AND tablename = :table"
LEAKPROOF = f"SELECT proleakproof FROM pg_proc WHERE oid = '{MATCH}'::regprocedure"  # noqa: S608 -- a constant
SUPERUSER = "SELECT rolsuper FROM pg_roles WHERE rolname = current_user"
LAY_DOWN = """
INSERT INTO rights_key (one, inner_pad, outer_pad) VALUES (true, :inner, :outer)
ON CONFLICT (one) DO UPDATE SET inner_pad = excluded.inner_pad, outer_pad = excluded.outer_pad
WHERE (rights_key.inner_pad, rights_key.outer_pad) <> (excluded.inner_pad, excluded.outer_pad)
"""


def policies(table: str, owner: str) -> list[str]:
    """Return the statements that make a table's policies; none for one that everybody sees and that is of no place.

    The API's writers read every row, to refuse what they have to, and write rows of the caller's places alone.
    """
    kept, placed = TABLES.get(table), table in PLACED
    if not (isinstance(kept, Kept) or placed):
        return []
    owners = OWNER if owner == OWNER else f'{OWNER}, "{owner}"'
    made = [f"CREATE POLICY owner ON {table} TO {owners} USING (true) WITH CHECK (true)"]
    for login in GRANTS.get(table, {}):
        seen = kept.seen if login is Login.READ and isinstance(kept, Kept) else "true"
        check = "writes_in(division_number)" if login is Login.WRITE and placed else "true"
        way = f"FOR SELECT TO {login}" if login is Login.READ else f"TO {login}"
        checked = "" if login is Login.READ else f" WITH CHECK ({check})"
        made.append(f"CREATE POLICY {login.name.lower()} ON {table} {way} USING ({seen}){checked}")
    return made


def define_predicates(connection: Connection) -> None:
    """Define the functions that policies call; where the schema has no rights to ask for, there are none.

    In the caller's transaction, before the grants, which say who calls them and as whom they run.
    """
    for signature, body in FUNCTIONS.items() if _asks_rights(connection) else ():
        connection.exec_driver_sql(
            f"CREATE OR REPLACE FUNCTION {signature} RETURNS BOOLEAN LANGUAGE sql STABLE SECURITY DEFINER "
            f"SET search_path = public, pg_temp AS $${body}$$"
        )


def apply_policies(connection: Connection, key: bytes | None) -> Collection[str]:
    """Each table has the policies of the declaration, enabled and forced, and no others; the roles must be there.

    In the caller's transaction, after the grants, by which tables have their owner. One whose policies are those
    already is not locked. Rights are signed by `key` from now on, where one is given. Returns the tables that are left
    open, for whoever migrates is no superuser and nobody marked the operator of words as leakproof.
    """
    if not _asks_rights(connection):
        return ()
    if key is not None:
        inner, outer = pads(key)
        connection.execute(text(LAY_DOWN), {"inner": inner, "outer": outer})
    changed = dict[str, str]()
    left = () if _is_leakproof(connection) else (SEARCHED,)
    for row in connection.execute(text(STANDING)).all():
        wanted = [] if row.name in left else policies(row.name, row.owner)
        digest = sha256("\n".join(wanted).encode()).hexdigest()
        if row.made_of != f"{digest} {row.found}" if wanted else row.forced:
            _replace(connection, row.name, wanted)
            changed[row.name] = digest
    for row in connection.execute(text(STANDING)).all() if changed else ():
        if row.found and row.name in changed:
            comment = f"{changed[row.name]} {row.found}"
            connection.exec_driver_sql(f"COMMENT ON POLICY owner ON {row.name} IS '{comment}'")
    return left


def _asks_rights(connection: Connection) -> bool:
    return bool(connection.execute(text("SELECT to_regprocedure('right_to(text)') IS NOT NULL")).scalar())


def _is_leakproof(connection: Connection) -> bool:
    """Tell whether the operator of words is marked, which a superuser does here."""
    if connection.execute(text(LEAKPROOF)).scalar():
        return True
    if not connection.execute(text(SUPERUSER)).scalar():
        return False
    connection.exec_driver_sql(f"ALTER FUNCTION {MATCH} LEAKPROOF")
    return True


def _replace(connection: Connection, table: str, wanted: Collection[str]) -> None:
    """Make a table's policies those that are wanted; without any it is open."""
    for name in connection.execute(text(POLICIES), {"table": table}).scalars().all():
        connection.exec_driver_sql(f'DROP POLICY "{name}" ON {table}')
    for way in ("ENABLE", "FORCE") if wanted else ("DISABLE", "NO FORCE"):
        connection.exec_driver_sql(f"ALTER TABLE {table} {way} ROW LEVEL SECURITY")
    for statement in wanted:
        connection.exec_driver_sql(statement)
