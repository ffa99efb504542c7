"""Topics are scheduled for their next session, else for the last one held; outcomes keep what they were."""

from alembic import op

from services.migrations.statements import execute_beside

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the schema to this revision."""
    execute_beside(__file__)


def downgrade() -> None:
    """Bring the schema back to the revision before."""
    op.execute("DROP TRIGGER keep_history ON outcome")
    op.execute("DROP FUNCTION outcome_as_of(TIMESTAMP WITH TIME ZONE)")
    op.drop_table("outcome_history")
    op.drop_column("outcome", "recorded_at")
    op.drop_constraint("ck_topic_scheduled_for_next_session", "topic")
    op.drop_column("topic", "next_session_at")
    op.drop_column("topic_history", "next_session_at")
    op.execute("SELECT define_as_of('topic')")
