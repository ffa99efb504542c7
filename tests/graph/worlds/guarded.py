"""Columns that a caller does not read of rows that they see, by docs/privacy.md and docs/concepts.md."""

from collections.abc import Callable, Mapping

from tests.graph.worlds.drawing import Draw
from tests.graph.worlds.rows import Row
from tests.graph.worlds.sight import Sight

Guard = Callable[[Sight, Draw, Row], Row]
"""Gives other values for the columns of a row that are out of sight; nothing where there are none."""


def attendance(sight: Sight, draw: Draw, row: Row) -> Row:
    """Who came by name is for the staff of the place."""
    session = sight.world.one("session", row["session_id"])
    return {} if sight.staff(session["division_number"]) else {"name": draw.maybe(draw.line())}


def opinion(sight: Sight, draw: Draw, row: Row) -> Row:
    """What was said is for the staff of the place where the public reads other words."""
    session = sight.world.one("session", row["session_id"])
    seen = sight.staff(session["division_number"]) or not sight.redacted(row["id"], "TEXT")
    return {} if seen else {"text": draw.line()}


def follow_up(sight: Sight, draw: Draw, row: Row) -> Row:
    """Who said it is told to nobody; whom staff asked, and words that were redacted, to the staff of the place."""
    if sight.staff(row["division_number"]):
        return {} if row["subject"] is None else {"subject": f"voice {draw.number()}"}
    values: Row = {}
    if row["respondent"] is not None:
        values["respondent"] = f"{draw.line()} {draw.number()}"
    if not sight.own(row):
        if row["subject"] is not None:
            values["subject"] = f"voice {draw.number()}"
        if sight.redacted(row["id"], "COMMENT"):
            values["comment"] = draw.line()
    return values


def matter(sight: Sight, draw: Draw, row: Row) -> Row:
    """Who raised it is told to nobody; words that were redacted to the staff of the place and to whoever raised it."""
    if not sight.matter(row) or sight.own(row):
        return {}
    values: Row = {"subject": draw.subject()}
    if not sight.staff(row["division_number"]):
        for field in ("title", "description"):
            if sight.redacted(row["id"], field.upper()):
                values[field] = draw.line()
    return values


def topic(sight: Sight, draw: Draw, row: Row) -> Row:
    """Who proposed it is told to nobody."""
    return {} if not sight.topic(row) or sight.own(row) else {"subject": draw.subject()}


def member(sight: Sight, draw: Draw, row: Row) -> Row:
    """Who signs in as the member is told to nobody."""
    return {} if sight.own(row) else {"subject": draw.maybe(f"somebody {draw.number()}")}


def annual_plan(sight: Sight, draw: Draw, row: Row) -> Row:
    """Who submitted it is told to nobody."""
    seen = sight.sees("annual_plan", row) and row["submitted_by"] is not None
    return {"submitted_by": draw.line()} if seen else {}


def trace_entry(sight: Sight, draw: Draw, row: Row) -> Row:
    """Who acted, on what evidence, and the hashes are told to nobody, nor are words that were redacted."""
    values: Row = {
        **draw.sealed(),
        "evidence": f'["https://example.org/{draw.random.randrange(999)}"]',
        "previous_hash": draw.random.randbytes(32),
        "hash": draw.random.randbytes(32),
    }
    if sight.redacted(row["id"], "SUMMARY"):
        values["summary"] = draw.line()
    return values


def event(_sight: Sight, draw: Draw, _row: Row) -> Row:
    """Who did it is told to nobody over the API, nor is what departments are told."""
    return {
        "actor": draw.maybe(draw.line()),
        "data": f'{{"title": "{draw.line()}"}}',
        "traceparent": draw.maybe("00-x"),
        "causation_id": draw.maybe(draw.id()),
    }


def delivery(sight: Sight, draw: Draw, row: Row) -> Row:
    """Of a notice that was answered everybody sees how and when; of one on a channel its operators see the state.

    Who skipped one is told to nobody.
    """
    if sight.notice(row):
        told = {"reminded_at": draw.maybe(draw.at()), "alerted_at": draw.maybe(draw.at())}
        return told if row["skipped_by"] is None else {"skipped_by": draw.line(), **told}
    if sight.waits(row):
        return {"last_error": draw.maybe(draw.line()), **draw.note()}
    return {**draw.delivery(), **draw.note()} if sight.answered(row) else {}


def department_channel(sight: Sight, draw: Draw, row: Row) -> Row:
    """Why a channel is paused is for those who run it and for the department."""
    department = sight.world.one("department", row["department_id"])
    if sight.log(department["division_number"]) or department["id"] in sight.departments:
        return {"pauses": draw.random.randrange(9)}
    return {"pauses": draw.random.randrange(9), "last_error": draw.maybe(draw.line())}


def commitment(_sight: Sight, draw: Draw, _row: Row) -> Row:
    """Of which day the department was reminded is told to nobody."""
    return {"due_told": draw.maybe(draw.day()), "overdue_told": draw.maybe(draw.day())}


def session_topic(_sight: Sight, draw: Draw, _row: Row) -> Row:
    """That somebody was told of minutes that are overdue is told to nobody."""
    return {"overdue_told_at": draw.maybe(draw.at())}


GUARDED: Mapping[str, Guard] = {
    "attendance": attendance,
    "opinion": opinion,
    "follow_up": follow_up,
    "follow_up_history": follow_up,
    "matter": matter,
    "matter_history": matter,
    "topic": topic,
    "topic_history": topic,
    "member": member,
    "annual_plan": annual_plan,
    "annual_plan_history": annual_plan,
    "trace_entry": trace_entry,
    "event": event,
    "delivery": delivery,
    "department_channel": department_channel,
    "commitment": commitment,
    "commitment_history": commitment,
    "session_topic": session_topic,
}
