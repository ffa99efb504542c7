"""Which revision the schema of a database is at, and whether this version of the code works on it."""

from pathlib import Path

import structlog

from services.core.pipeline import ReadFailed
from services.core.readers import ReadTx
from services.migrations.errors import SchemaUnfit

REVISIONS = tuple(sorted(path.stem for path in (Path(__file__).parent / "versions").glob("[0-9]*.py")))
"""The revisions that this version knows, the oldest first: each is called as its file."""
HEAD = REVISIONS[-1]
"""The revision that it works on."""
CURRENT = "SELECT coalesce(max(version_num), '')::text FROM alembic_version"
UNDEFINED_TABLE, INSUFFICIENT_PRIVILEGE = "42P01", "42501"

log = structlog.get_logger()


async def require_schema(reads: ReadTx) -> None:
    """Require that the schema is at HEAD; what a role may not look at is taken on trust, and logged.

    Raises SchemaUnfit; DomainError where the database does not reply.
    """
    try:
        found = (await reads.read_json(CURRENT, ())).decode()
    except ReadFailed as error:
        if error.code == INSUFFICIENT_PRIVILEGE:
            log.warning("the schema's revision is not known", reason=error.message)
            return
        if error.code != UNDEFINED_TABLE:
            raise
        found = ""
    if found != HEAD:
        raise SchemaUnfit(found, HEAD, newer=bool(found) and found > HEAD)
