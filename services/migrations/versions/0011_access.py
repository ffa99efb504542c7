"""Grants that are given and taken back here, beside those of tokens."""

from alembic import op

from services.migrations.statements import execute_beside

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the schema to this revision."""
    execute_beside(__file__)


def downgrade() -> None:
    """Bring the schema back to the revision before."""
    op.drop_table("role_grant")
