"""Rows into tables by COPY."""

from collections.abc import Iterable
from typing import TypeAlias

import asyncpg

Row: TypeAlias = tuple[object, ...]
Batch: TypeAlias = dict[str, list[Row]]
"""Rows by their table."""
Connection: TypeAlias = "asyncpg.Connection[asyncpg.Record]"

STATED = {
    "platform": (
        *("id", "code", "name", "tier", "kind", "brand_id", "division_number", "parent_id", "liaison_group_id"),
        *("opened_on", "closed_on"),
    ),
    "topic": (
        *("id", "number", "title", "summary", "kind", "category", "status", "version", "platform_id"),
        *("division_number", "proposed_at", "listed_at", "scheduled_at", "next_session_at", "resolved_at"),
        *("withdrawn_at", "resolution"),
    ),
    "session": (
        *("id", "platform_id", "division_number", "status", "scheduled_at", "held_at", "venue", "form", "convener"),
        *("liaison_group_id", "headcount", "headcount_is_lower_bound", "minutes"),
    ),
    "outcome": ("id", "topic_id", "session_id", "division_number", "agreement", "reached_on"),
    "commitment": (
        *("id", "outcome_id", "topic_id", "department_id", "division_number", "task", "due_on", "status"),
        *("assigned_at", "answered_at", "completed_at", "due_told", "overdue_told"),
    ),
    "matter": (
        *("id", "title", "description", "nature", "raised_by", "subject", "raised_at", "platform_id"),
        *("division_number", "category", "status", "version", "accepted_at", "answer", "answered_at", "topic_id"),
    ),
    "conversion": (
        *("id", "kind", "title", "submitted_on", "filed", "author_id", "outcome_id", "opinion_id", "platform_id"),
        "division_number",
    ),
    "annual_plan": (
        *("id", "platform_id", "division_number", "year", "version", "revision", "status", "drafted_at"),
        *("submitted_at", "submitted_by", "approved_at", "approving_body", "return_reason", "superseded_at"),
    ),
    "plan_item": ("id", "plan_id", "topic_id", "position", "quarter"),
    "follow_up": (
        *("id", "topic_id", "division_number", "at", "role", "score", "confirms_fix", "comment", "channel"),
        *("recorded_by", "respondent"),
    ),
}
"""What the rows of tables with a history state."""


def present(table: str) -> tuple[str, ...]:
    """Return the columns of a table with a history."""
    return (*STATED[table], "recorded_at")


def former(table: str) -> tuple[str, ...]:
    """Return the columns of a table's history."""
    key, *others = STATED[table]
    return (key, "recorded_at", "replaced_at", *others)


COLUMNS = {
    "division": ("number", "upper", "code", "name", "level", "kind", "parent_number"),
    "brand": ("id", "name", "umbrella", "division_number", "launched_on"),
    "committee": ("id", "name", "division_number"),
    "liaison_group": ("id", "name", "committee_id", "division_number"),
    "member": ("id", "name", "sector", "committee_id", "liaison_group_id", "division_number"),
    "department": ("id", "code", "name", "kind", "division_number"),
    "department_channel": ("department_id", "enabled", "pauses"),
    "practice_center": ("id", "name", "division_number", "opened_on", "areas", "functions"),
    "activity": ("id", "kind", "title", "held_on", "center_id", "division_number", "headcount"),
    "activity_member": ("activity_id", "member_id"),
    "platform": present("platform"),
    "topic": present("topic"),
    "topic_history": former("topic"),
    "matter": present("matter"),
    "matter_history": former("matter"),
    "involvement": ("id", "topic_id", "department_id", "role", "since", "until", "published"),
    "session": present("session"),
    "session_history": former("session"),
    "session_topic": ("session_id", "topic_id", "position"),
    "attendance": ("id", "session_id", "position", "name", "role", "member_id", "department_id"),
    "outcome": present("outcome"),
    "commitment": present("commitment"),
    "commitment_history": former("commitment"),
    "progress": ("id", "commitment_id", "at", "percent", "note"),
    "evidence": ("id", "topic_id", "commitment_id", "at", "url", "sha256", "note"),
    "opinion": ("id", "session_id", "topic_id", "role", "member_id", "at", "text"),
    "verdict": ("id", "commitment_id", "at", "role", "fulfilled", "note"),
    "conversion": present("conversion"),
    "follow_up": present("follow_up"),
    "trace_chain": ("id", "topic_id", "matter_id", "last_sequence", "last_hash"),
    "trace_entry": (
        *("id", "chain_id", "sequence", "at", "act", "actor", "actor_role", "subject_kind", "subject_id", "summary"),
        *("evidence", "previous_hash", "hash", "form", "evidence_salt", "evidence_commitment", "summary_salt"),
        "summary_commitment",
    ),
    "annual_plan": present("annual_plan"),
    "annual_plan_history": former("annual_plan"),
    "plan_item": present("plan_item"),
    "topic_number": ("county_code", "year", "last"),
    "duty_scheme": ("id", "committee_id", "name", "version", "first_year", "last_year", "cap", "published_at"),
    "duty_rule": ("id", "scheme_id", "act", "points", "cap"),
    "duty_grade": ("id", "scheme_id", "name", "threshold"),
    "duty_assessment": (
        *("id", "member_id", "division_number", "year", "scheme_id", "points", "grade", "assessed_at"),
    ),
    "duty_record": (
        *("id", "assessment_id", "member_id", "division_number", "act", "acted_on", "points"),
        *("session_id", "opinion_id", "conversion_id", "activity_id"),
    ),
    "search_document": ("id", "kind", "division_number", "title", "text"),
}
"""The tables that the seeds fill, each after those that it refers to, and their columns."""

TALLIES = ("tally", "resolution_tally", "due_tally", "platform_tally")
"""What is counted of them."""


async def copy_rows(connection: Connection, table: str, rows: Iterable[Row]) -> int:
    """Append rows to a table and return how many they were. The rows may come from a generator."""
    status = await connection.copy_records_to_table(table, records=rows, columns=COLUMNS[table])
    return int(status.removeprefix("COPY "))


async def tables_with_rows(connection: Connection) -> tuple[str, ...]:
    """Return which of the tables hold rows."""
    question = " UNION ALL ".join(
        f"(SELECT '{table}' AS name FROM {table} LIMIT 1)"  # noqa: S608 -- the names are the constants above
        for table in COLUMNS
    )
    return tuple(record["name"] for record in await connection.fetch(question))


async def tidy(connection: Connection) -> None:
    """Gather the planner's statistics and mark the pages all-visible, so that index-only scans work at once."""
    await connection.execute("VACUUM (ANALYZE) " + ", ".join([*COLUMNS, *TALLIES]))
