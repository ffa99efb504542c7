"""What replies said that were taken in, and where they came from: an id is of one reply of its source."""

from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the schema to this revision. Of what was taken in before, neither is known."""
    op.execute("ALTER TABLE inbox_message ADD COLUMN source VARCHAR NOT NULL DEFAULT '', ADD COLUMN digest BYTEA")
    op.execute("ALTER TABLE inbox_message ALTER COLUMN source DROP DEFAULT")
    _key("department_id, source, message_id")


def downgrade() -> None:
    """Bring the schema back to the revision before: the first of several replies with an id stays."""
    op.execute("""
        DELETE FROM inbox_message USING inbox_message AS earlier
        WHERE earlier.department_id = inbox_message.department_id AND earlier.message_id = inbox_message.message_id
          AND (earlier.received_at, earlier.source) < (inbox_message.received_at, inbox_message.source)
    """)
    _key("department_id, message_id")
    op.execute("ALTER TABLE inbox_message DROP COLUMN source, DROP COLUMN digest")


def _key(columns: str) -> None:
    """Let the columns be the table's key."""
    op.execute("ALTER TABLE inbox_message DROP CONSTRAINT pk_inbox_message")
    op.execute(f"ALTER TABLE inbox_message ADD CONSTRAINT pk_inbox_message PRIMARY KEY ({columns})")
