"""Days to resolve, counted per place and year."""

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
    op.execute("DROP TRIGGER keep_resolution_tally ON topic")
    for function in (
        "recount_tallies()",
        "keep_resolution_tally()",
        "add_resolution(topic, integer)",
        "days_to_resolve(topic)",
        "places_of(bigint)",
    ):
        op.execute(f"DROP FUNCTION {function}")
    op.execute("ALTER FUNCTION recount_county_tallies() RENAME TO recount_tallies")
    op.drop_table("resolution_tally")
