"""Reminders of notices that were not answered."""

from alembic import op

from services.migrations.statements import execute_beside

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the schema to this revision."""
    execute_beside(__file__)


def downgrade() -> None:
    """Bring the schema back to the revision before."""
    op.drop_index("ix_delivery_unanswered", "delivery")
    for column in ("reminded_at", "alerted_at"):
        op.drop_column("delivery", column)
