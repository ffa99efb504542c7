"""Tokens and subjects that are refused, and until when."""

from services.migrations.statements import execute

revision = "0003_revocations"
down_revision = "0002_published_documents"
branch_labels = None
depends_on = None

TABLE = """
CREATE TABLE revocation (
    id UUID CONSTRAINT pk_revocation PRIMARY KEY,
    token_id VARCHAR
        CONSTRAINT ck_revocation_token_id_bound CHECK (length(token_id) BETWEEN 1 AND 255 AND is_line(token_id)),
    subject VARCHAR
        CONSTRAINT ck_revocation_subject_bound CHECK (length(subject) BETWEEN 1 AND 255 AND is_line(subject)),
    until TIMESTAMP WITH TIME ZONE CONSTRAINT ck_revocation_until_bound CHECK (in_range(until)),
    revoked_by VARCHAR NOT NULL,
    revoked_at TIMESTAMP WITH TIME ZONE NOT NULL CONSTRAINT ck_revocation_revoked_at_bound CHECK (in_range(revoked_at)),
    CONSTRAINT ck_revocation_token_or_subject CHECK ((token_id IS NULL) <> (subject IS NULL))
);
CREATE UNIQUE INDEX uq_revocation_token_id ON revocation (token_id);
CREATE UNIQUE INDEX uq_revocation_subject ON revocation (subject);
"""


def upgrade() -> None:
    """Bring the schema to this revision."""
    execute(TABLE)


def downgrade() -> None:
    """Bring the schema back to the revision before."""
    execute("DROP TABLE revocation")
