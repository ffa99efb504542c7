"""Moments that the database was restored to, and from which number on lanes give theirs since."""

from services.migrations.statements import execute

revision = "0015_restorations"
down_revision = "0014_outcomes"
branch_labels = None
depends_on = None
compatible = True  # until a database is restored there is nothing here that the version before would have to know

TABLE = """
CREATE TABLE restoration (
    restored_to TIMESTAMP WITH TIME ZONE
        CONSTRAINT pk_restoration PRIMARY KEY
        CONSTRAINT ck_restoration_restored_to_bound CHECK (in_range(restored_to)),
    told_at TIMESTAMP WITH TIME ZONE NOT NULL CONSTRAINT ck_restoration_told_at_bound CHECK (in_range(told_at)),
    -- as the numbers of lanes are
    -- squawk-ignore prefer-bigint-over-int
    first_sequence INTEGER NOT NULL
        CONSTRAINT ck_restoration_first_sequence_positive CHECK (first_sequence >= 1)
)
"""


def upgrade() -> None:
    """Bring the schema to this revision."""
    execute(TABLE)
    execute("CREATE INDEX ix_restoration_first_sequence ON restoration (first_sequence)")


def downgrade() -> None:
    """Bring the schema back to the revision before."""
    execute("DROP TABLE restoration")
