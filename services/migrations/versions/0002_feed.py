"""Places of events and deliveries in the feed that subscriptions read."""

from pathlib import Path

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the schema to this revision."""
    for statement in Path(__file__).with_suffix(".sql").read_text().split(";\n\n"):
        op.execute(statement)


def downgrade() -> None:
    """Bring the schema back to the revision before."""
    op.execute("DROP TRIGGER delivery_changed ON delivery")
    op.execute("DROP FUNCTION leave_place_in_feed")
    op.drop_column("delivery", "position")
    op.drop_column("event", "position")
    op.drop_column("event", "arrival")
    op.execute("DROP SEQUENCE feed_position")
