"""Indexes of lists in orders that can be asked for since, and of an approver's plans."""

from services.migrations.statements import execute

revision = "0012_lists"
down_revision = "0011_published_by_key"
branch_labels = None
depends_on = None

INDEXES = {
    "ix_topic_listed_at": "topic (listed_at DESC NULLS LAST, id DESC)",
    "ix_session_held_at": "session (held_at DESC NULLS LAST, id DESC)",
    "ix_commitment_assigned_at": "commitment (assigned_at, id)",
    "ix_annual_plan_year": "annual_plan (year, id)",
    "ix_annual_plan_status": "annual_plan (status, submitted_at)",
    "ix_annual_plan_division_number": "annual_plan (division_number)",
    "ix_member_name": "member (name, id)",
}


def upgrade() -> None:
    """Bring the schema to this revision."""
    for name, columns in INDEXES.items():
        execute(f"CREATE INDEX {name} ON {columns}")


def downgrade() -> None:
    """Bring the schema back to the revision before."""
    for name in INDEXES:
        execute(f"DROP INDEX {name}")
