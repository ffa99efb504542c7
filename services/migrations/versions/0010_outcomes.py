"""Opinions, verdicts on commitments, conversions and follow-ups."""

from alembic import op

from services.migrations.statements import execute_beside

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the schema to this revision."""
    execute_beside(__file__)


def downgrade() -> None:
    """Bring the schema back to the revision before."""
    op.execute("DROP FUNCTION recount_tallies()")
    op.execute("ALTER FUNCTION recount_topic_tallies() RENAME TO recount_tallies")
    for table in ("conversion", "follow_up", "verdict", "opinion", "conversion_tally", "satisfaction_tally"):
        op.drop_table(table)
    for function in ("keep_conversion_tally()", "keep_satisfaction_tally()"):
        op.execute(f"DROP FUNCTION {function}")
