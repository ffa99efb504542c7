"""Counts by the day for each county, city and province: one row of a place tells of all beneath it."""

from pathlib import Path

from alembic import op

from services.migrations.statements import execute

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def flags(prefix: str, column: str, *values: str) -> dict[str, str]:
    """Return counters of a column's values, with what each counts of a row."""
    return {f"{prefix}_{value.lower()}": f"(counted.{column} = '{value}')::int" for value in values}


def in_china(instant: str) -> str:
    """Return the day of an instant."""
    return f"(counted.{instant} AT TIME ZONE 'Asia/Shanghai')::date"


COUNTED = {
    "topic": (
        in_china("listed_at"),
        "counted.listed_at IS NOT NULL",
        {
            **flags("topics", "kind", "KEY", "MICRO"),
            **flags("status", "status", "PROPOSED", "LISTED", "SCHEDULED", "DELIBERATED", "IMPLEMENTING", "RESOLVED"),
            **flags("status", "status", "WITHDRAWN"),
            **flags("category", "category", "ECONOMY", "BUSINESS_ENVIRONMENT", "CULTURE_TOURISM", "OLD_NEIGHBOURHOODS"),
            **flags("category", "category", "GREENING", "SANITATION", "PARKING", "STREETS", "RURAL_REVITALIZATION"),
            **flags("category", "category", "WATER_POWER", "ROADS", "SAFETY", "OTHER"),
        },
    ),
    "session": (
        in_china("held_at"),
        "counted.status = 'HELD'",
        {
            "sessions_held": "1",
            "attendances": "coalesce(counted.headcount, 0)",
            "sessions_uncertain": "(counted.headcount IS NULL OR counted.headcount_is_lower_bound)::int",
        },
    ),
    "outcome": ("counted.reached_on", "true", {"outcomes": "1"}),
    "commitment": (
        in_china("assigned_at"),
        "true",
        {
            "commitments": "1",
            "commitments_done": "(counted.status IN ('DONE', 'VERIFIED'))::int",
            "commitments_verified": "(counted.status = 'VERIFIED')::int",
        },
    ),
    "conversion": (
        "counted.submitted_on",
        "true",
        flags("conversions", "kind", "SUGGESTION", "PROPOSAL", "SOCIAL_OPINION_REPORT"),
    ),
    "follow_up": (in_china("at"), "true", {"follow_ups": "1", "satisfaction_score": "counted.score"}),
}
"""The tables whose rows are counted: the day that a row counts at, which rows do, and what each adds to."""

COUNTERS = [counter for _day, _where, counters in COUNTED.values() for counter in counters]


def listed(template: str) -> str:
    """Return a template made for each counter, as a list."""
    return ", ".join(template.format(counter) for counter in COUNTERS)


def contribution(table: str) -> str:
    """Return the query of what `counted`, a row of a table, adds to its county's day."""
    day, where, counters = COUNTED[table]
    values = ", ".join(f"{counters.get(counter, '0')} AS {counter}" for counter in COUNTERS)
    return f"SELECT county_of(counted.division_number) AS county_number, {day} AS day, {values} {{}}WHERE {where}"


TALLIES = f"""
CREATE TABLE tally (
    division_number BIGINT NOT NULL,
    unit VARCHAR NOT NULL,
    starts_on DATE NOT NULL,
    {listed("{} INTEGER NOT NULL")},
    CONSTRAINT pk_tally PRIMARY KEY (division_number, unit, starts_on)
);
CREATE FUNCTION add_tally(county_number BIGINT, day DATE, sign INTEGER, counted tally) RETURNS void LANGUAGE sql AS $$
    INSERT INTO tally
    SELECT place, unit, starts_on, {listed("sign * counted.{}")}
    FROM places_of(county_number) AS place CROSS JOIN units_of(day)
    ON CONFLICT ON CONSTRAINT pk_tally DO UPDATE SET {listed("{0} = tally.{0} + EXCLUDED.{0}")}
$$;
CREATE FUNCTION keep_tally() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    before tally;
    after tally;
BEGIN
    IF TG_OP <> 'INSERT' THEN before := tally_of(OLD); END IF;
    IF TG_OP <> 'DELETE' THEN after := tally_of(NEW); END IF;
    IF before IS DISTINCT FROM after THEN
        PERFORM lock_tallies(coalesce(after.division_number, before.division_number));
        IF before.division_number IS NOT NULL THEN
            PERFORM add_tally(before.division_number, before.starts_on, -1, before);
        END IF;
        IF after.division_number IS NOT NULL THEN
            PERFORM add_tally(after.division_number, after.starts_on, 1, after);
        END IF;
    END IF;
    RETURN NULL;
END
$$;
"""  # noqa: S608 -- of the names above

OF_TABLE = """
CREATE FUNCTION tally_of(counted {table}) RETURNS tally LANGUAGE sql STABLE AS $$
    SELECT county_number, 'DAY', day, {counters} FROM ({contribution}) AS added
$$;
CREATE CONSTRAINT TRIGGER keep_tally AFTER INSERT OR UPDATE OR DELETE ON {table} DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION keep_tally();
"""

ADDED = " UNION ALL ".join(contribution(table).format(f"FROM {table} AS counted ") for table in COUNTED)

RECOUNT = f"""
CREATE FUNCTION recount_tallies() RETURNS void LANGUAGE sql AS $$
    DELETE FROM tally;
    INSERT INTO tally
    SELECT place, unit, starts_on, {listed("sum({})")}
    FROM (SELECT county_number, day, {listed("sum({0}) AS {0}")} FROM ({ADDED}) AS added GROUP BY 1, 2) AS daily
    CROSS JOIN LATERAL places_of(county_number) AS place CROSS JOIN LATERAL units_of(day)
    GROUP BY 1, 2, 3;

    DELETE FROM resolution_tally;
    INSERT INTO resolution_tally
    SELECT place, unit, starts_on, days, count(*)
    FROM (SELECT division_number, (resolution_of(topic)).* FROM topic WHERE resolved_at IS NOT NULL) AS resolved
    CROSS JOIN LATERAL places_of(division_number) AS place CROSS JOIN LATERAL units_of(day)
    GROUP BY 1, 2, 3, 4;

    DELETE FROM due_tally;
    INSERT INTO due_tally
    SELECT place, unit, starts_on, due_on, count(*)
    FROM (SELECT division_number, (due_of(commitment)).* FROM commitment) AS due
    CROSS JOIN LATERAL places_of(division_number) AS place CROSS JOIN LATERAL units_of(day)
    WHERE due_on IS NOT NULL GROUP BY 1, 2, 3, 4;

    DELETE FROM platform_tally;
    INSERT INTO platform_tally
    SELECT place, unit, starts_on, tier, sum(opened), sum(closed)
    FROM (
        SELECT division_number, tier, coalesce(opened_on, '-infinity') AS day, 1 AS opened, 0 AS closed FROM platform
        UNION ALL SELECT division_number, tier, closed_on, 0, 1 FROM platform WHERE closed_on IS NOT NULL
    ) AS changed
    CROSS JOIN LATERAL places_of(division_number) AS place CROSS JOIN LATERAL units_of(day)
    GROUP BY 1, 2, 3, 4
$$;
"""  # noqa: S608 -- of the names above

OLD = {"0003_tallies.sql": "CREATE TABLE county_tally", "0010_outcomes.sql": "CREATE TABLE conversion_tally"}
"""Where the tallies of before are made: each file's part from here to its end."""

OLD_FUNCTIONS = (
    *("keep_county_tally()", "keep_platform_tally()", "keep_due_tally()", "recount_topic_tallies()"),
    *("keep_conversion_tally()", "keep_satisfaction_tally()", "recount_tallies()", "add_tally(county_tally, integer)"),
    *("tally_of(topic)", "tally_of(session)", "tally_of(outcome)", "tally_of(commitment)", "due_month_of(commitment)"),
    *("china_year(timestamptz)", "county_of(bigint)"),
)
FUNCTIONS = (
    *("keep_tally()", "keep_resolution_tally()", "keep_due_tally()", "keep_platform_tally()", "recount_tallies()"),
    *(f"tally_of({table})" for table in COUNTED),
    *("add_tally(bigint, date, integer, tally)", "resolution_of(topic)", "add_resolution(topic, integer)"),
    *("due_of(commitment)", "add_due(commitment, integer)", "add_platform(platform, integer)"),
    *("lock_tallies(bigint)", "units_of(date)", "places_of(bigint)", "county_of(bigint)"),
)


def upgrade() -> None:
    """Bring the schema to this revision."""
    _drop(OLD_FUNCTIONS, "county_tally", "platform_tally", "due_tally", "conversion_tally", "satisfaction_tally")
    op.drop_index("ix_commitment_open_due_on", "commitment")
    execute(Path(__file__).with_suffix(".sql").read_text())
    execute(TALLIES)
    for table in COUNTED:
        added = contribution(table).format("")
        execute(OF_TABLE.format(table=table, counters=listed("{}"), contribution=added))
    execute(RECOUNT)
    op.execute("SELECT recount_tallies()")


def downgrade() -> None:
    """Bring the schema back to the revision before."""
    _drop(FUNCTIONS, "tally", "resolution_tally", "due_tally", "platform_tally")
    for file, start in OLD.items():
        text = Path(__file__).with_name(file).read_text()
        execute(text[text.index(start) :])
    execute(
        "CREATE INDEX ix_commitment_open_due_on ON commitment (due_on, division_number) "
        "WHERE status <> 'DONE' AND status <> 'VERIFIED' AND status <> 'DECLINED'"
    )


def _drop(functions: tuple[str, ...], *tables: str) -> None:
    """Drop functions, each with its triggers, and tables."""
    for function in functions:
        op.execute(f"DROP FUNCTION {function} CASCADE")
    for table in tables:
        op.drop_table(table)
