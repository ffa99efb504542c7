"""Zones that stand at a county's level of the division table, but are no counties, are marked."""

from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the schema to this revision. Shanxi's four zones are marked where they stand already."""
    op.execute(
        "ALTER TABLE division ADD COLUMN kind VARCHAR(40) NOT NULL DEFAULT 'ADMINISTRATIVE', "
        "ADD CONSTRAINT ck_division_kind CHECK (kind IN ('ADMINISTRATIVE', 'DEVELOPMENT_ZONE'))"
    )
    op.execute("UPDATE division SET kind = 'DEVELOPMENT_ZONE' WHERE code IN ('140171', '140271', '140671', '140971')")


def downgrade() -> None:
    """Bring the schema back to the revision before."""
    op.drop_column("division", "kind")
