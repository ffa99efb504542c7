"""Documents for full-text search. They are made by `shangliang search reindex`: SQL cannot cut Chinese into words."""

from alembic import op

from services.migrations.statements import execute_beside

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the schema to this revision."""
    execute_beside(__file__)


def downgrade() -> None:
    """Bring the schema back to the revision before."""
    op.drop_table("search_document")
