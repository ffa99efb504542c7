"""What each role of the database may do: one table of tables, applied whole after every migration."""

import re
from collections import defaultdict
from collections.abc import Collection, Mapping
from enum import StrEnum

OWNER = "shangliang_owner"
"""Owns every table, sequence and function, and nobody logs in as it: who migrates is a superuser or its member."""


class Login(StrEnum):
    """The roles that processes log in as, by their names in the cluster. None owns anything."""

    READ = "shangliang_read"
    """Reads of the API."""
    WRITE = "shangliang_write"
    """Mutations of the API, and the places of its feed."""
    RELAY = "shangliang_relay"
    """The relay and the topology."""
    INTAKE = "shangliang_intake"
    """The intake of replies."""
    OPERATOR = "shangliang_operator"
    """The commands of an operator: accounts, the delivery log, exports, the trace's verification."""


Privileges = Mapping[Login, str]

LOCKED = "UPDATE (id)"
"""What it takes to lock a row that the role changes nothing else of."""
TAKEN = "SELECT, INSERT, UPDATE (last_sequence)"
"""A number is taken from the row, which holds the last."""
RUN = "status, confirmed_at, replays, replayed_at, skipped_at, skipped_by, skip_reason"
"""What whoever runs deliveries changes of one."""
ANSWER = "receipt, receipt_at, receipt_note, receipt_evidence_url"
"""What a department's answer changes of one, by the broker or by the API."""


OF_COLUMNS = re.compile(r"(?P<privilege>\w+) \((?P<columns>[^)]*)\)")
PARTS = re.compile(r", (?![^(]*\))")


def seen(*, write: str = "", relay: str = "", intake: str = "", operator: str = "") -> Privileges:
    """Return the privileges on a table that the API and the operators read, with what else each may."""
    return {
        Login.READ: "SELECT",
        Login.WRITE: f"SELECT, {write}".rstrip(", "),
        Login.OPERATOR: f"SELECT, {operator}".rstrip(", "),
        **{login: text for login, text in ((Login.RELAY, relay), (Login.INTAKE, intake)) if text},
    }


FACT = seen(write="INSERT")
"""What is written once and never changed."""
CHANGES = seen(write="INSERT, UPDATE")
"""What changes; where it has a history, its former versions stay."""
KEPT = seen()
"""What triggers of the owner's keep: nobody writes it by hand."""

TABLES: Mapping[str, Privileges] = {
    "alembic_version": dict.fromkeys(Login, "SELECT"),
    "installation_key": {Login.READ: "SELECT"},
    "rights_key": {},
    "idempotency_key": {Login.WRITE: "SELECT, INSERT, UPDATE (result)"},
    "division": seen(relay="SELECT", intake="SELECT"),
    "department": seen(write="INSERT", relay="SELECT", intake="SELECT"),
    "department_channel": seen(
        write="INSERT, UPDATE (enabled, paused_until, pauses, last_error)",
        relay="SELECT, UPDATE (paused_until, pauses, last_error)",
        intake="SELECT",
        operator="UPDATE (enabled, paused_until, pauses, last_error)",
    ),
    "committee": seen(write=LOCKED),
    "liaison_group": KEPT,
    "member": seen(write="INSERT, UPDATE (subject)"),
    "brand": FACT,
    "platform": seen(write="INSERT, UPDATE (closed_on)"),
    "platform_history": KEPT,
    "topic_number": dict.fromkeys((Login.WRITE, Login.OPERATOR), "SELECT, INSERT, UPDATE (last)"),
    "topic": seen(write="INSERT, UPDATE", relay=f"SELECT, {LOCKED}", intake=f"SELECT, {LOCKED}"),
    "topic_history": KEPT,
    "involvement": seen(write="INSERT, UPDATE (until)", relay="SELECT", intake="SELECT"),
    "matter": CHANGES,
    "matter_history": KEPT,
    "annual_plan": CHANGES,
    "annual_plan_history": KEPT,
    "plan_item": seen(write="INSERT, UPDATE (position, quarter), DELETE"),
    "plan_item_history": KEPT,
    "session": seen(write="INSERT, UPDATE", relay="SELECT"),
    "session_history": KEPT,
    "session_topic": seen(write="INSERT", relay="SELECT, UPDATE (overdue_told_at)"),
    "attendance": FACT,
    "opinion": seen(write="INSERT, UPDATE (at, redacted)"),
    "outcome": CHANGES,
    "outcome_history": KEPT,
    "commitment": seen(
        write="INSERT, UPDATE",
        relay="SELECT, UPDATE (due_told, overdue_told)",
        intake="SELECT, UPDATE (status, answered_at, completed_at)",
    ),
    "commitment_history": KEPT,
    "progress": seen(write="INSERT, UPDATE (redacted)", intake="SELECT, INSERT"),
    "evidence": seen(write="INSERT, UPDATE (redacted)", intake="SELECT, INSERT"),
    "verdict": seen(write="INSERT, UPDATE (redacted)", relay="SELECT"),
    "conversion": CHANGES,
    "conversion_history": KEPT,
    "follow_up": CHANGES,
    "follow_up_history": KEPT,
    "practice_center": FACT,
    "activity": seen(write="INSERT, UPDATE (redacted)"),
    "activity_member": FACT,
    "event": seen(
        write="INSERT, UPDATE (position)",
        relay="SELECT, INSERT, UPDATE (position), DELETE",  # it prunes the log, and locks what it removes
        intake="SELECT, INSERT",
        operator="INSERT, UPDATE (position), DELETE",
    ),
    "lane": seen(write=TAKEN, relay=TAKEN, intake=TAKEN, operator=TAKEN),
    "delivery": seen(
        write=f"INSERT, UPDATE (position, {RUN}, {ANSWER})",
        relay="SELECT, INSERT, UPDATE (status, attempts, confirmed_at, last_error, reminded_at, alerted_at), DELETE",
        intake=f"SELECT, INSERT, UPDATE ({ANSWER})",
        operator=f"INSERT, UPDATE ({RUN}), DELETE",
    ),
    "inbox_message": {Login.INTAKE: "SELECT, INSERT"},
    "restoration": {
        **dict.fromkeys((Login.WRITE, Login.RELAY, Login.INTAKE), "SELECT"),
        Login.OPERATOR: "SELECT, INSERT",
    },
    "trace_chain": seen(relay="SELECT"),
    "trace_entry": seen(write="INSERT", relay="SELECT", intake="INSERT"),
    "role_grant": seen(write="INSERT, UPDATE (revoked_by, revoked_at)"),
    "redaction": seen(write="INSERT, UPDATE (words, redacted_at, reason), DELETE", relay="SELECT"),
    "revocation": {
        Login.READ: "SELECT",
        Login.WRITE: "SELECT",
        Login.RELAY: "SELECT, DELETE",
        Login.OPERATOR: "SELECT, INSERT, DELETE",
    },
    "duty_scheme": FACT,
    "duty_rule": FACT,
    "duty_grade": FACT,
    "duty_assessment": seen(write="INSERT, UPDATE (superseded_at)"),
    "duty_record": FACT,
    "search_document": seen(write="INSERT, UPDATE (title, text, terms, edition)"),
    "resolution_tally": KEPT,
    "due_tally": KEPT,
    "platform_tally": KEPT,
    "tally": KEPT,
}
"""Which role may do what with each table. A table that is not named here is the owner's alone, and a test fails."""

SEQUENCES: Mapping[str, Privileges] = {"feed_position": {Login.WRITE: "USAGE"}}
"""Sequences that are no column's own."""

FUNCTIONS: Mapping[str, Collection[Login]] = {
    **dict.fromkeys(("is_prose", "is_line", "are_lines", "in_range"), tuple(Login)),
    "trace_head": (Login.WRITE, Login.INTAKE),
    **dict.fromkeys(
        ("right_to", "involvements", "is_told", "is_delivered", "part_is_seen", "words_are_seen", "writes_in"),
        (Login.READ, Login.WRITE),
    ),
}
"""Functions, all of a name, that a role may call beside a trigger. CHECKs call the first four as whoever writes."""

AS_OF = (Login.READ, Login.WRITE, Login.OPERATOR)
"""Who may call TABLE_as_of."""

WITHDRAWN = r"^(lo_\w+|lowrite|loread|pg_terminate_backend|pg_cancel_backend|pg_(try_)?advisory_\w+)$"
"""PostgreSQL's own functions that everybody may call, and nobody here needs: large objects, which are writes that no
table guards; ending one's fellows; locks that a whole system can be held up by."""
BUILT_IN: Mapping[str, Collection[str]] = {
    "pg_advisory_xact_lock(bigint)": (OWNER, Login.WRITE),
    "pg_advisory_xact_lock(integer, integer)": (OWNER,),
    "pg_try_advisory_xact_lock(integer, integer)": (OWNER,),
}
"""Those among them that a role needs."""


def privileges(tables: Mapping[str, Collection[str]]) -> list[str]:
    """Return GRANT statements for those of the tables that are named here, given each with its columns.

    An older schema, to which a migration goes back, lacks some.
    """
    alike: dict[tuple[Login, str], list[str]] = defaultdict(list)
    for table in sorted(tables):
        for login, words in TABLES.get(table, {}).items():
            alike[login, _narrowed(words, tables[table])].append(table)
    return [f"GRANT {words} ON {', '.join(found)} TO {login}" for (login, words), found in alike.items()]


def _narrowed(words: str, columns: Collection[str]) -> str:
    """Return privileges without those on columns that are not there."""
    kept = OF_COLUMNS.sub(lambda found: _of_columns(found, columns), words)
    return ", ".join(part for part in PARTS.split(kept) if part)


def _of_columns(found: re.Match[str], columns: Collection[str]) -> str:
    """Return a privilege on those of its columns that are there; nothing where none is."""
    there = [column for column in found["columns"].split(", ") if column in columns]
    return f"{found['privilege']} ({', '.join(there)})" if there else ""
