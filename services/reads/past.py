"""Reading as of an instant: common table expressions hide tables by the rows that these had then.

So the same templates read the present and the past. A table's past is its versions, which a function returns, or the
rows that existed by then. Tables that never change, or whose past is not kept, are read as they are now. Tallies count
the present only: as of an instant they are empty, and rows are counted.
"""

from collections.abc import Callable, Mapping

from services.reads.moments import Moment, Reading
from services.reads.statement import Statement

VERSIONS = "SELECT * FROM public.{table}_as_of({instant})"
BY_ID = "SELECT * FROM public.{table} WHERE {key} < {following}"
"""An id begins with the millisecond at which its row was made: later ones are not less than {following}."""
BY_INSTANT = "SELECT * FROM public.{table} WHERE {key} <= {instant}"
NOTHING = "SELECT * FROM public.{table} WHERE false"


def came(template: str, key: str) -> str:
    """Return the query of rows that existed by then, as a column tells."""
    return template.replace("{key}", key)


TABLES: Mapping[str, str] = {
    "topic": VERSIONS,
    "platform": VERSIONS,
    "session": VERSIONS,
    "commitment": VERSIONS,
    "matter": VERSIONS,
    "annual_plan": VERSIONS,
    "plan_item": VERSIONS,
    "conversion": VERSIONS,
    "follow_up": VERSIONS,
    "outcome": VERSIONS,
    "involvement": "SELECT id, topic_id, department_id, role, since, "
    "CASE WHEN until <= {instant} THEN until END AS until FROM public.{table} WHERE since <= {instant}",
    "session_topic": came(BY_ID, "session_id"),
    "attendance": came(BY_ID, "id"),
    "progress": came(BY_INSTANT, "at"),
    "evidence": came(BY_INSTANT, "at"),
    "verdict": came(BY_INSTANT, "at"),
    "opinion": came(BY_INSTANT, "at"),
    "trace_chain": came(BY_ID, "id"),
    "trace_entry": came(BY_INSTANT, "at"),
    "brand": came(BY_ID, "id"),
    "committee": came(BY_ID, "id"),
    "liaison_group": came(BY_ID, "id"),
    "member": came(BY_ID, "id"),
    "department": came(BY_ID, "id"),
    "practice_center": came(BY_ID, "id"),
    "activity": came(BY_ID, "id"),
    "activity_member": came(BY_ID, "activity_id"),
    "duty_scheme": came(BY_INSTANT, "published_at"),
    "duty_assessment": "SELECT id, member_id, division_number, year, scheme_id, points, grade, assessed_at, "
    "CASE WHEN superseded_at <= {instant} THEN superseded_at END AS superseded_at "
    "FROM public.{table} WHERE assessed_at <= {instant}",
    "duty_record": came(BY_ID, "id"),
    "event": came(BY_INSTANT, "occurred_at"),
    "delivery": "SELECT * FROM public.{table} WHERE EXISTS "
    "(SELECT FROM public.event AS told WHERE told.id = event_id AND told.occurred_at <= {instant})",
    "tally": NOTHING,
    "platform_tally": NOTHING,
    "due_tally": NOTHING,
    "resolution_tally": NOTHING,
}
"""The past of each table: the query of its rows at an instant."""

PRESENT = frozenset(
    {"division", "role_grant", "department_channel", "lane", "duty_rule", "duty_grade", "search_document", "redaction"}
)
"""Tables that are read as they are now: divisions never change, the caller's rights are those of now, of
deliveries and of search documents only the present is kept, and what is redacted now is so at every instant."""


def as_of(statement: Statement, moment: Moment, written: Callable[[], str]) -> str:
    """Return a subquery that evaluates an SQL expression as of an instant."""
    instant, tables = statement.as_of, statement.tables
    statement.as_of, statement.tables = moment, set()
    try:
        expression = written()
        named = statement.tables
    finally:  # what is written may be refused, and the statement goes on without it
        statement.as_of, statement.tables = instant, tables
    statement.tables = tables | named
    asked = moment.sql(statement.parameters, Reading.INSTANT)
    pasts = [f"{table} AS NOT MATERIALIZED ({_rows(statement, table, moment)})" for table in TABLES if table in named]
    # The first binds and thereby checks the instant even if the expression reads no table with a past.
    return f"(WITH {', '.join([f'as_of AS (SELECT {asked})', *pasts])} SELECT {expression})"


def _rows(statement: Statement, table: str, moment: Moment) -> str:
    """Return the query of a table's rows at an instant."""
    parameters = statement.parameters
    template = TABLES[table]
    places = {"table": table, "instant": moment.sql(parameters, Reading.INSTANT)}
    if "{following}" in template:
        places["following"] = moment.sql(parameters, Reading.FOLLOWING)
    return template.format(**places)
