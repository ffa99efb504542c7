"""One standing answer of each person asked about a topic's fix, and one member of a committee for each person."""

from alembic import op

from services.migrations.statements import execute_beside

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

COLUMNS = ("channel", "subject", "recorded_by", "respondent", "recorded_at")


def upgrade() -> None:
    """Bring the schema to this revision."""
    execute_beside(__file__)


def downgrade() -> None:
    """Bring the schema back to the revision before; what people said before they answered again is lost."""
    op.execute("DROP TRIGGER keep_history ON follow_up")
    op.execute("DROP FUNCTION follow_up_as_of")
    op.drop_table("follow_up_history")
    for column in COLUMNS:
        op.drop_column("follow_up", column)
    op.drop_index("ix_member_subject", "member")
    op.drop_constraint("uq_member_committee_id_subject", "member")
