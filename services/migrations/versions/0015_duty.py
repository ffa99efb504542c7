"""Schemes of members' duty, assessments under them and the records that these come to."""

from alembic import op

from services.migrations.statements import execute_beside

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the schema to this revision."""
    execute_beside(__file__)


def downgrade() -> None:
    """Bring the schema back to the revision before."""
    for table in ("duty_record", "duty_assessment", "duty_grade", "duty_rule", "duty_scheme"):
        op.drop_table(table)
    op.drop_column("member", "subject")
    op.execute("DROP FUNCTION duty_scheme_is_frozen()")
