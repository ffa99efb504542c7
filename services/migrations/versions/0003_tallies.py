"""Counts kept by the writing transaction, and the key that seals cursors."""

from alembic import op

from services.migrations.statements import execute_beside

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

FUNCTIONS = (
    "keep_county_tally()",
    "keep_platform_tally()",
    "keep_due_tally()",
    "recount_tallies()",
    "add_tally(county_tally, integer)",
    "tally_of(topic)",
    "tally_of(session)",
    "tally_of(outcome)",
    "tally_of(commitment)",
    "due_month_of(commitment)",
    "china_year(timestamptz)",
    "county_of(bigint)",
)
"""In the order in which they can go; the triggers go with the first three."""


def upgrade() -> None:
    """Bring the schema to this revision."""
    execute_beside(__file__)


def downgrade() -> None:
    """Bring the schema back to the revision before."""
    for function in FUNCTIONS:
        op.execute(f"DROP FUNCTION {function} CASCADE")
    for table in ("county_tally", "platform_tally", "due_tally", "installation_key"):
        op.drop_table(table)
    op.drop_index("ix_topic_unpublished", "topic")
    op.drop_index("ix_commitment_open", "commitment")
    op.drop_index("ix_commitment_open_due_on", "commitment")
    op.drop_constraint("ck_topic_number_form", "topic")
    op.drop_constraint("ck_platform_code_form", "platform")
