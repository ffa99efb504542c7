"""Places of events and deliveries in the feed that subscriptions read."""

from alembic import op

from services.migrations.statements import execute_beside

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the schema to this revision."""
    execute_beside(__file__)


def downgrade() -> None:
    """Bring the schema back to the revision before."""
    op.execute("DROP TRIGGER delivery_changed ON delivery")
    op.execute("DROP FUNCTION leave_place_in_feed")
    op.drop_column("delivery", "position")
    op.drop_column("event", "position")
    op.drop_column("event", "arrival")
    op.execute("DROP SEQUENCE feed_position")
