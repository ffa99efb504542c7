"""What departments were told of the due dates of commitments."""

from alembic import op

from services.migrations.statements import execute_beside

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the schema to this revision."""
    execute_beside(__file__)


def downgrade() -> None:
    """Bring the schema back to the revision before."""
    op.drop_index("ix_commitment_to_tell", "commitment")
    for column in ("due_told", "overdue_told"):
        op.drop_column("commitment", column)
