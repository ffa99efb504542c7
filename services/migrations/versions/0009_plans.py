"""Annual plans and their items."""

from alembic import op

from services.migrations.statements import execute_beside

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the schema to this revision."""
    execute_beside(__file__)


def downgrade() -> None:
    """Bring the schema back to the revision before."""
    op.drop_table("plan_item")
    op.drop_table("annual_plan")
    op.execute("DROP FUNCTION keep_plan_items")
    op.execute("DROP FUNCTION keep_approved_plan")
