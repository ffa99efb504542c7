from services.outcomes.models import Commitment, Conversion, FollowUp, Outcome, Progress, Verdict
from services.reads.catalogue.common import is_overdue, of_department
from services.reads.catalogue.shape import Column, Entity, Many, NodeOf, Switch
from services.reads.text import Form
from services.topics.models import Evidence

OVERDUE = f"({is_overdue('{t}')})"

OUTCOME = Entity(
    model=Outcome,
    prefix="outcome",
    fields={
        "commitments": Many("Commitment", order="{t}.id"),
        "conversions": Many("Conversion", order="{t}.submitted_on, {t}.id"),
    },
    default_order=(("reached_on", True),),
)

COMMITMENT = Entity(
    model=Commitment,
    prefix="commitment",
    fields={
        "overdue": Column(f"coalesce({OVERDUE}, false)", Form.PLAIN),
        "progress": Many("Progress", order="{t}.at, {t}.id"),
        "evidence": Many("Evidence", order="{t}.at, {t}.id"),
        "verdicts": Many("Verdict", order="{t}.at, {t}.id"),
    },
    filters={
        "department": of_department("{t}.department_id = (SELECT id FROM {table_department} WHERE code = {value})"),
        "overdue": Switch(OVERDUE, f"{OVERDUE} IS NOT TRUE"),
    },
    default_order=(("due_on", False),),
)

PROGRESS = Entity(model=Progress, prefix="progress")

EVIDENCE = Entity(
    model=Evidence,
    prefix="evidence",
    fields={"sha256": Column("{t}.sha256", Form.LITERAL, nullable=True)},
)

VERDICT = Entity(model=Verdict, prefix="verdict")

CONVERSION = Entity(
    model=Conversion,
    prefix="conversion",
    fields={
        "source": NodeOf(
            "CASE WHEN {t}.outcome_id IS NULL THEN 'opinion' ELSE 'outcome' END",
            "coalesce({t}.outcome_id, {t}.opinion_id)",
        ),
    },
)

FOLLOW_UP = Entity(
    model=FollowUp,
    prefix="followup",
    fields={
        "recorded_by": Column("{t}.recorded_by", Form.LITERAL, nullable=True),
        "respondent": Column("CASE WHEN {sees_respondent} THEN {t}.respondent END", nullable=True),
    },
)
