"""The schema of the first release, one SQL file for each part of it."""

import re
from pathlib import Path

from alembic import op

from services.migrations.statements import execute

revision = "0001_baseline"
down_revision = None
branch_labels = None
depends_on = None

FILES = sorted(Path(__file__).with_name("baseline").glob("*.sql"))
"""In the order in which they run."""
CREATED = re.compile(
    r"^CREATE (TABLE|SEQUENCE|FUNCTION|EXTENSION) (?:IF NOT EXISTS )?(\w+(?:\([^)]*\))?)", re.MULTILINE
)


def upgrade() -> None:
    """Bring the schema to this revision."""
    for file in FILES:
        execute(file.read_text(encoding="utf-8"))


def downgrade() -> None:
    """Drop everything that the files create, the last first; what the tables carry goes with them."""
    created = [thing for file in FILES for thing in CREATED.findall(file.read_text(encoding="utf-8"))]
    for kind, name in reversed(created):
        op.execute(f"DROP {kind} IF EXISTS {name} CASCADE")
