from services.reads.catalogue.common import (
    between,
    enum_column,
    is_overdue,
    node_id_column,
    of_department,
    one_of,
    within,
)
from services.reads.catalogue.shape import Column, Entity, Many, NodeOf, One, Order, Switch
from services.reads.catalogue.topics import instant
from services.reads.text import Form

OVERDUE = f"({is_overdue('{t}')})"

OUTCOME = Entity(
    name="Outcome",
    source="outcome",
    prefix="outcome",
    fields={
        "id": node_id_column("outcome"),
        "topic": One("Topic", on="{t}.id = {p}.topic_id"),
        "session": One("Session", on="{t}.id = {p}.session_id", nullable=True),
        "agreement": Column("{t}.agreement"),
        "reached_on": Column("{t}.reached_on", Form.LITERAL),
        "commitments": Many("Commitment", where="{t}.outcome_id = {p}.id", order="{t}.id"),
        "conversions": Many("Conversion", where="{t}.outcome_id = {p}.id", order="{t}.submitted_on, {t}.id"),
    },
)

COMMITMENT = Entity(
    name="Commitment",
    source="commitment",
    prefix="commitment",
    fields={
        "id": node_id_column("commitment"),
        "outcome": One("Outcome", on="{t}.id = {p}.outcome_id"),
        "department": One("Department", on="{t}.id = {p}.department_id"),
        "task": Column("{t}.task"),
        "due_on": Column("{t}.due_on", Form.LITERAL, nullable=True),
        "status": enum_column("{t}.status"),
        "overdue": Column(f"coalesce({OVERDUE}, false)", Form.PLAIN),
        "progress": Many("Progress", where="{t}.commitment_id = {p}.id", order="{t}.at, {t}.id"),
        "evidence": Many("Evidence", where="{t}.commitment_id = {p}.id", order="{t}.at, {t}.id"),
        "verdicts": Many("Verdict", where="{t}.commitment_id = {p}.id", order="{t}.at, {t}.id"),
    },
    filters={
        "within": within(),
        "department": of_department("{t}.department_id = (SELECT id FROM department WHERE code = {value})"),
        "status": one_of("{t}.status"),
        "overdue": Switch(OVERDUE, f"{OVERDUE} IS NOT TRUE"),
        "due": between("{t}.due_on", "date"),
    },
    orders={"due_on": Order("{t}.due_on", "date", nullable=True)},
    default_order=(("due_on", False),),
)

PROGRESS = Entity(
    name="Progress",
    source="progress",
    fields={
        "at": instant("{t}.at"),
        "percent": Column("{t}.percent", Form.PLAIN, nullable=True),
        "note": Column("{t}.note"),
    },
)

EVIDENCE = Entity(
    name="Evidence",
    source="evidence",
    fields={
        "at": instant("{t}.at"),
        "url": Column("{t}.url"),
        "sha256": Column("{t}.sha256", Form.LITERAL, nullable=True),
        "note": Column("{t}.note", nullable=True),
    },
)

VERDICT = Entity(
    name="Verdict",
    source="verdict",
    fields={
        "at": instant("{t}.at"),
        "role": enum_column("{t}.role"),
        "fulfilled": Column("{t}.fulfilled", Form.PLAIN),
        "note": Column("{t}.note", nullable=True),
    },
)

CONVERSION = Entity(
    name="Conversion",
    source="conversion",
    prefix="conversion",
    fields={
        "id": node_id_column("conversion"),
        "kind": enum_column("{t}.kind"),
        "title": Column("{t}.title"),
        "submitted_on": Column("{t}.submitted_on", Form.LITERAL),
        "filed": Column("{t}.filed", Form.PLAIN, nullable=True),
        "author": One("Member", on="{t}.id = {p}.author_id", nullable=True),
        "source": NodeOf(
            "CASE WHEN {t}.outcome_id IS NULL THEN 'opinion' ELSE 'outcome' END",
            "coalesce({t}.outcome_id, {t}.opinion_id)",
        ),
    },
)

FOLLOW_UP = Entity(
    name="FollowUp",
    source="follow_up",
    fields={
        "at": instant("{t}.at"),
        "role": enum_column("{t}.role"),
        "score": Column("{t}.score", Form.PLAIN),
        "confirms_fix": Column("{t}.confirms_fix", Form.PLAIN),
        "comment": Column("{t}.comment", nullable=True),
        "channel": enum_column("{t}.channel"),
        "recorded_by": Column("{t}.recorded_by", Form.LITERAL, nullable=True),
        "respondent": Column("CASE WHEN {sees_respondent} THEN {t}.respondent END", nullable=True),
    },
)
