"""Which revision the schema of a database is at, and whether this version of the code works on it."""

from pathlib import Path

import structlog

from services.core.pipeline import ReadFailed
from services.core.readers import ReadTx
from services.core.rights import SERVICE
from services.migrations.errors import SchemaUnfit
from services.migrations.grants import Login

REVISIONS = tuple(sorted(path.stem for path in (Path(__file__).parent / "versions").glob("[0-9]*.py")))
"""The revisions that this version knows, the oldest first: each is called as its file."""
HEAD = REVISIONS[-1]
"""The revision that it works on."""
SERVES = "serves"
"""The column, beside the revision, of the oldest revision whose version of the code works on the schema too."""
CURRENT = f"""
SELECT coalesce(max(concat_ws(' ', version_num, to_jsonb(alembic_version) ->> '{SERVES}')), '')::text
FROM alembic_version
"""  # noqa: S608 -- a constant
OWN_RIGHTS = f"""
SELECT CASE WHEN row_security_active('topic') AND pg_has_role(current_user, to_regrole('{Login.READ}'), 'USAGE')
    THEN coalesce(right_to('service'), '') ELSE 'of no use' END
"""
UNDEFINED_TABLE, INSUFFICIENT_PRIVILEGE = "42P01", "42501"

log = structlog.get_logger()


async def require_schema(reads: ReadTx) -> None:
    """Require that the schema serves this version; what a role may not look at is taken on trust, and logged.

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
    revision, _, serves = found.partition(" ")
    if not fits(revision, serves or None):
        raise SchemaUnfit(revision, HEAD, newer=revision > HEAD)


def fits(revision: str, serves: str | None, head: str = HEAD) -> bool:
    """Tell whether the code of a head works on a schema: on its own, and on a newer one that serves it."""
    return revision == head or (revision > head and serves is not None and serves <= head)


async def takes_rights(reads: ReadTx) -> bool:
    """Tell whether the database takes the rights that this process signs, or asks for none of its account.

    Raises DomainError where the database does not reply.
    """
    try:
        return bool(await reads.read_json(OWN_RIGHTS, (), SERVICE))
    except ReadFailed as error:
        if error.code != INSUFFICIENT_PRIVILEGE:
            raise
        return False
