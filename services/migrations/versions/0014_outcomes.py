"""An index of outcomes in the order in which they were reached."""

from services.migrations.statements import execute

revision = "0014_outcomes"
down_revision = "0013_commitment_times"
branch_labels = None
depends_on = None
compatible = True


def upgrade() -> None:
    """Bring the schema to this revision."""
    execute("CREATE INDEX ix_outcome_reached_on ON outcome (reached_on, id)")


def downgrade() -> None:
    """Bring the schema back to the revision before."""
    execute("DROP INDEX ix_outcome_reached_on")
