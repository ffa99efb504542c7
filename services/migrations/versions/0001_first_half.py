"""Tables of the first half of the domain."""

from alembic import op

from services.migrations.statements import execute_beside

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

TABLES = (
    "progress",
    "evidence",
    "delivery",
    "commitment",
    "session_topic",
    "outcome",
    "lane",
    "involvement",
    "event",
    "attendance",
    "topic",
    "session",
    "platform",
    "member",
    "liaison_group",
    "inbox_message",
    "department_channel",
    "department",
    "committee",
    "brand",
    "topic_number",
    "idempotency_key",
    "division",
)
"""In the order in which they can go."""


def upgrade() -> None:
    """Bring the schema to this revision."""
    execute_beside(__file__)


def downgrade() -> None:
    """Bring the schema back to the revision before."""
    for table in TABLES:
        op.drop_table(table)
    op.execute("DROP EXTENSION btree_gist")
