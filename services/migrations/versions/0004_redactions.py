"""What the public reads in place of recorded words, and what it does not see."""

from services.migrations.statements import execute

revision = "0004_redactions"
down_revision = "0003_revocations"
branch_labels = None
depends_on = None

TABLE = """
CREATE TABLE redaction (
    thing_id UUID NOT NULL,
    field VARCHAR(40) NOT NULL
        CONSTRAINT ck_redaction_field CHECK (
            field IN ('WHOLE', 'TITLE', 'DESCRIPTION', 'TEXT', 'COMMENT', 'SUMMARY')
        ),
    words VARCHAR CONSTRAINT ck_redaction_words_bound CHECK (length(words) BETWEEN 1 AND 5000 AND is_prose(words)),
    redacted_at TIMESTAMP WITH TIME ZONE NOT NULL
        CONSTRAINT ck_redaction_redacted_at_bound CHECK (in_range(redacted_at)),
    CONSTRAINT pk_redaction PRIMARY KEY (thing_id, field),
    CONSTRAINT ck_redaction_field_has_words CHECK ((field = 'WHOLE') = (words IS NULL))
);
"""

TRIGGERS = """
CREATE OR REPLACE FUNCTION keep_topic_published() RETURNS TRIGGER LANGUAGE plpgsql AS $$
BEGIN
    UPDATE search_document AS document SET published = NEW.listed_at IS NOT NULL
        AND NOT EXISTS (SELECT FROM redaction WHERE thing_id = document.id AND field = 'WHOLE')
    WHERE id = NEW.id OR id IN (SELECT id FROM matter WHERE topic_id = NEW.id);
    RETURN NULL;
END
$$;
CREATE OR REPLACE FUNCTION keep_matter_published() RETURNS TRIGGER LANGUAGE plpgsql AS $$
BEGIN
    UPDATE search_document
    SET published = EXISTS (SELECT FROM topic WHERE id = NEW.topic_id AND listed_at IS NOT NULL)
        AND NOT EXISTS (SELECT FROM redaction WHERE thing_id = NEW.id AND field = 'WHOLE')
    WHERE id = NEW.id;
    RETURN NULL;
END
$$;
CREATE FUNCTION keep_hidden_unpublished() RETURNS TRIGGER LANGUAGE plpgsql AS $$
BEGIN
    UPDATE search_document AS document
    SET published = TG_OP = 'DELETE' AND EXISTS (
        SELECT FROM topic JOIN matter ON topic_id = topic.id WHERE matter.id = document.id AND listed_at IS NOT NULL)
    WHERE id = coalesce(OLD.thing_id, NEW.thing_id);
    RETURN NULL;
END
$$;
CREATE TRIGGER redaction_hides AFTER INSERT ON redaction FOR EACH ROW
WHEN (NEW.field = 'WHOLE') EXECUTE FUNCTION keep_hidden_unpublished();
CREATE TRIGGER redaction_shows AFTER DELETE ON redaction FOR EACH ROW
WHEN (OLD.field = 'WHOLE') EXECUTE FUNCTION keep_hidden_unpublished();
"""

BACK = """
DROP TABLE redaction;
DROP FUNCTION keep_hidden_unpublished();
CREATE OR REPLACE FUNCTION keep_topic_published() RETURNS TRIGGER LANGUAGE plpgsql AS $$
BEGIN
    UPDATE search_document SET published = NEW.listed_at IS NOT NULL
    WHERE id = NEW.id OR id IN (SELECT id FROM matter WHERE topic_id = NEW.id);
    RETURN NULL;
END
$$;
CREATE OR REPLACE FUNCTION keep_matter_published() RETURNS TRIGGER LANGUAGE plpgsql AS $$
BEGIN
    UPDATE search_document
    SET published = EXISTS (SELECT FROM topic WHERE id = NEW.topic_id AND listed_at IS NOT NULL)
    WHERE id = NEW.id;
    RETURN NULL;
END
$$;
"""


def upgrade() -> None:
    """Bring the schema to this revision."""
    execute(TABLE + TRIGGERS)


def downgrade() -> None:
    """Bring the schema back to the revision before."""
    execute(BACK)
