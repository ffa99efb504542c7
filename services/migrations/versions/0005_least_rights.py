"""What keeps histories, tallies and traces runs with the owner's rights, so that nobody else needs to write them."""

from services.migrations.statements import execute

revision = "0005_least_rights"
down_revision = "0004_redactions"
branch_labels = None
depends_on = None

KEEPERS = (
    "keep_history",
    "keep_tally",
    "keep_resolution_tally",
    "keep_due_tally",
    "keep_platform_tally",
    "keep_topic_published",
    "keep_matter_published",
    "keep_hidden_unpublished",
)
"""Trigger functions that write what nobody else writes."""

OWNERS_RIGHTS = "SECURITY DEFINER SET search_path = public, pg_temp"

# Who may act as the owner may say another instant, for a test or an import; anybody else's lies in the transaction.
INSTANT = """
CREATE OR REPLACE FUNCTION recording_instant() RETURNS TIMESTAMP WITH TIME ZONE LANGUAGE plpgsql AS $$
DECLARE
    told TEXT := current_setting('shangliang.recording_instant', true);
BEGIN
    IF coalesce(told, '') = '' THEN
        told := set_config('shangliang.recording_instant', clock_timestamp()::text, true);
{otherwise}    END IF;
    RETURN told::timestamptz;
END
$$;
"""
REFUSED = """\
    ELSIF NOT (told::timestamptz BETWEEN now() - interval '1 minute' AND clock_timestamp() + interval '1 minute')
            AND NOT pg_has_role(session_user, current_user, 'MEMBER') THEN
        RAISE insufficient_privilege USING MESSAGE = 'only the owner says when a change was recorded';
"""

# The head of a topic's or a matter's chain, locked; a chain that is new gets the id. Nothing where neither is there.
# A topic is locked before its chain, as in every command: who began a chain and then waited for the topic would let
# the topic's holder wait for the chain.
HEAD = """RETURN QUERY WITH held AS (SELECT {kind}.id FROM {kind} WHERE {kind}.id = of_{kind} FOR KEY SHARE)
            INSERT INTO trace_chain AS chain (id, {kind}_id, last_sequence, last_hash)
            SELECT begun, held.id, 0, before_the_first FROM held
            ON CONFLICT ({kind}_id) DO UPDATE SET last_sequence = chain.last_sequence
            RETURNING chain.id, chain.last_sequence, chain.last_hash;"""
TRACE = f"""
CREATE FUNCTION trace_head(of_topic UUID, of_matter UUID, begun UUID)
RETURNS TABLE (id UUID, last_sequence INTEGER, last_hash BYTEA) LANGUAGE plpgsql {OWNERS_RIGHTS} AS $$
#variable_conflict use_column
DECLARE
    before_the_first BYTEA := decode(repeat('00', 32), 'hex');
BEGIN
    IF of_topic IS NOT NULL THEN
        {HEAD.format(kind="topic")}
    ELSE
        {HEAD.format(kind="matter")}
    END IF;
END
$$;
CREATE FUNCTION trace_entry_follows() RETURNS TRIGGER LANGUAGE plpgsql {OWNERS_RIGHTS} AS $$
BEGIN
    UPDATE trace_chain SET last_sequence = NEW.sequence, last_hash = NEW.hash
    WHERE id = NEW.chain_id AND last_sequence = NEW.sequence - 1 AND last_hash = NEW.previous_hash;
    IF NOT FOUND THEN
        RAISE restrict_violation USING
            CONSTRAINT = 'trace_entry_follows', TABLE = TG_TABLE_NAME,
            MESSAGE = 'an entry of the trace follows the last one of its chain';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER trace_entry_follows BEFORE INSERT ON trace_entry FOR EACH ROW EXECUTE FUNCTION trace_entry_follows();
"""  # noqa: S608 -- a constant

FORMER_TRACE = """
DROP TRIGGER trace_entry_follows ON trace_entry;
DROP FUNCTION trace_entry_follows();
DROP FUNCTION trace_head(UUID, UUID, UUID);
"""


def upgrade() -> None:
    """Bring the schema to this revision."""
    execute(
        "".join(f"ALTER FUNCTION {name}() {OWNERS_RIGHTS};" for name in KEEPERS)
        + INSTANT.format(otherwise=REFUSED)
        + TRACE
    )


def downgrade() -> None:
    """Bring the schema back to the revision before."""
    former = "".join(f"ALTER FUNCTION {name}() SECURITY INVOKER RESET search_path;" for name in KEEPERS)
    execute(FORMER_TRACE + INSTANT.format(otherwise="") + former)
