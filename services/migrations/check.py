"""What pending migrations lock, and for how long: found by running them, all in one transaction that is rolled back."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from time import monotonic

from alembic import command
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import NullPool

from services.core.engines import open_engine, sqlstate
from services.migrations.errors import LocksNotGiven
from services.migrations.policies import apply_policies, define_predicates
from services.migrations.roles import NAMES, apply_grants
from services.migrations.run import GIVEN_WAY, alone, configuration, start_of

MODES = {
    "RowShareLock": "",
    "RowExclusiveLock": "",
    "ShareUpdateExclusiveLock": "no other change of the schema",
    "ShareLock": "writes wait",
    "ShareRowExclusiveLock": "writes wait",
    "ExclusiveLock": "writes wait",
    "AccessExclusiveLock": "reads and writes wait",
}
"""PostgreSQL's modes of locks of tables, the weakest first, with what they hold up beside schema changes; plain reads
take a weaker one, which is left out."""
LOCKS = """
SELECT relname, mode FROM pg_locks JOIN pg_class ON pg_class.oid = relation
WHERE pid = pg_backend_pid() AND locktype = 'relation' AND granted
  AND relkind IN ('r', 'p') AND relnamespace = 'public'::regnamespace
"""
TABLES = "SELECT relname FROM pg_class WHERE relkind IN ('r', 'p') AND relnamespace = 'public'::regnamespace"
THERE = "SELECT count(*) FROM pg_roles WHERE rolname = ANY(:names)"
RIGHTS = "rights and policies"


@dataclass(frozen=True, slots=True)
class Step:
    """A pending migration, or what `migrate` does after all of them."""

    name: str
    seconds: float
    locks: Mapping[str, str]
    """The strongest mode of each table that it locks first, or more strongly than those before it."""


async def check(url: str, *, key: bytes | None = None, lock_s: float) -> list[Step]:
    """Run what is pending and roll it back; return what each step locked, and how long it took.

    Locks are those of a real migration and are held for as long, so others wait as they would; none is waited for
    longer than `lock_s`. Raises what `migrate` raises.
    """
    engine = open_engine(url, poolclass=NullPool)
    try:
        async with engine.connect() as connection:
            transaction = await connection.begin()
            try:
                return await connection.run_sync(_tried, key, lock_s)
            except DBAPIError as error:
                if sqlstate(error) in GIVEN_WAY:
                    raise LocksNotGiven(lock_s, 1) from error
                raise
            finally:
                await transaction.rollback()
    finally:
        await engine.dispose()


def _tried(connection: Connection, key: bytes | None, lock_s: float) -> list[Step]:
    """Run what is pending in the caller's transaction."""
    alone(connection, lock_s)
    config = configuration(connection)
    current = start_of(connection, config)
    script = ScriptDirectory.from_config(config)
    there = set(connection.execute(text(TABLES)).scalars())
    steps: list[Step] = []
    held: dict[str, str] = {}

    def after(name: str, since: float) -> None:
        seconds = monotonic() - since
        found = strongest([(table, mode) for table, mode in connection.execute(text(LOCKS))])
        new = {table: mode for table, mode in found.items() if table in there and held.get(table) != mode}
        held.update(found)
        steps.append(Step(name, seconds, new))

    held |= strongest([(table, mode) for table, mode in connection.execute(text(LOCKS))])
    pending = list(script.iterate_revisions("head", current or "base"))[::-1]
    for step in pending:
        since = monotonic()
        command.upgrade(config, step.revision)
        after(step.revision, since)
    if connection.execute(text(THERE), {"names": list(NAMES)}).scalar_one() == len(NAMES):
        since = monotonic()
        define_predicates(connection)
        apply_grants(connection)
        apply_policies(connection, key)
        after(RIGHTS, since)
    return steps


def strongest(locks: Sequence[tuple[str, str]]) -> dict[str, str]:
    """Return the strongest mode in which each table is locked."""
    order: Collection[str] = tuple(MODES)
    found: dict[str, str] = {}
    for table, mode in locks:
        if mode in MODES and [*order].index(mode) >= [*order].index(found.get(table, mode)):
            found[table] = mode
    return found


def told(steps: Sequence[Step]) -> str:
    """Return steps as lines, each with its locks below it."""
    lines = []
    for step in steps:
        lines.append(f"{step.name}  {step.seconds:.2f} s{'' if step.locks else '  no locks that hold anybody up'}")
        width = max((len(table) for table in step.locks), default=0)
        for table, mode in sorted(step.locks.items()):
            lines.append(f"  {table:{width}}  {words(mode):22}  {MODES[mode]}".rstrip())
    return "\n".join(lines)


def words(mode: str) -> str:
    """Return a mode as PostgreSQL's manual writes it."""
    return "".join(f" {letter}" if letter.isupper() else letter for letter in mode.removesuffix("Lock")).strip().upper()
