"""What lead departments were told of sessions without minutes."""

from alembic import op

from services.migrations.statements import execute_beside

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the schema to this revision."""
    execute_beside(__file__)


def downgrade() -> None:
    """Bring the schema back to the revision before."""
    op.drop_index("ix_session_without_minutes", "session")
    op.drop_column("session_topic", "overdue_told_at")
