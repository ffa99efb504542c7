from services.duty.models import DutyAssessment, DutyGrade, DutyRecord, DutyRule, DutyScheme
from services.reads import visibility
from services.reads.catalogue.shape import Column, Entity, Many, NodeOf, Order
from services.reads.text import Form

DUTY_SCHEME = Entity(
    model=DutyScheme,
    prefix="dutyscheme",
    fields={
        "rules": Many("DutyRule", order="{t}.act"),
        "grades": Many("DutyGrade", order="{t}.threshold DESC"),
    },
)

DUTY_RULE = Entity(model=DutyRule)

DUTY_GRADE = Entity(model=DutyGrade, fields={"from_": Column("{t}.threshold::float8", Form.PLAIN)})

DUTY_ASSESSMENT = Entity(
    model=DutyAssessment,
    fields={
        "scheme": Column("{scheme}.name"),
        "scheme_version": Column("{scheme}.version", Form.PLAIN),
        "records": Many("DutyRecord", order="{t}.acted_on, {t}.id"),
    },
    joins={"scheme": "JOIN {table_duty_scheme} AS {scheme} ON {scheme}.id = {t}.scheme_id"},
    visible=visibility.DUTY,
)

DUTY_RECORD = Entity(
    model=DutyRecord,
    prefix="dutyrecord",
    fields={
        "on": Column("{t}.acted_on", Form.LITERAL),
        "rule": Column("{scheme}.name || ' v' || {scheme}.version || ': ' || {t}.act"),
        "source": NodeOf(
            "CASE {t}.act WHEN 'ATTENDED' THEN 'session' WHEN 'OPINION' THEN 'opinion' "
            "WHEN 'ACTIVITY' THEN 'activity' ELSE 'conversion' END",
            "coalesce({t}.session_id, {t}.opinion_id, {t}.conversion_id, {t}.activity_id)",
        ),
    },
    joins={
        "assessment": "JOIN {table_duty_assessment} AS {assessment} ON {assessment}.id = {t}.assessment_id",
        "scheme": "JOIN {table_duty_scheme} AS {scheme} ON {scheme}.id = {assessment}.scheme_id",
    },
    visible=visibility.DUTY,
    orders={"on": Order("{t}.acted_on", "date")},
    default_order=(("on", False),),
)
