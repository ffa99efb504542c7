"""Every text that people wrote can have other words for the public; a row says whether it has any."""

from services.migrations.statements import execute

revision = "0008_redacted_texts"
down_revision = "0007_rights"
branch_labels = None
depends_on = None

WITH_HISTORY = ("topic", "matter", "session", "outcome", "commitment", "conversion", "follow_up")
REDACTABLE = (*WITH_HISTORY, "opinion", "progress", "verdict", "evidence", "activity")
"""Tables of which some texts are redactable."""

FORMER_FIELDS = "'WHOLE', 'TITLE', 'DESCRIPTION', 'TEXT', 'COMMENT', 'SUMMARY'"
FIELDS = f"{FORMER_FIELDS}, 'RESOLUTION', 'VENUE', 'CONVENER', 'MINUTES', 'AGREEMENT', 'TASK', 'NOTE', 'URL'"

CHECKS = """
ALTER TABLE redaction DROP CONSTRAINT ck_redaction_field, DROP CONSTRAINT ck_redaction_words_bound;
ALTER TABLE redaction ADD CONSTRAINT ck_redaction_field CHECK (field IN ({fields})),
    ADD CONSTRAINT ck_redaction_words_bound CHECK (length(words) BETWEEN 1 AND {most} AND is_prose(words));
"""
REASON = """
ALTER TABLE redaction ADD COLUMN reason VARCHAR
    CONSTRAINT ck_redaction_reason_bound CHECK (length(reason) BETWEEN 1 AND 300 AND is_prose(reason));
"""


def upgrade() -> None:
    """Bring the schema to this revision."""
    execute(CHECKS.format(fields=FIELDS, most=50_000) + REASON)
    for table in REDACTABLE:
        execute(f"ALTER TABLE {table} ADD COLUMN redacted BOOLEAN NOT NULL DEFAULT false")
    for table in WITH_HISTORY:
        # What former versions have is never asked for: only the type of a version needs it.
        execute(f"ALTER TABLE {table}_history ADD COLUMN redacted BOOLEAN NOT NULL DEFAULT false")
        execute(f"SELECT define_as_of('{table}')")
    for table in ("matter", "opinion", "follow_up"):
        execute(f"UPDATE {table} SET redacted = true WHERE id IN (SELECT thing_id FROM redaction)")  # noqa: S608 -- constants


def downgrade() -> None:
    """Bring the schema back to the revision before; what it has no words for is published as it was written."""
    execute(f"DELETE FROM redaction WHERE field NOT IN ({FORMER_FIELDS}) OR length(words) > 5000")  # noqa: S608 -- constants
    execute(CHECKS.format(fields=FORMER_FIELDS, most=5_000))
    execute("ALTER TABLE redaction DROP COLUMN reason")
    for table in WITH_HISTORY:
        # The function's type is the table's: it goes and comes back with it.
        execute(f"DROP FUNCTION {table}_as_of(TIMESTAMP WITH TIME ZONE)")
        execute(f"ALTER TABLE {table}_history DROP COLUMN redacted")
    for table in REDACTABLE:
        execute(f"ALTER TABLE {table} DROP COLUMN redacted")
    for table in WITH_HISTORY:
        execute(f"SELECT define_as_of('{table}')")
