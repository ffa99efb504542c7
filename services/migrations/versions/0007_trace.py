"""The trace: chains of acts to which the database lets nobody do but append."""

from alembic import op

from services.migrations.statements import execute_beside

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the schema to this revision."""
    execute_beside(__file__)


def downgrade() -> None:
    """Bring the schema back to the revision before."""
    for table in ("trace_entry", "trace_chain"):
        op.drop_table(table)
    for function in ("trace_is_append_only", "trace_chain_goes_forward"):
        op.execute(f"DROP FUNCTION {function}()")
