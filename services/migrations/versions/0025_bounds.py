"""Ends for every day, instant, number and text that callers write; sums wider than what they add.

What lies beyond an end is brought to it first. It makes no version: what could not be said was not.
"""

from collections.abc import Iterable, Iterator
from typing import Any

from alembic import op

from services.migrations.statements import execute

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

CONTROLS = r"\u0001-\u0008\u000B\u000C\u000E-\u001F\u007F-\u009F"
ENDS_OF_LINES = r"\u0009\u000A\u000D\u2028\u2029"
BLANKS = (
    r"\u0009-\u000D\u0020\u0085\u00A0\u1680\u2000-\u200A\u2028\u2029\u202F\u205F\u3000"
    r"\u00AD\u034F\u061C\u115F\u1160\u17B4\u17B5\u180B-\u180F\u200B-\u200F\u202A-\u202E\u2060-\u206F\u2800\u3164"
    r"\uFE00-\uFE0F\uFEFF\uFFA0\uFFF0-\uFFF8\U0001BCA0-\U0001BCA3\U0001D173-\U0001D17A\U000E0000-\U000E0FFF"
)
PURE = "LANGUAGE sql IMMUTABLE PARALLEL SAFE"

FUNCTIONS = f"""
CREATE FUNCTION is_prose(value TEXT) RETURNS BOOLEAN {PURE} AS $$
    SELECT value !~ '[{CONTROLS}]' AND value ~ '[^{BLANKS}]'
$$;
CREATE FUNCTION is_line(value TEXT) RETURNS BOOLEAN {PURE} AS $$
    SELECT value !~ '[{CONTROLS}{ENDS_OF_LINES}]' AND value ~ '[^{BLANKS}]'
$$;
CREATE FUNCTION are_lines(texts TEXT[], most INTEGER) RETURNS BOOLEAN {PURE} AS $$
    SELECT coalesce(bool_and(length(value) <= most AND is_line(value)), true) FROM unnest(texts) AS value
$$;
CREATE FUNCTION in_range(value DATE) RETURNS BOOLEAN {PURE} AS $$
    SELECT value >= '1900-01-01' AND value < '2201-01-01'
$$;
CREATE FUNCTION in_range(value TIMESTAMP WITH TIME ZONE) RETURNS BOOLEAN {PURE} AS $$
    SELECT value >= '1900-01-01 00:00:00+00:00' AND value < '2201-01-01 00:00:00+00:00'
$$;
"""  # noqa: S608 -- of the names above

MENDING = f"""
CREATE FUNCTION mended(value TEXT, most INTEGER, ends TEXT, otherwise TEXT) RETURNS TEXT {PURE} AS $$
    SELECT CASE WHEN kept ~ '[^{BLANKS}]' THEN kept WHEN value IS NOT NULL THEN otherwise END
    FROM left(regexp_replace(regexp_replace(value, ends, ' ', 'g'), '[{CONTROLS}]', '', 'g'), most) AS kept
$$;
CREATE FUNCTION mended(value DATE) RETURNS DATE {PURE} AS $$
    SELECT CASE WHEN value IS NOT NULL THEN least(greatest(value, '1900-01-01'), '2200-12-31') END
$$;
CREATE FUNCTION mended(value TIMESTAMP WITH TIME ZONE) RETURNS TIMESTAMP WITH TIME ZONE {PURE} AS $$
    SELECT CASE WHEN value IS NOT NULL
           THEN least(greatest(value, '1900-01-01 00:00:00+00:00'), '2200-12-31 23:59:59.999999+00:00') END
$$;
"""  # noqa: S608 -- of the names above
NO_LONGER_MENDING = """
DROP FUNCTION mended(TEXT, INTEGER, TEXT, TEXT);
DROP FUNCTION mended(DATE);
DROP FUNCTION mended(TIMESTAMP WITH TIME ZONE);
"""

LINES: dict[str, dict[str, int]] = {
    "activity": {"kind": 40, "title": 200},
    "annual_plan": {"approving_body": 200},
    "attendance": {"name": 100},
    "brand": {"name": 100, "umbrella": 100},
    "committee": {"name": 100},
    "conversion": {"title": 200},
    "department": {"name": 100},
    "duty_grade": {"name": 40},
    "duty_scheme": {"name": 100},
    "follow_up": {"subject": 255, "respondent": 100},
    "idempotency_key": {"subject": 255, "key": 255},
    "inbox_message": {"message_id": 200},
    "liaison_group": {"name": 100},
    "matter": {"title": 200, "subject": 255},
    "member": {"name": 100, "sector": 100, "subject": 255},
    "platform": {"name": 200},
    "practice_center": {"name": 100},
    "role_grant": {"subject": 255},
    "session": {"venue": 200, "convener": 100},
    "topic": {"title": 200, "subject": 255},
}
PROSE: dict[str, dict[str, int]] = {
    "annual_plan": {"return_reason": 2_000},
    "commitment": {"task": 2_000},
    "delivery": {"skip_reason": 500, "receipt_note": 2_000},
    "evidence": {"note": 2_000},
    "follow_up": {"comment": 2_000},
    "matter": {"description": 5_000, "answer": 5_000},
    "opinion": {"text": 5_000},
    "outcome": {"agreement": 10_000},
    "progress": {"note": 2_000},
    "session": {"minutes": 50_000},
    "topic": {"summary": 5_000, "resolution": 5_000},
    "verdict": {"note": 2_000},
}
"""Texts by their tables, and how many characters they have at most: in one line, or in many."""
FREE = {"name": "attendance", "umbrella": "brand", "convener": "session", "comment": "follow_up", "note": "evidence"}
FREE |= {
    "receipt_note": "delivery",
    "minutes": "session",
    "summary": "topic",
    "subject": "matter topic member follow_up",
    "respondent": "follow_up",
}
"""Texts that are null where they show nothing, with their tables; the others become a dash."""

FORMS = {
    "department": {"code": (40, "[a-z0-9-]{2,40}")},
    "platform": {"code": (40, "[A-Z0-9-]{1,40}")},
    "delivery": {"receipt_evidence_url": (2_000, "https?://[^ ]+")},
    "evidence": {"url": (2_000, "https?://[^ ]+")},
}
NUMBERS: dict[str, dict[str, tuple[float, float]]] = {
    "activity": {"headcount": (0, 100_000)},
    "annual_plan": {"year": (2000, 2100)},
    "duty_grade": {"threshold": (0, 100_000)},
    "duty_rule": {"points": (0.01, 100_000), "cap": (0.01, 100_000)},
    "duty_scheme": {"cap": (0.01, 100_000)},
    "follow_up": {"score": (1, 5)},
    "plan_item": {"quarter": (1, 4)},
    "progress": {"percent": (0, 100)},
    "session": {"headcount": (0, 100_000)},
}
LISTS = {"practice_center": {"areas": (1, 30, 100), "functions": (0, 30, 100)}}

TIMES = {
    "activity": "held_on",
    "annual_plan": "drafted_at submitted_at approved_at superseded_at recorded_at",
    "brand": "launched_on",
    "commitment": "due_on due_told overdue_told assigned_at recorded_at",
    "conversion": "submitted_on recorded_at",
    "delivery": "confirmed_at receipt_at replayed_at skipped_at reminded_at alerted_at",
    "department_channel": "paused_until",
    "duty_assessment": "assessed_at superseded_at",
    "duty_record": "acted_on",
    "duty_scheme": "published_at",
    "event": "occurred_at",
    "evidence": "at",
    "follow_up": "at recorded_at",
    "idempotency_key": "at",
    "inbox_message": "received_at",
    "involvement": "since until",
    "matter": "raised_at accepted_at answered_at recorded_at",
    "opinion": "at",
    "outcome": "reached_on recorded_at",
    "plan_item": "recorded_at",
    "platform": "opened_on closed_on recorded_at",
    "practice_center": "opened_on",
    "progress": "at",
    "role_grant": "granted_at revoked_at",
    "session": "scheduled_at held_at recorded_at",
    "session_topic": "overdue_told_at",
    "topic": "proposed_at listed_at scheduled_at next_session_at resolved_at withdrawn_at recorded_at",
    "trace_entry": "at",
    "verdict": "at",
}
WITH_HISTORY = (
    "annual_plan",
    "commitment",
    "conversion",
    "follow_up",
    "matter",
    "outcome",
    "plan_item",
    "platform",
    "session",
    "topic",
)
TIMES |= {f"{table}_history": f"{TIMES[table]} replaced_at" for table in WITH_HISTORY}
FROM_CALLERS: tuple[str, ...] = (
    "held_on",
    "launched_on",
    "due_on",
    "due_told",
    "overdue_told",
    "submitted_on",
    "acted_on",
)
FROM_CALLERS += ("reached_on", "opened_on", "closed_on", "scheduled_at", "next_session_at", "held_at")
"""Days and instants that callers have written; the others were read off a clock."""

SUMS = {
    "resolution_tally": ("topics",),
    "due_tally": ("commitments",),
    "platform_tally": ("opened", "closed"),
}

GONE = {
    "role_grant": "subject_length",
    "practice_center": "name_length areas_count",
    "activity": "kind_length title_length headcount_not_negative",
    "department": "code_is_routing_key",
    "duty_scheme": "name_length cap_positive",
    "duty_rule": "points_positive cap_positive",
    "duty_grade": "name_length threshold_not_negative",
    "matter": "title_length description_length answer_length reason_length",
    "member": "name_length sector_length subject_length",
    "delivery": "skip_has_reason",
    "outcome": "agreement_length",
    "commitment": "task_length",
    "progress": "percent_range",
    "verdict": "dispute_has_reason note_length",
    "conversion": "title_length",
    "follow_up": "score_range comment_length respondent_length",
    "annual_plan": "year_range approving_body_length return_reason_length",
    "plan_item": "quarter_range",
    "brand": "name_length",
    "platform": "name_length code_form",
    "session": "headcount_not_negative venue_length",
    "opinion": "text_length",
    "topic": "title_length",
    "evidence": "url_form",
}
"""CHECKs of before that ends stand in the place of."""
RENEWED = """
ALTER TABLE verdict ADD CONSTRAINT ck_verdict_dispute_has_reason CHECK (fulfilled OR note IS NOT NULL);
ALTER TABLE delivery
    ADD CONSTRAINT ck_delivery_skip_has_reason CHECK ((skipped_at IS NOT NULL) = (skip_reason IS NOT NULL));
"""
FORMER = """
ALTER TABLE role_grant ADD CONSTRAINT ck_role_grant_subject_length CHECK (length(btrim(subject)) BETWEEN 1 AND 255);
ALTER TABLE practice_center
    ADD CONSTRAINT ck_practice_center_name_length CHECK (length(btrim(name)) BETWEEN 1 AND 100),
    ADD CONSTRAINT ck_practice_center_areas_count CHECK (cardinality(areas) BETWEEN 1 AND 30);
ALTER TABLE activity
    ADD CONSTRAINT ck_activity_kind_length CHECK (length(btrim(kind)) BETWEEN 1 AND 40),
    ADD CONSTRAINT ck_activity_title_length CHECK (length(btrim(title)) BETWEEN 1 AND 200),
    ADD CONSTRAINT ck_activity_headcount_not_negative CHECK (headcount >= 0);
ALTER TABLE department ADD CONSTRAINT ck_department_code_is_routing_key CHECK (code ~ '^[a-z0-9-]{2,40}$');
ALTER TABLE duty_scheme
    ADD CONSTRAINT ck_duty_scheme_name_length CHECK (length(btrim(name)) BETWEEN 1 AND 100),
    ADD CONSTRAINT ck_duty_scheme_cap_positive CHECK (cap > 0);
ALTER TABLE duty_rule
    ADD CONSTRAINT ck_duty_rule_points_positive CHECK (points > 0),
    ADD CONSTRAINT ck_duty_rule_cap_positive CHECK (cap > 0);
ALTER TABLE duty_grade
    ADD CONSTRAINT ck_duty_grade_name_length CHECK (length(btrim(name)) BETWEEN 1 AND 40),
    ADD CONSTRAINT ck_duty_grade_threshold_not_negative CHECK (threshold >= 0);
ALTER TABLE matter
    ADD CONSTRAINT ck_matter_title_length CHECK (length(btrim(title)) BETWEEN 1 AND 200),
    ADD CONSTRAINT ck_matter_description_length CHECK (length(btrim(description)) BETWEEN 1 AND 5000),
    ADD CONSTRAINT ck_matter_answer_length CHECK (status <> 'ANSWERED' OR length(btrim(answer)) BETWEEN 1 AND 5000),
    ADD CONSTRAINT ck_matter_reason_length CHECK (status <> 'DECLINED' OR length(btrim(answer)) BETWEEN 1 AND 5000);
ALTER TABLE member
    ADD CONSTRAINT ck_member_name_length CHECK (length(btrim(name)) BETWEEN 1 AND 100),
    ADD CONSTRAINT ck_member_sector_length CHECK (length(btrim(sector)) BETWEEN 1 AND 100),
    ADD CONSTRAINT ck_member_subject_length CHECK (length(btrim(subject)) BETWEEN 1 AND 255);
ALTER TABLE delivery ADD CONSTRAINT ck_delivery_skip_has_reason CHECK (
    (skipped_at IS NOT NULL) = (skip_reason IS NOT NULL) AND length(btrim(skip_reason)) BETWEEN 1 AND 500
);
ALTER TABLE outcome ADD CONSTRAINT ck_outcome_agreement_length CHECK (length(btrim(agreement)) BETWEEN 1 AND 10000);
ALTER TABLE commitment ADD CONSTRAINT ck_commitment_task_length CHECK (length(btrim(task)) BETWEEN 1 AND 2000);
ALTER TABLE progress ADD CONSTRAINT ck_progress_percent_range CHECK (percent BETWEEN 0 AND 100);
ALTER TABLE verdict
    ADD CONSTRAINT ck_verdict_dispute_has_reason CHECK (fulfilled OR length(btrim(note)) > 0),
    ADD CONSTRAINT ck_verdict_note_length CHECK (length(note) <= 2000);
ALTER TABLE conversion ADD CONSTRAINT ck_conversion_title_length CHECK (length(btrim(title)) BETWEEN 1 AND 200);
ALTER TABLE follow_up
    ADD CONSTRAINT ck_follow_up_score_range CHECK (score BETWEEN 1 AND 5),
    ADD CONSTRAINT ck_follow_up_comment_length CHECK (length(comment) <= 2000),
    ADD CONSTRAINT ck_follow_up_respondent_length CHECK (length(btrim(respondent)) BETWEEN 1 AND 100);
ALTER TABLE annual_plan
    ADD CONSTRAINT ck_annual_plan_year_range CHECK (year BETWEEN 2000 AND 2100),
    ADD CONSTRAINT ck_annual_plan_approving_body_length CHECK (length(btrim(approving_body)) BETWEEN 1 AND 200),
    ADD CONSTRAINT ck_annual_plan_return_reason_length CHECK (length(btrim(return_reason)) BETWEEN 1 AND 2000);
ALTER TABLE plan_item ADD CONSTRAINT ck_plan_item_quarter_range CHECK (quarter BETWEEN 1 AND 4);
ALTER TABLE brand ADD CONSTRAINT ck_brand_name_length CHECK (length(btrim(name)) BETWEEN 1 AND 100);
ALTER TABLE platform
    ADD CONSTRAINT ck_platform_name_length CHECK (length(btrim(name)) BETWEEN 1 AND 200),
    ADD CONSTRAINT ck_platform_code_form CHECK (code ~ '^[A-Z0-9-]+$');
ALTER TABLE session
    ADD CONSTRAINT ck_session_headcount_not_negative CHECK (headcount >= 0),
    ADD CONSTRAINT ck_session_venue_length CHECK (length(btrim(venue)) BETWEEN 1 AND 200);
ALTER TABLE opinion ADD CONSTRAINT ck_opinion_text_length CHECK (length(btrim(text)) BETWEEN 1 AND 5000);
ALTER TABLE topic ADD CONSTRAINT ck_topic_title_length CHECK (length(btrim(title)) BETWEEN 1 AND 200);
ALTER TABLE evidence ADD CONSTRAINT ck_evidence_url_form CHECK (url ~ '^https?://');
"""
"""The CHECKs of before."""


def upgrade() -> None:
    """Bring the schema to this revision."""
    execute(FUNCTIONS)
    execute(MENDING)
    op.execute("DELETE FROM idempotency_key WHERE NOT (length(key) <= 255 AND is_line(key) AND length(subject) <= 255)")
    op.execute("DELETE FROM inbox_message WHERE NOT (is_line(message_id) AND (source = '' OR is_line(source)))")
    ends = dict(_ends())
    for table, columns in ends.items():
        _mend(table, columns)
    execute(NO_LONGER_MENDING)
    for table, names in GONE.items():
        for name in names.split():
            op.drop_constraint(f"ck_{table}_{name}", table)
    for table, columns in ends.items():
        added = ", ".join(f"ADD CONSTRAINT ck_{table}_{name}_bound CHECK ({end})" for name, end in columns.items())
        op.execute(f"ALTER TABLE {table} {added}")
    execute(RENEWED)
    _count_in("BIGINT")
    op.execute("SELECT recount_tallies()")


def downgrade() -> None:
    """Bring the schema back to the revision before."""
    for table, columns in _ends():
        for name in columns:
            op.drop_constraint(f"ck_{table}_{name}_bound", table)
    op.drop_constraint("ck_verdict_dispute_has_reason", "verdict")
    op.drop_constraint("ck_delivery_skip_has_reason", "delivery")
    execute(FORMER)
    _count_in("INTEGER")
    for function in ("are_lines", "is_line", "is_prose", "in_range(DATE)", "in_range(TIMESTAMP WITH TIME ZONE)"):
        op.execute(f"DROP FUNCTION {function}")


def _ends() -> Iterator[tuple[str, dict[str, str]]]:
    """Give the condition of each bounded column, by table."""
    for table in sorted({*LINES, *PROSE, *FORMS, *NUMBERS, *LISTS, *TIMES}):
        columns = {name: f"length({name}) BETWEEN 1 AND {most} AND is_line({name})" for name, most in _of(LINES, table)}
        for name, most in _of(PROSE, table):
            columns[name] = f"length({name}) BETWEEN 1 AND {most} AND is_prose({name})"
        for name, (most, form) in _of(FORMS, table):
            columns[name] = f"length({name}) BETWEEN 1 AND {most} AND is_line({name}) AND {name} ~ '^({form})$'"
        for name, (least, most) in _of(NUMBERS, table):
            columns[name] = f"{name} BETWEEN {least} AND {most}"
        for name, (least, most, each) in _of(LISTS, table):
            columns[name] = f"cardinality({name}) BETWEEN {least} AND {most} AND are_lines({name}, {each})"
        if table == "inbox_message":
            columns["source"] = "source = '' OR length(source) BETWEEN 1 AND 400 AND is_line(source)"
        columns |= {name: f"in_range({name})" for name in TIMES.get(table, "").split()}
        yield table, columns


def _of(kind: dict[str, dict[str, Any]], table: str) -> Iterable[tuple[str, Any]]:
    return kind.get(table, {}).items()


MENDED = {
    "opinion": {"at": "mended(at)"},  # it is when its session was held
    "platform": {
        "code": "CASE WHEN length(code) > 40 THEN left(code, 31) || '-' || upper(left(md5(code), 8)) ELSE code END",
        "opened_on": "CASE WHEN opened_on IS NOT NULL THEN least(mended(opened_on), DATE '2200-12-30') END",
        "closed_on": "CASE WHEN closed_on IS NOT NULL THEN greatest(mended(closed_on), DATE '1900-01-02') END",
    },
    "activity": {"headcount": "CASE WHEN headcount > 100000 THEN 100000 ELSE headcount END"},
    "session": {
        "headcount": "CASE WHEN headcount > 100000 THEN 100000 ELSE headcount END",
        "headcount_is_lower_bound": "headcount_is_lower_bound OR coalesce(headcount > 100000, false)",
    },
    "practice_center": {
        name: f"ARRAY(SELECT mended(each, 100, '[{ENDS_OF_LINES}]+', '—') FROM unnest({name}) AS each LIMIT 30)"  # noqa: S608 -- of a name above
        for name in LISTS["practice_center"]
    },
}
"""What is brought to its nearest end in a way of its own."""


def _mend(table: str, ends: dict[str, str]) -> None:
    """Bring the rows of a table to the nearest end, past its triggers."""
    written = {name: f"mended({name})" for name in TIMES.get(table, "").split() if name in FROM_CALLERS}
    texts: tuple[tuple[dict[str, dict[str, int]], str], ...] = ((LINES, f"[{ENDS_OF_LINES}]+"), (PROSE, "(?!)"))
    for kind, line_ends in texts:
        for name, most in _of(kind, table):
            otherwise = "NULL" if table in FREE.get(name, "").split() else "'—'"
            written[name] = f"mended({name}, {most}, '{line_ends}', {otherwise})"
    for name, (most, form) in _of(FORMS, table):
        if form.startswith("http"):
            written[name] = f"left(regexp_replace({name}, '[ {CONTROLS}{ENDS_OF_LINES}]', '', 'g'), {most})"
    written |= MENDED.get(table, {})
    if written:
        wrong = " OR ".join(f"NOT ({ends[name]})" for name in written if name in ends)
        changes = ", ".join(f"{name} = {value}" for name, value in written.items())
        op.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        op.execute(f"UPDATE {table} SET {changes} WHERE {wrong}")  # noqa: S608 -- of the names above
        op.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")


def _count_in(type_: str) -> None:
    """Let the tallies' sums be of a type."""
    counters = op.get_bind().exec_driver_sql(
        "SELECT attname FROM pg_attribute WHERE attrelid = 'tally'::regclass AND attnum > 3 AND NOT attisdropped"
    )
    for table, sums in {"tally": tuple(counters.scalars()), **SUMS}.items():
        op.execute(f"ALTER TABLE {table} " + ", ".join(f"ALTER COLUMN {name} TYPE {type_}" for name in sums))
