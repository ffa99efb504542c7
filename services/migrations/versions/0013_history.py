"""Former versions of what changes in the course of a consultation, and functions that give a table as it stood."""

from alembic import op

from services.migrations.statements import execute_beside

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

TABLES = ("topic", "platform", "matter", "annual_plan", "plan_item", "session", "commitment", "conversion")


def upgrade() -> None:
    """Bring the schema to this revision."""
    execute_beside(__file__)


def downgrade() -> None:
    """Bring the schema back to the revision before."""
    op.drop_index("ix_involvement_topic_id")
    for table in TABLES:
        op.execute(f"DROP TRIGGER keep_history ON {table}")
        op.execute(f"DROP FUNCTION {table}_as_of")
        op.drop_table(f"{table}_history")
        op.drop_column(table, "recorded_at")
    for function in ("define_as_of", "keep_history", "recording_instant"):
        op.execute(f"DROP FUNCTION {function}")
