"""Practice centers and activities; names of members, brands and platforms have a length."""

from alembic import op

from services.migrations.statements import execute_beside

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

NAMED = {"brand": ("name",), "platform": ("name",), "member": ("name", "sector")}


def upgrade() -> None:
    """Bring the schema to this revision."""
    execute_beside(__file__)


def downgrade() -> None:
    """Bring the schema back to the revision before."""
    for table in ("activity_member", "activity", "practice_center"):
        op.drop_table(table)
    for table, columns in NAMED.items():
        for column in columns:
            op.drop_constraint(f"ck_{table}_{column}_length", table)
