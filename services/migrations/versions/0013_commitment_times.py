"""When a department answered a commitment, and when it called it done; of old ones their versions tell it."""

from services.migrations.statements import execute

revision = "0013_commitment_times"
down_revision = "0012_lists"
branch_labels = None
depends_on = None

TABLES = ("commitment", "commitment_history")
COLUMNS = ("answered_at", "completed_at")
ADDED = "ADD COLUMN {1} TIMESTAMP WITH TIME ZONE CONSTRAINT ck_{0}_{1}_bound CHECK (in_range({1}))"
KNOWN = """
ALTER TABLE commitment DISABLE TRIGGER USER;
CREATE TEMPORARY TABLE version ON COMMIT DROP AS
SELECT id, recorded_at, status FROM commitment UNION ALL SELECT id, recorded_at, status FROM commitment_history;
CREATE INDEX ON version (id, recorded_at);
{updates}
ALTER TABLE commitment ENABLE TRIGGER USER;
"""
UPDATE = """
UPDATE {0} AS told SET
    answered_at = (
        SELECT min(recorded_at) FROM version
        WHERE version.id = told.id AND recorded_at <= told.recorded_at AND status NOT IN ('ASSIGNED', 'WITHDRAWN')
    ),
    completed_at = CASE WHEN status IN ('DONE', 'VERIFIED') THEN (
        SELECT min(recorded_at) FROM version
        WHERE version.id = told.id AND recorded_at <= told.recorded_at AND recorded_at > coalesce((
            SELECT max(recorded_at) FROM version
            WHERE version.id = told.id AND recorded_at < told.recorded_at AND status NOT IN ('DONE', 'VERIFIED')
        ), '-infinity')
    ) END
WHERE status <> 'ASSIGNED';
"""


def upgrade() -> None:
    """Bring the schema to this revision."""
    for table in TABLES:
        execute(f"ALTER TABLE {table} {', '.join(ADDED.format(table, column) for column in COLUMNS)}")
    execute(
        KNOWN.format(updates="".join(UPDATE.format(table) for table in TABLES)) + "SELECT define_as_of('commitment')"
    )


def downgrade() -> None:
    """Bring the schema back to the revision before."""
    execute("DROP FUNCTION commitment_as_of(TIMESTAMP WITH TIME ZONE)")
    for table in TABLES:
        execute(f"ALTER TABLE {table} {', '.join(f'DROP COLUMN {column}' for column in COLUMNS)}")
    execute("SELECT define_as_of('commitment')")
