"""Transactions that commit at once count in slots of their own, so that none waits for another.

Before, whoever counted held a lock of the province until its commit was on disk, and all others of the province waited;
a row that changed was counted twice, as one that went and one that came.
"""

import re
from pathlib import Path

from services.migrations.statements import execute

revision = "0009_tally_slots"
down_revision = "0008_redacted_texts"
branch_labels = None
depends_on = None

KEYS = {
    "tally": "division_number, unit, starts_on",
    "resolution_tally": "division_number, unit, starts_on, days",
    "due_tally": "division_number, unit, starts_on, due_on",
    "platform_tally": "division_number, unit, starts_on, tier",
}
FORMER = Path(__file__).parent / "baseline" / "19_tallies.sql"
OWNERS_RIGHTS = "SECURITY DEFINER SET search_path = public, pg_temp"

# A transaction's slot is nobody else's until it has ended, so nobody waits for its rows. Who counts alone counts in
# slot 0; who finds all taken, which takes as many commits at once, waits for one of them.
SLOT = """
CREATE FUNCTION tally_slot() RETURNS INTEGER LANGUAGE plpgsql AS $$
DECLARE
    slots CONSTANT INTEGER := 32;
    slot INTEGER;
BEGIN
    FOR slot IN 0 .. slots - 1 LOOP
        IF pg_try_advisory_xact_lock(hashtext('tallies'), slot) THEN RETURN slot; END IF;
    END LOOP;
    slot := floor(random() * slots);
    PERFORM pg_advisory_xact_lock(hashtext('tallies'), slot);
    RETURN slot;
END
$$;
"""
COUNTING = f"""
CREATE OR REPLACE FUNCTION add_resolution(counted topic, sign INTEGER) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO resolution_tally
    SELECT place, units.unit, units.starts_on, resolved.days, sign, slot
    FROM tally_slot() AS slot CROSS JOIN resolution_of(counted) AS resolved
    CROSS JOIN places_of(counted.division_number) AS place CROSS JOIN LATERAL units_of(resolved.day) AS units
    ON CONFLICT ON CONSTRAINT pk_resolution_tally DO UPDATE SET topics = resolution_tally.topics + EXCLUDED.topics;
END
$$;
CREATE OR REPLACE FUNCTION add_due(counted commitment, sign INTEGER) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    due RECORD := due_of(counted);
BEGIN
    IF due.due_on IS NULL THEN RETURN; END IF;
    INSERT INTO due_tally
    SELECT place, units.unit, units.starts_on, due.due_on, sign, slot
    FROM tally_slot() AS slot CROSS JOIN places_of(counted.division_number) AS place
    CROSS JOIN units_of(due.day) AS units
    ON CONFLICT ON CONSTRAINT pk_due_tally DO UPDATE SET commitments = due_tally.commitments + EXCLUDED.commitments;
END
$$;
CREATE OR REPLACE FUNCTION add_platform(counted platform, sign INTEGER) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO platform_tally
    SELECT place, units.unit, units.starts_on, counted.tier,
        sign * sum(changed.opened), sign * sum(changed.closed), slot
    FROM tally_slot() AS slot CROSS JOIN places_of(counted.division_number) AS place
    CROSS JOIN (VALUES (coalesce(counted.opened_on, '-infinity'), 1, 0), (counted.closed_on, 0, 1))
        AS changed(day, opened, closed)
    CROSS JOIN LATERAL units_of(changed.day) AS units
    WHERE changed.day IS NOT NULL
    GROUP BY place, units.unit, units.starts_on, slot
    ON CONFLICT ON CONSTRAINT pk_platform_tally
    DO UPDATE SET opened = platform_tally.opened + EXCLUDED.opened, closed = platform_tally.closed + EXCLUDED.closed;
END
$$;
CREATE OR REPLACE FUNCTION keep_tally() RETURNS trigger LANGUAGE plpgsql {OWNERS_RIGHTS} AS $$
DECLARE
    before tally;
    after tally;
BEGIN
    IF TG_OP <> 'INSERT' THEN before := tally_of(OLD); END IF;
    IF TG_OP <> 'DELETE' THEN after := tally_of(NEW); END IF;
    IF before IS NOT DISTINCT FROM after THEN RETURN NULL; END IF;
    IF (before.division_number, before.starts_on) = (after.division_number, after.starts_on) THEN
        PERFORM add_tally(after, before);
    ELSE
        IF before.division_number IS NOT NULL THEN PERFORM add_tally(NULL, before); END IF;
        IF after.division_number IS NOT NULL THEN PERFORM add_tally(after, NULL); END IF;
    END IF;
    RETURN NULL;
END
$$;
DROP FUNCTION add_tally(BIGINT, DATE, INTEGER, tally);
DROP FUNCTION lock_tallies(BIGINT);
"""  # noqa: S608 -- constants

# Over all counters: what comes of a row is added and what goes is taken off, in one row for each place and unit.
ADDING = """
DO $$
DECLARE
    changes TEXT;
    added TEXT;
BEGIN
    SELECT string_agg(format('coalesce(added.%1$I, 0) - coalesce(taken.%1$I, 0)', attname), ', ' ORDER BY attnum),
           string_agg(format('%1$I = tally.%1$I + EXCLUDED.%1$I', attname), ', ' ORDER BY attnum)
    INTO changes, added
    FROM pg_attribute WHERE attrelid = 'tally'::regclass AND attnum > 3 AND attname <> 'slot' AND NOT attisdropped;
    EXECUTE format($body$
CREATE FUNCTION add_tally(added tally, taken tally) RETURNS void LANGUAGE plpgsql AS '
BEGIN
    INSERT INTO tally
    SELECT place, units.unit, units.starts_on, %s, slot
    FROM tally_slot() AS slot
    CROSS JOIN places_of(coalesce(added.division_number, taken.division_number)) AS place
    CROSS JOIN units_of(coalesce(added.starts_on, taken.starts_on)) AS units
    ON CONFLICT ON CONSTRAINT pk_tally DO UPDATE SET %s;
END
'$body$, changes, added);
END
$$;
"""
FORMER_ADDING = """
DO $$
DECLARE
    counters TEXT;
    added TEXT;
BEGIN
    SELECT string_agg('sign * counted.' || attname, ', ' ORDER BY attnum),
           string_agg(format('%1$I = tally.%1$I + EXCLUDED.%1$I', attname), ', ' ORDER BY attnum)
    INTO counters, added
    FROM pg_attribute WHERE attrelid = 'tally'::regclass AND attnum > 3 AND NOT attisdropped;
    EXECUTE format($body$
CREATE FUNCTION add_tally(county_number BIGINT, day DATE, sign INTEGER, counted tally) RETURNS void LANGUAGE sql AS '
    INSERT INTO tally
    SELECT place, unit, starts_on, %s
    FROM places_of(county_number) AS place CROSS JOIN units_of(day)
    ON CONFLICT ON CONSTRAINT pk_tally DO UPDATE SET %s
'$body$, counters, added);
END
$$;
"""
# What a row adds is told as a tally, so it has a slot too.
TOLD = """
DO $$
DECLARE
    definition TEXT;
BEGIN
    FOR definition IN
        SELECT format('CREATE OR REPLACE FUNCTION tally_of(%s) RETURNS tally LANGUAGE sql STABLE AS %L',
                      pg_get_function_identity_arguments(oid),
                      replace(prosrc, '{before} FROM (SELECT', '{after} FROM (SELECT'))
        FROM pg_proc WHERE proname = 'tally_of' AND pronamespace = 'public'::regnamespace
    LOOP
        EXECUTE definition;
    END LOOP;
END
$$;
"""


def upgrade() -> None:
    """Bring the schema to this revision."""
    for table, key in KEYS.items():
        execute(
            f"ALTER TABLE {table} ADD COLUMN slot INTEGER NOT NULL DEFAULT 0, DROP CONSTRAINT pk_{table}; "
            f"ALTER TABLE {table} ADD CONSTRAINT pk_{table} PRIMARY KEY ({key}, slot)"
        )
    execute(SLOT + COUNTING + ADDING + TOLD.format(before="", after=", 0"))


def downgrade() -> None:
    """Bring the schema back to the revision before; what stands in slots is counted anew."""
    execute(f"LOCK TABLE {', '.join(KEYS)} IN ACCESS EXCLUSIVE MODE")
    for table, key in KEYS.items():
        execute(
            f"DELETE FROM {table}; ALTER TABLE {table} DROP COLUMN slot; "  # noqa: S608 -- constants
            f"ALTER TABLE {table} ADD CONSTRAINT pk_{table} PRIMARY KEY ({key})"
        )
    execute("DROP FUNCTION add_tally(tally, tally); DROP FUNCTION tally_slot()")
    execute(FORMER_ADDING + TOLD.format(before=", 0", after=""))
    text = FORMER.read_text()
    for name in ("lock_tallies", "add_resolution", "add_due", "add_platform", "keep_tally"):
        (definition,) = re.findall(rf"^CREATE (FUNCTION {name}\(.*?^\$\$;)", text, re.DOTALL | re.MULTILINE)
        execute(f"CREATE OR REPLACE {definition}")
    execute(f"ALTER FUNCTION keep_tally() {OWNERS_RIGHTS}; SELECT recount_tallies()")
