import re
from collections.abc import Collection, Mapping
from dataclasses import replace
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text
from sqlalchemy.pool import NullPool

from services.core.engines import open_engine
from services.migrations.errors import LAST_REPLACED, ReplacedRevision
from services.migrations.grants import Login
from services.migrations.policies import apply_policies, define_predicates
from services.migrations.roles import Made, apply_grants, make_roles

LOCK = 0x7368616E676C  # "shangl": one migration at a time, however many processes start at once


BASELINE = "0001_baseline"
REPLACED = re.compile(r"\d{4}")
"""The ids of the revisions that the baseline replaced."""


def configuration(connection: Connection | None = None) -> Config:
    """Return alembic's configuration, bound to a connection where one is given."""
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent))
    config.attributes["connection"] = connection
    return config


async def migrate(
    url: str, revision: str = "head", *, passwords: Mapping[Login, str | None] | None = None, key: bytes | None = None
) -> Made:
    """Bring a database's schema to a revision, up or down, in one transaction, and give each role its rights in it.

    The roles that the cluster lacks are made first; those with `passwords` log in. Returns what became of them: where
    one is missing that could not be made, nobody but who migrated has rights. Callers' rights are taken from then on
    that are signed by `key`; without one, those that were.

    `revision` is alembic's: `head`, `base`, a revision's id. A database at the last of the revisions that the baseline
    replaced has the baseline's schema and is marked so first. Raises ReplacedRevision where it is at an earlier one,
    and what `make_roles` raises.
    """
    roles = await make_roles(url, passwords)

    def change(connection: Connection) -> tuple[bool, Collection[str]]:
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": LOCK})
        config = configuration(connection)
        current = MigrationContext.configure(connection).get_current_revision()
        if current and REPLACED.fullmatch(current):
            if current != LAST_REPLACED:
                raise ReplacedRevision(current)
            command.stamp(config, BASELINE, purge=True)
            current = BASELINE
        if revision == "base" or (current and _is_older(config, revision, current)):
            command.downgrade(config, revision)
        else:
            command.upgrade(config, revision)
        if not roles.complete:
            return False, ()
        define_predicates(connection)
        return apply_grants(connection), apply_policies(connection, key)

    engine = open_engine(url, poolclass=NullPool)
    try:
        async with engine.begin() as connection:
            owned, left = await connection.run_sync(change)
    finally:
        await engine.dispose()
    return replace(roles, owned=owned, left_open=left)


def _is_older(config: Config, revision: str, current: str) -> bool:
    """Tell whether a revision lies beneath the current one."""
    script = ScriptDirectory.from_config(config)
    older = {step.revision for step in script.iterate_revisions(current, "base")} - {current}
    return script.get_revision(revision).revision in older
