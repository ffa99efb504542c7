"""Entries of the trace commit to their words, so that words can be erased and the chain still verifies."""

from services.migrations.statements import execute

revision = "0006_committed_traces"
down_revision = "0005_least_rights"
branch_labels = None
depends_on = None

SEALS = [f"{name}_{part}" for name in ("actor", "evidence", "summary") for part in ("salt", "commitment")]

COLUMNS = f"""
ALTER TABLE trace_entry
    ADD COLUMN form SMALLINT NOT NULL DEFAULT 1 CONSTRAINT ck_trace_entry_form CHECK (form IN (1, 2)),
    {
    "".join(
        f"ADD COLUMN {name} BYTEA CONSTRAINT ck_trace_entry_{name}_size CHECK (octet_length({name}) = 32), "
        for name in SEALS
    )
}
    ADD CONSTRAINT ck_trace_entry_committed
        CHECK (form = 1 OR summary_commitment IS NOT NULL AND (actor IS NULL) = (actor_commitment IS NULL));
"""

# Whoever owns the table may erase words, and an entry of the first form gets its commitments before that. Nothing else
# changes: who would have the trace say something else is refused, the owner too.
TRIGGERS = """
DROP TRIGGER trace_is_append_only ON trace_entry;
CREATE TRIGGER trace_is_append_only BEFORE DELETE OR TRUNCATE ON trace_entry
    FOR EACH STATEMENT EXECUTE FUNCTION trace_is_append_only();
CREATE FUNCTION trace_entry_is_only_erased() RETURNS TRIGGER LANGUAGE plpgsql AS $$
DECLARE
    words TEXT[] := ARRAY['actor', 'evidence', 'summary'];
    salts TEXT[] := ARRAY['actor_salt', 'evidence_salt', 'summary_salt'];
    commitments TEXT[] := ARRAY['actor_commitment', 'evidence_commitment', 'summary_commitment'];
    former JSONB := to_jsonb(OLD);
    given JSONB := to_jsonb(NEW);
BEGIN
    IF former = given OR former - words - salts - commitments <> given - words - salts - commitments THEN
        NULL;
    ELSIF OLD.form = 1 AND OLD.summary_commitment IS NULL THEN
        IF former - salts - commitments = given - salts - commitments
            AND (NEW.actor_commitment IS NULL) = (OLD.actor IS NULL)
            AND NEW.actor_commitment IS NOT DISTINCT FROM sha256(NEW.actor_salt || convert_to(OLD.actor, 'UTF8'))
            AND NEW.summary_commitment = sha256(NEW.summary_salt || convert_to(OLD.summary, 'UTF8'))
            AND (NEW.evidence_commitment IS NULL) = (OLD.evidence = '[]')
            AND (NEW.evidence_salt IS NULL) = (OLD.evidence = '[]') THEN
            RETURN NEW;
        END IF;
    ELSIF former - words - salts = given - words - salts
        AND ((NEW.actor, NEW.actor_salt) IS NOT DISTINCT FROM (OLD.actor, OLD.actor_salt)
             OR NEW.actor ~ '^erased:[0-9a-f]{32}$' AND NEW.actor_salt IS NULL AND OLD.actor_salt IS NOT NULL)
        AND ((NEW.evidence, NEW.evidence_salt) IS NOT DISTINCT FROM (OLD.evidence, OLD.evidence_salt)
             OR NEW.evidence = '[]' AND NEW.evidence_salt IS NULL AND OLD.evidence_salt IS NOT NULL)
        AND ((NEW.summary, NEW.summary_salt) IS NOT DISTINCT FROM (OLD.summary, OLD.summary_salt)
             OR NEW.summary = '(已删除)' AND NEW.summary_salt IS NULL AND OLD.summary_salt IS NOT NULL) THEN
        RETURN NEW;
    END IF;
    RAISE restrict_violation USING
        CONSTRAINT = 'trace_is_append_only', TABLE = TG_TABLE_NAME,
        MESSAGE = format('%s of %I: the trace is append-only', TG_OP, TG_TABLE_NAME);
END
$$;
CREATE TRIGGER trace_entry_is_only_erased BEFORE UPDATE ON trace_entry
    FOR EACH ROW EXECUTE FUNCTION trace_entry_is_only_erased();
"""

BACK = f"""
DROP TRIGGER trace_entry_is_only_erased ON trace_entry;
DROP FUNCTION trace_entry_is_only_erased();
DROP TRIGGER trace_is_append_only ON trace_entry;
CREATE TRIGGER trace_is_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON trace_entry
    FOR EACH STATEMENT EXECUTE FUNCTION trace_is_append_only();
ALTER TABLE trace_entry DROP CONSTRAINT ck_trace_entry_committed, DROP COLUMN form,
    {", ".join(f"DROP COLUMN {name}" for name in SEALS)};
"""


def upgrade() -> None:
    """Bring the schema to this revision."""
    execute(COLUMNS + TRIGGERS)


def downgrade() -> None:
    """Bring the schema back to the revision before, by whose code entries of the second form do not verify."""
    execute(BACK)
