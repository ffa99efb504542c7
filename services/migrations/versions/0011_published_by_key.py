"""Who lists a topic finds its search document, and those of its matters, by their keys.

The former condition, one id or those of a query, can be met by no index: each listing read all documents.
"""

from services.migrations.statements import execute

revision = "0011_published_by_key"
down_revision = "0010_notified_after"
branch_labels = None
depends_on = None

FORMER = "id = NEW.id OR id IN (SELECT id FROM matter WHERE topic_id = NEW.id)"
BY_KEY = "id = ANY (ARRAY(SELECT id FROM matter WHERE topic_id = NEW.id) || NEW.id)"
PUBLISHED = """
CREATE OR REPLACE FUNCTION keep_topic_published() RETURNS TRIGGER LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    UPDATE search_document AS document SET published = NEW.listed_at IS NOT NULL
        AND NOT EXISTS (SELECT FROM redaction WHERE thing_id = document.id AND field = 'WHOLE')
    WHERE {documents};
    RETURN NULL;
END
$$
"""


def upgrade() -> None:
    """Bring the schema to this revision."""
    execute(PUBLISHED.format(documents=BY_KEY))


def downgrade() -> None:
    """Bring the schema back to the revision before."""
    execute(PUBLISHED.format(documents=FORMER))
