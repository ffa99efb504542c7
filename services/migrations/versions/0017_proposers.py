"""Who proposed a topic, so that they can follow it before it is listed."""

from alembic import op

from services.migrations.statements import execute_beside

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the schema to this revision."""
    execute_beside(__file__)


def downgrade() -> None:
    """Bring the schema back to the revision before."""
    op.drop_column("topic", "subject")
    op.drop_column("topic_history", "subject")
    op.execute("SELECT define_as_of('topic')")
