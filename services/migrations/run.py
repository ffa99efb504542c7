import asyncio
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from itertools import count
from pathlib import Path
from typing import TypeVar

import structlog
from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine
from sqlalchemy.pool import NullPool

from services.core.engines import open_engine, sqlstate
from services.core.settings import LOCK_S, TRIES
from services.migrations.current import CURRENT, HEAD, REVISIONS, SERVES, fits
from services.migrations.errors import LAST_REPLACED, LocksNotGiven, ReplacedRevision, SchemaUnfit
from services.migrations.grants import Login
from services.migrations.policies import apply_policies, define_predicates
from services.migrations.roles import Made, apply_grants, make_roles

log = structlog.get_logger()

Given = TypeVar("Given")

LOCK = 0x7368616E676C  # "shangl": one migration at a time, however many processes start at once


LONGEST_PAUSE_S = 30.0


@dataclass(frozen=True, slots=True)
class Patience:
    """How long a migration waits for a lock, and how often it is tried."""

    lock_s: float = LOCK_S
    tries: int = TRIES


PATIENCE = Patience()
GIVEN_WAY = frozenset({"55P03", "40P01"})
"""PostgreSQL's codes of a lock that was not given in time, and of a deadlock."""

BASELINE = "0001_baseline"
REPLACED = re.compile(r"\d{4}")
"""The ids of the revisions that the baseline replaced."""
HAS_SERVED = f"""
SELECT EXISTS (SELECT FROM pg_attribute
    WHERE attrelid = 'alembic_version'::regclass AND attname = '{SERVES}' AND NOT attisdropped)
"""  # noqa: S608 -- a constant


def configuration(connection: Connection | None = None) -> Config:
    """Return alembic's configuration, bound to a connection where one is given."""
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent))
    config.attributes["connection"] = connection
    return config


async def migrate(
    url: str,
    revision: str = "head",
    *,
    passwords: Mapping[Login, str | None] | None = None,
    key: bytes | None = None,
    patience: Patience = PATIENCE,
) -> Made:
    """Bring a database's schema to a revision, up or down, in one transaction, and give each role its rights in it.

    The roles that the cluster lacks are made first; those with `passwords` log in. Returns what became of them: where
    one is missing that could not be made, nobody but who migrated has rights. Callers' rights are taken from then on
    that are signed by `key`; without one, those that were. A lock is waited for with `patience`: then all is rolled
    back, others go first, and it is tried again.

    `revision` is alembic's: `head`, `base`, a revision's id. A database at the last of the revisions that the baseline
    replaced has the baseline's schema and is marked so first. One of a later version that serves this one stays as it
    is. Raises ReplacedRevision where it is at an earlier one, SchemaUnfit where it is at one that this version does not
    know otherwise, LocksNotGiven, and what `make_roles` raises.
    """
    roles = await make_roles(url, passwords)

    def change(connection: Connection) -> Made:
        alone(connection, patience.lock_s)
        config = configuration(connection)
        current = start_of(connection, config)
        if current and current not in REVISIONS:
            if revision != "head" or not _serves_this(connection):
                raise SchemaUnfit(current, HEAD, newer=True)
            return replace(roles, owned=True, later=current)  # whose rights the later version gave
        if revision == "base" or (current and _is_older(config, revision, current)):
            command.downgrade(config, revision)
        else:
            command.upgrade(config, revision)
        keep_served(connection, ScriptDirectory.from_config(config))
        if not roles.complete:
            return roles
        define_predicates(connection)
        return replace(roles, owned=apply_grants(connection), left_open=apply_policies(connection, key))

    engine = open_engine(url, poolclass=NullPool)
    try:
        return await patiently(engine, change, patience)
    finally:
        await engine.dispose()


async def patiently(engine: AsyncEngine, change: Callable[[Connection], Given], patience: Patience) -> Given:
    """Make a change in a transaction, and again while it is not given a lock in time; return what it gives.

    Between two tries all is rolled back and others go first. Raises LocksNotGiven after the last.
    """
    for tried in count(1):
        try:
            async with engine.begin() as connection:
                return await connection.run_sync(change)
        except DBAPIError as error:
            if sqlstate(error) not in GIVEN_WAY:
                raise
            if tried == patience.tries:
                raise LocksNotGiven(patience.lock_s, patience.tries) from error
            pause_s = min(2.0 ** (tried - 1), LONGEST_PAUSE_S)
            log.warning("a migration waits for a lock and lets others go first", again_in_s=pause_s)
            await asyncio.sleep(pause_s)
    raise AssertionError("it is tried once at least")


def alone(connection: Connection, lock_s: float) -> None:
    """Migrate alone in the caller's transaction, however long another one takes, and wait for other locks no longer.

    Whoever waits for a table's lock holds up all who come after, readers too.
    """
    connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": LOCK})
    connection.execute(text("SELECT set_config('lock_timeout', :most, true)"), {"most": f"{lock_s * 1000:.0f}ms"})


def start_of(connection: Connection, config: Config) -> str | None:
    """Return the revision that a database is at, None for none; the last replaced one is marked as the baseline.

    Raises ReplacedRevision for an earlier one.
    """
    current = MigrationContext.configure(connection).get_current_revision()
    if current and REPLACED.fullmatch(current):
        if current != LAST_REPLACED:
            raise ReplacedRevision(current)
        command.stamp(config, BASELINE, purge=True)
        return BASELINE
    return current


def keep_served(connection: Connection, script: ScriptDirectory) -> None:
    """Keep beside the revision which is the oldest whose version of the code works on the schema.

    A migration that declares itself `compatible` serves what the one before it serves.
    """
    current = MigrationContext.configure(connection).get_current_revision()
    if current is None:
        return
    oldest = script.get_revision(current)
    while getattr(oldest.module, "compatible", False) and isinstance(oldest.down_revision, str):
        oldest = script.get_revision(oldest.down_revision)
    if not connection.execute(text(HAS_SERVED)).scalar_one():
        connection.execute(text(f"ALTER TABLE alembic_version ADD COLUMN {SERVES} VARCHAR(32)"))
    connection.execute(text(f"UPDATE alembic_version SET {SERVES} = :oldest"), {"oldest": oldest.revision})  # noqa: S608 -- a constant


def _serves_this(connection: Connection) -> bool:
    """Tell whether a schema that this version does not know serves it."""
    revision, _, serves = str(connection.execute(text(CURRENT)).scalar_one()).partition(" ")
    return fits(revision, serves or None)


def _is_older(config: Config, revision: str, current: str) -> bool:
    """Tell whether a revision lies beneath the current one."""
    script = ScriptDirectory.from_config(config)
    older = {step.revision for step in script.iterate_revisions(current, "base")} - {current}
    return script.get_revision(revision).revision in older
