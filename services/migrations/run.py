import re
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text
from sqlalchemy.pool import NullPool

from services.core.database import open_engine
from services.migrations.errors import LAST_REPLACED, ReplacedRevision

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


async def migrate(url: str, revision: str = "head") -> None:
    """Bring a database's schema to a revision, up or down, in one transaction.

    `revision` is alembic's: `head`, `base`, a revision's id. A database at the last of the revisions that the baseline
    replaced has the baseline's schema and is marked so first. Raises ReplacedRevision where it is at an earlier one.
    """

    def change(connection: Connection) -> None:
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

    engine = open_engine(url, poolclass=NullPool)
    try:
        async with engine.begin() as connection:
            await connection.run_sync(change)
    finally:
        await engine.dispose()


def _is_older(config: Config, revision: str, current: str) -> bool:
    """Tell whether a revision lies beneath the current one."""
    script = ScriptDirectory.from_config(config)
    older = {step.revision for step in script.iterate_revisions(current, "base")} - {current}
    return script.get_revision(revision).revision in older
