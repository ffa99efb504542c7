"""Replays and skips of notices; events by time."""

from alembic import op

from services.migrations.statements import execute_beside

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the schema to this revision."""
    execute_beside(__file__)


def downgrade() -> None:
    """Bring the schema back to the revision before."""
    op.drop_index("ix_event_occurred_at", "event")
    for column in ("replays", "replayed_at", "skipped_at", "skipped_by", "skip_reason"):
        op.drop_column("delivery", column)
