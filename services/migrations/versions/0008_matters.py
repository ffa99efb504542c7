"""Matters that people raise."""

from alembic import op

from services.migrations.statements import execute_beside

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the schema to this revision."""
    execute_beside(__file__)


def downgrade() -> None:
    """Bring the schema back to the revision before."""
    op.drop_constraint("fk_trace_chain_matter_id", "trace_chain")
    op.drop_table("matter")
