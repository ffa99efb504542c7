"""What a caller's rights are, as the service told and signed them: what the policies of tables ask."""

from services.migrations.statements import execute

revision = "0007_rights"
down_revision = "0006_committed_traces"
branch_labels = None
depends_on = None

OWNERS_RIGHTS = "SECURITY DEFINER SET search_path = public, pg_temp"

TABLE = """
CREATE TABLE rights_key (
    one BOOLEAN CONSTRAINT pk_rights_key PRIMARY KEY CONSTRAINT ck_rights_key_only_one CHECK (one),
    inner_pad BYTEA NOT NULL,
    outer_pad BYTEA NOT NULL
);
"""

# What was told in this transaction of a caller's right; null where nothing was. It is HMAC-SHA-256 of JSON, a full
# stop and the JSON, and holds for the transactions that begin before its end.
RIGHTS = """
CREATE FUNCTION right_to(what TEXT) RETURNS TEXT LANGUAGE plpgsql STABLE
    SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    told TEXT := current_setting('shangliang.rights', true);
    said TEXT;
    code BYTEA;
BEGIN
    IF told IS NULL OR told = '' THEN
        RETURN NULL;
    END IF;
    said := substr(told, 66);
    SELECT sha256(outer_pad || sha256(inner_pad || convert_to(said, 'UTF8'))) INTO code FROM rights_key;
    IF left(told, 65) IS DISTINCT FROM encode(code, 'hex') || '.' THEN
        RAISE insufficient_privilege USING MESSAGE = 'these rights were not signed by the service';
    END IF;
    IF (said::jsonb ->> 'until')::bigint < extract(epoch FROM now()) THEN
        RAISE insufficient_privilege USING MESSAGE = 'these rights have ended; the clocks of the service and of the '
            'database may differ';
    END IF;
    RETURN said::jsonb ->> what;
END
$$;
"""

# For each topic that is not published, or was not while the part lasted: when a department of the caller's was
# involved, as a tstzmultirange.
INVOLVEMENTS = """
CREATE FUNCTION involvements() RETURNS JSONB LANGUAGE plpgsql STABLE
    SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    codes TEXT[] := right_to('departments')::text[];
BEGIN
    IF codes IS NULL THEN
        RETURN NULL;
    END IF;
    RETURN (
        SELECT jsonb_object_agg(topic_id, times) FROM (
            SELECT part.topic_id, range_agg(tstzrange(part.since, coalesce(part.until, 'infinity'))) AS times
            FROM department AS own
            JOIN involvement AS part ON part.department_id = own.id
            JOIN topic AS about ON about.id = part.topic_id
            WHERE own.code = ANY (codes) AND (about.listed_at IS NULL OR EXISTS (
                SELECT FROM topic_history AS was
                WHERE was.id = about.id AND was.listed_at IS NULL AND was.replaced_at > part.since
            ))
            GROUP BY part.topic_id
        ) AS involved
    );
END
$$;
"""

# Whether a department of the caller's, or one in the place where the caller runs deliveries, was told of an event.
TOLD = """
CREATE FUNCTION is_told(event UUID) RETURNS BOOLEAN LANGUAGE plpgsql STABLE
    SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    codes TEXT[] := right_to('departments')::text[];
    place INT8MULTIRANGE := right_to('delivery')::int8multirange;
BEGIN
    RETURN EXISTS (
        SELECT FROM delivery JOIN department AS own ON own.id = delivery.department_id
        WHERE delivery.event_id = is_told.event AND (own.code = ANY (codes) OR own.division_number <@ place)
    );
END
$$;
"""

# Whether everybody sees the topic of a department's part, which a reader would look up otherwise. One that was added
# just as its topic was published may stay unmarked: for that the topic is looked up.
PARTS = f"""
ALTER TABLE involvement ADD COLUMN published BOOLEAN NOT NULL DEFAULT false;
UPDATE involvement SET published = true FROM topic WHERE topic.id = topic_id AND listed_at IS NOT NULL;
CREATE FUNCTION mark_part_published() RETURNS TRIGGER LANGUAGE plpgsql {OWNERS_RIGHTS} AS $$
BEGIN
    NEW.published := EXISTS (SELECT FROM topic WHERE id = NEW.topic_id AND listed_at IS NOT NULL);
    RETURN NEW;
END
$$;
CREATE FUNCTION keep_parts_published() RETURNS TRIGGER LANGUAGE plpgsql {OWNERS_RIGHTS} AS $$
BEGIN
    UPDATE involvement SET published = NEW.listed_at IS NOT NULL WHERE topic_id = NEW.id;
    RETURN NULL;
END
$$;
CREATE TRIGGER part_published BEFORE INSERT OR UPDATE OF topic_id ON involvement FOR EACH ROW
EXECUTE FUNCTION mark_part_published();
CREATE TRIGGER parts_published AFTER UPDATE OF listed_at ON topic FOR EACH ROW
WHEN ((OLD.listed_at IS NULL) <> (NEW.listed_at IS NULL)) EXECUTE FUNCTION keep_parts_published();
"""  # noqa: S608 -- a constant

BACK = """
DROP TRIGGER part_published ON involvement;
DROP TRIGGER parts_published ON topic;
DROP FUNCTION mark_part_published();
DROP FUNCTION keep_parts_published();
ALTER TABLE involvement DROP COLUMN published;
DROP FUNCTION IF EXISTS part_is_seen(UUID, UUID, TIMESTAMP WITH TIME ZONE);
DROP FUNCTION IF EXISTS is_delivered(UUID);
DROP FUNCTION IF EXISTS words_are_seen(UUID);
DROP FUNCTION IF EXISTS writes_in(BIGINT);
DROP FUNCTION is_told(UUID);
DROP FUNCTION involvements();
DROP FUNCTION right_to(TEXT);
DROP TABLE rights_key;
"""


def upgrade() -> None:
    """Bring the schema to this revision."""
    execute(TABLE + RIGHTS + INVOLVEMENTS + TOLD + PARTS)


def downgrade() -> None:
    """Bring the schema back to the revision before: without policies, which ask for the caller's rights."""
    execute(WITHOUT_POLICIES + BACK)


WITHOUT_POLICIES = """
DO $$
DECLARE
    statement TEXT;
BEGIN
    FOR statement IN
        SELECT format('DROP POLICY %I ON %I', policyname, tablename) FROM pg_policies WHERE schemaname = 'public'
        UNION ALL
        SELECT format('ALTER TABLE %s NO FORCE ROW LEVEL SECURITY, DISABLE ROW LEVEL SECURITY', oid::regclass)
        FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relrowsecurity
    LOOP
        EXECUTE statement;
    END LOOP;
END
$$;
"""
