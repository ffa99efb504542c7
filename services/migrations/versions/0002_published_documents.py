"""Which search documents everybody sees, in an index of their own."""

from services.migrations.statements import execute

revision = "0002_published_documents"
down_revision = "0001_baseline"
branch_labels = None
depends_on = None

COLUMN = """
ALTER TABLE search_document ADD COLUMN published BOOLEAN;
UPDATE search_document SET published = kind NOT IN ('TOPIC', 'MATTER');
UPDATE search_document SET published = true FROM topic WHERE topic.id = search_document.id AND listed_at IS NOT NULL;
UPDATE search_document SET published = true FROM matter JOIN topic ON topic.id = matter.topic_id
WHERE matter.id = search_document.id AND listed_at IS NOT NULL;
ALTER TABLE search_document ALTER COLUMN published SET NOT NULL;
CREATE INDEX ix_search_document_published_terms ON search_document USING gin (terms) WHERE published;
"""

TRIGGERS = """
CREATE FUNCTION keep_topic_published() RETURNS TRIGGER LANGUAGE plpgsql AS $$
BEGIN
    UPDATE search_document SET published = NEW.listed_at IS NOT NULL
    WHERE id = NEW.id OR id IN (SELECT id FROM matter WHERE topic_id = NEW.id);
    RETURN NULL;
END
$$;
CREATE FUNCTION keep_matter_published() RETURNS TRIGGER LANGUAGE plpgsql AS $$
BEGIN
    UPDATE search_document
    SET published = EXISTS (SELECT FROM topic WHERE id = NEW.topic_id AND listed_at IS NOT NULL)
    WHERE id = NEW.id;
    RETURN NULL;
END
$$;
CREATE TRIGGER topic_published AFTER UPDATE OF listed_at ON topic FOR EACH ROW
WHEN ((OLD.listed_at IS NULL) <> (NEW.listed_at IS NULL)) EXECUTE FUNCTION keep_topic_published();
CREATE TRIGGER matter_published AFTER UPDATE OF topic_id ON matter FOR EACH ROW
WHEN (OLD.topic_id IS DISTINCT FROM NEW.topic_id) EXECUTE FUNCTION keep_matter_published();
"""

BACK = """
DROP TRIGGER topic_published ON topic;
DROP TRIGGER matter_published ON matter;
DROP FUNCTION keep_topic_published();
DROP FUNCTION keep_matter_published();
ALTER TABLE search_document DROP COLUMN published;
"""


def upgrade() -> None:
    """Bring the schema to this revision."""
    execute(COLUMN + TRIGGERS)


def downgrade() -> None:
    """Bring the schema back to the revision before."""
    execute(BACK)
